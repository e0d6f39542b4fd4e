package check

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	Trials:     itsTarget,
	Claims: ruleClaims(reason.ClaimUnopposed, func(in *Input, e end, h policy.Host, s *ruleSum) {
		s.intended = reason.One(reason.IntendedProfile)
		in.judgeProfile(e, s, s.exposes, func(env consec.Env) []flowAt { return in.inboundFlows(e, h, env) })
	}, func(in *Input, e end, s *ruleSum) {
		s.intended = reason.One(reason.IntendedProfile)
		in.judgeProfile(e, s, s.breaks, func(env consec.Env) []flowAt { return in.outboundFlows(e, env) })
	}),
}

// judgeProfile asks of each packet that some profile protects whether the Domain
// profile does.
func (in *Input) judgeProfile(e end, s *ruleSum, wrong func(string, reason.Reason), flows func(consec.Env) []flowAt) {
	awake := map[string][]flowAt{}
	for _, name := range anyProfile {
		awake[name] = flows(inProfile(e.Env, name))
	}
	covered := 0
	var asleep []sleeping
	for i, f := range awake[profile] {
		in := protectedIn(awake, i)
		switch v := f.effect.Security.Verdict; {
		case len(in) == 0:
			continue
		case in[0] == profile:
			s.note(reason.ToldProfiles, "profiles", in)
		case v == consec.Clear && !e.Resultant.More:
			asleep = sleepsToo(asleep, decided(reason.AsleepInDomain, e, awake[in[0]][i].effect.Security, "profiles", in), f)
		case v == consec.Unknown && !s.doubted(f.effect.Security.Why):
			s.unsure(f.text, reason.New(reason.UnknownInDomain, "why", f.effect.Security.Why))
		}
		covered++
	}
	for _, x := range asleep {
		if len(x.flows) == len(awake[profile]) {
			wrong("", x.why)
			continue
		}
		each("", x.flows, func(flowAt) reason.Reason { return x.why }, wrong)
	}
	if covered == 0 {
		s.skip(reason.NothingProtects)
		return
	}
	s.shown(s.claim)
}

// protectedIn are the profiles in which a packet is protected, of those of all packets
// in each.
func protectedIn(awake map[string][]flowAt, i int) (in []string) {
	for _, name := range anyProfile {
		if v := awake[name][i].effect.Security.Verdict; v == consec.Require || v == consec.Request {
			in = append(in, name)
		}
	}
	return in
}

// sleeping are packets that one rule leaves in clear in the Domain profile.
type sleeping struct {
	why   reason.Reason
	flows []flowAt
}

// sleepsToo adds a packet to those of which the same is said.
func sleepsToo(asleep []sleeping, why reason.Reason, f flowAt) []sleeping {
	k := slices.IndexFunc(asleep, func(x sleeping) bool { return x.why.Equal(why) })
	if k < 0 {
		k, asleep = len(asleep), append(asleep, sleeping{why: why})
	}
	asleep[k].flows = append(asleep[k].flows, f)
	return asleep
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
	Trials:     itsTarget,
	Claims:     ruleClaims(reason.ClaimUnopposed, judgeFailsOpen, nil),
}

// judgeFailsOpen asks what becomes of a stranger's packet in the profiles that
// a host falls into when it loses its domain controllers.
func judgeFailsOpen(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = reason.One(reason.IntendedClosed)
	if len(in.protecting(e, h)) == 0 {
		s.skip(reason.NoRuleInAnyProfile)
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
		s.skip(reason.OwnRulesDecide, "profiles", unknown, "port", h.Port)
		return
	}
	s.shown(s.claim)
	s.note(reason.ToldClosed)
}

// opens says whether a stranger gets in to a port in clear, by what the GPOs say:
// that rules of the machine's own might close it again is no comfort.
func (in *Input) opens(e end, name string, a netip.Addr, n uint16) (consec.Answer, consec.Decision) {
	ask := func(e end) consec.Effect {
		return in.sim.Inbound(e.Resultant.Policy, a, in.strangers(a)[0], tcp(n), inProfile(e.Env, name))
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
	open := func(code reason.Code) reason.Reason { return decided(code, e, by, "profile", name, "port", n) }
	find := func(graded run.Severity) {
		f := run.Found(open(reason.FailsOpen).With("end", e.Name))
		f.Severity = cmp.Or(graded, f.Severity)
		s.find(f)
	}
	switch {
	case in.Policy.Isolation.Stage == policy.StageRequest:
		find(run.Info) // strangers pass in every profile yet
	case n != h.Port:
		find("")
	case in.Policy.Isolation.Basis == policy.BasisPaper:
		find(run.High)
	default:
		s.exposes("", open(reason.OpenWhileAsleep))
	}
}
