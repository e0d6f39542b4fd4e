package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var ruleProfile = Check{
	ID:         "rule-profile",
	Title:      "the rule is awake in the Domain profile",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
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

func (in *Input) judgeProfile(e end, s *ruleSum, flows func(consec.Env) []flowAt) {
	awake := map[string]consec.Decision{}
	for _, name := range anyProfile {
		for _, f := range flows(inProfile(e.Env, name)) {
			if d := f.effect.Security; d.Verdict == consec.Require || d.Verdict == consec.Request {
				awake[name] = d
			}
		}
	}
	if len(awake) == 0 {
		s.skipped = "no rule covers it: see rule-present"
		return
	}
	var names []string
	for _, name := range anyProfile {
		if _, ok := awake[name]; ok {
			names = append(names, name)
		}
	}
	if _, ok := awake["domain"]; ok {
		s.note("awake in %s", list(names))
		return
	}
	d := awake[names[0]]
	s.fail("", fmt.Sprintf("has no rule that is awake in the Domain profile: %s is for %s only", byRule(d), list(names)))
	s.remedy = inEditor + "the rule's Advanced tab, Profiles: Domain; " + inStore(e, d, "-Profile Domain")
}

var failsOpen = Check{
	ID:         "fails-open",
	Title:      "while the rule sleeps the firewall keeps the KMS port closed",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Cells:      configuredHostCells("fails-open"),
	Needs:      directoryNeeds,
	Judge:      ruleCell(judgeFailsOpen, nil),
}

// opener is a rule that a GPO gives to let everybody in to the KMS port in a
// profile. That the machine's own rules might close it again is no comfort.
func opener(p *consec.Policy, profile string, port uint16) *consec.FirewallRule {
	for i := range p.Firewall {
		r := &p.Firewall[i]
		inPort := len(r.LPorts.Ranges)+len(r.LPorts.Keywords) == 0
		for _, x := range r.LPorts.Ranges {
			inPort = inPort || x.First <= port && port <= x.Last
		}
		if r.Action == consec.Allow && r.Inbound && r.Active && r.Secure == "" && inPort && r.Remote.IsAny() &&
			(r.Protocol == consec.AnyProtocol || r.Protocol == protoTCP) && (r.Service == "" || strings.EqualFold(r.Service, "sppsvc")) &&
			(len(r.Profiles) == 0 || slices.Contains(r.Profiles, profile)) {
			return r
		}
	}
	return nil
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
		for _, a := range h.Addresses {
			f := e.Told.Policy.Inbound(a, in.strangers(a)[0], protoTCP, h.Port, inProfile(e.Env, name))
			switch {
			case name == "domain", f.Security.Verdict == consec.Require, f.Verdict == consec.Dropped, f.Firewall.Verdict == consec.AllowedSecure:
			case f.Firewall.Verdict == consec.Allowed, opener(e.Told.Policy, name, h.Port) != nil:
				by := f.Firewall
				if r := opener(e.Told.Policy, name, h.Port); r != nil {
					by = consec.Decision{Rule: r.Title(), Source: r.Source}
				}
				what := fmt.Sprintf("the rule sleeps in profile %s and %s opens TCP %d there", name, byRule(by), h.Port)
				if in.Policy.Isolation.Basis == policy.BasisPaper {
					s.find(run.Finding{ID: "fails-open", Severity: run.High, Text: e.Name + ": " + what})
					continue
				}
				s.fail("", "is open to everybody when it loses its domain controllers: "+what)
				s.remedy = "GPMC: the firewall rule's Advanced tab, Profiles: Domain, or its Action: Allow the connection if it is secure; " +
					fmt.Sprintf("PowerShell: Set-NetFirewallRule -PolicyStore %s -DisplayName %s -Profile Domain",
						quoted(e.Domain+`\`+by.Source), quoted(strings.Trim(by.Rule, `"`)))
			default:
				unknown = appendNew(unknown, name)
			}
		}
	}
	if len(unknown) > 0 {
		s.skipped = fmt.Sprintf("the rule sleeps in profile %s; whether TCP %d is open then is for the host's own firewall rules to say, which are in no directory (the built-in SPPSVC-In-TCP may be on in every profile)",
			strings.Join(unknown, ", "), h.Port)
	}
	s.note("awake or closed in the other profiles")
}
