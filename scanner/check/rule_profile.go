package check

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleProfile = Check{
	ID:         "rule-profile",
	Title:      "the rule is awake in the Domain profile",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      arrival,
	Cells:      endCells("rule-profile"),
	Needs:      directoryNeeds,
	Judge: ruleCell(func(in *Input, e end, h policy.Host, s *ruleSum) {
		s.intended = "a rule for the Domain profile"
		in.judgeProfile(e, s, func(env consec.Env) []flowAt { return in.inboundFlows(e, h, env) })
	}, func(in *Input, e end, s *ruleSum) {
		s.intended = "a rule for the Domain profile"
		in.judgeProfile(e, s, func(env consec.Env) []flowAt { return in.outboundFlows(e, env) })
	}),
}

// judgeProfile asks of each packet that some profile protects whether the Domain
// profile does.
func (in *Input) judgeProfile(e end, s *ruleSum, flows func(consec.Env) []flowAt) {
	awake := map[string][]flowAt{}
	for _, name := range anyProfile {
		awake[name] = flows(inProfile(e.Env, name))
	}
	protects := func(name string, i int) bool {
		v := awake[name][i].effect.Security.Verdict
		return v == consec.Require || v == consec.Request
	}
	covered, asleep := 0, map[string][]flowAt{}
	var order []string
	for i, f := range awake[profile] {
		var in []string
		for _, name := range anyProfile {
			if protects(name, i) {
				in = append(in, name)
			}
		}
		switch v := f.effect.Security.Verdict; {
		case len(in) == 0:
			continue
		case in[0] == profile:
			s.note("awake in %s", list(in))
		case v == consec.Clear && !e.Told.More:
			by := awake[in[0]][i].effect.Security
			said := fmt.Sprintf("has no rule that is awake in the Domain profile: %s is for %s only", byRule(by), list(in))
			if asleep[said] == nil {
				order = append(order, said)
			}
			asleep[said] = append(asleep[said], f)
			s.remedy = inEditor + "the rule's Advanced tab, Profiles: Domain; " + inStore(e, by, "-Profile Domain")
		case v == consec.Unknown && !s.doubted(catalog.Text(f.effect.Security.Why)):
			s.unsure(f.text, "cannot be told in the Domain profile: "+catalog.Text(f.effect.Security.Why))
		}
		covered++
	}
	for _, said := range order {
		if len(asleep[said]) == len(awake[profile]) {
			s.fail("", said)
			continue
		}
		each("", asleep[said], func(flowAt) string { return said }, s.fail)
	}
	if covered == 0 {
		s.skipped = "nothing protects it: see rule-present and exemptions"
	}
}

var failsOpen = Check{
	ID:         "fails-open",
	Title:      "while the rule sleeps the firewall keeps the KMS port closed",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      arrival,
	Cells:      configuredHostCells("fails-open"),
	Needs:      directoryNeeds,
	Judge:      ruleCell(judgeFailsOpen, nil),
}

// judgeFailsOpen asks what becomes of a stranger's packet in the profiles that
// a host falls into when it loses its domain controllers.
func judgeFailsOpen(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = "in no profile does the KMS port answer in clear"
	if len(in.protecting(e, h)) == 0 {
		s.skipped = "no rule covers it in any profile: see rule-present"
		return
	}
	var unknown []string
	for _, name := range anyProfile {
		if name == profile {
			continue
		}
		for _, a := range h.Addresses {
			for _, n := range in.isolatedPorts(h) {
				open, by := in.opens(e, name, a, n)
				switch {
				case open == consec.No:
				case open == consec.Yes:
					in.sayOpen(e, h, name, n, by, s)
				case n == h.Port:
					unknown = appendNew(unknown, name)
				}
			}
		}
	}
	if len(unknown) > 0 {
		s.skipped = fmt.Sprintf("the rule sleeps in profile %s; whether TCP %d is open then is for the host's own firewall rules to say, which are in no directory (the built-in SPPSVC-In-TCP may be on in every profile)",
			strings.Join(unknown, ", "), h.Port)
		return
	}
	s.note("awake or closed in the other profiles")
}

// opens says whether a stranger gets in to a port in clear, by what the GPOs say:
// that rules of the machine's own might close it again is no comfort.
func (in *Input) opens(e end, name string, a netip.Addr, n uint16) (consec.Answer, consec.Decision) {
	ask := func(e end) consec.Effect {
		return in.sim.Inbound(e.Told.Policy, a, in.strangers(a)[0], tcp(n), inProfile(e.Env, name))
	}
	f := ask(e)
	switch bare := ask(in.alone(e)).Firewall; {
	case f.Security.Verdict == consec.Require, f.Verdict == consec.Dropped, f.Firewall.Verdict == consec.AllowedSecure:
		return consec.No, f.Firewall
	case f.Security.Verdict == consec.Unknown:
		return consec.Maybe, f.Security
	case bare.Verdict == consec.Allowed:
		return consec.Yes, bare
	}
	return consec.Maybe, f.Firewall
}

// sayOpen judges a port that is open in a profile: the KMS port by the basis, at
// the stage request not at all; others are a finding.
func (in *Input) sayOpen(e end, h policy.Host, name string, n uint16, by consec.Decision, s *ruleSum) {
	what := fmt.Sprintf("the rule sleeps in profile %s and %s opens TCP %d there", name, byRule(by), n)
	remedy := "GPMC: the firewall rule's Advanced tab, Profiles: Domain, or its Action: Allow the connection if it is secure; " +
		fmt.Sprintf("PowerShell: Set-NetFirewallRule -PolicyStore %s -DisplayName %s -Profile Domain", quoted(e.Domain+`\`+by.Source), quoted(strings.Trim(by.Rule, `"`)))
	if by.Rule == "" {
		remedy = "GPMC: Windows Defender Firewall with Advanced Security, Properties, the profile's tab: Firewall state On, Inbound connections Block; " +
			fmt.Sprintf("PowerShell: Set-NetFirewallProfile -PolicyStore %s -Profile %s -Enabled True -DefaultInboundAction Block", quoted(e.Domain+`\`+orElse(by.Source, "GPO")), name)
	}
	find := func(severity run.Severity) {
		s.find(run.Finding{ID: "fails-open", Severity: severity, Text: e.Name + ": " + what, Remedy: remedy})
	}
	switch {
	case in.Policy.Isolation.Stage == policy.StageRequest:
		find(run.Info) // strangers pass in every profile yet
	case n != h.Port:
		find(run.Warn)
	case in.Policy.Isolation.Basis == policy.BasisPaper:
		find(run.High)
	default:
		s.fail("", "is open to everybody when it loses its domain controllers: "+what)
		s.remedy = remedy
	}
}
