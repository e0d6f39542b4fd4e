package rule

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Profile is the check rule-profile: the rule is awake in the Domain profile.
var Profile = check.Check{
	ID:         "rule-profile",
	Title:      "the rule is awake in the Domain profile",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      check.Arrival,
	Cells:      check.EndCells("rule-profile"),
	Trials:     check.ItsTarget,
	Claims: ruleClaims(reason.ClaimUnopposed, func(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
		s.Intended = reason.One(reason.IntendedProfile)
		judgeProfile(e, s, s.exposes, func(env effect.Env) []configured.FlowAt { return configured.InboundFlows(in, e, h, env) })
	}, func(in *check.Input, e configured.End, s *ruleSum) {
		s.Intended = reason.One(reason.IntendedProfile)
		judgeProfile(e, s, s.breaks, func(env effect.Env) []configured.FlowAt { return configured.OutboundFlows(in, e, env) })
	}),
}

// judgeProfile asks of each packet that some profile protects whether the Domain
// profile does.
func judgeProfile(e configured.End, s *ruleSum, wrong func(string, reason.Reason), flows func(effect.Env) []configured.FlowAt) {
	awake := map[string][]configured.FlowAt{}
	for _, name := range anyProfile {
		awake[name] = flows(inProfile(e.Env, name))
	}
	covered := 0
	var asleep []sleeping
	for i, f := range awake[configured.DomainProfile] {
		in := protectedIn(awake, i)
		switch v := f.Effect.Security.Verdict; {
		case len(in) == 0:
			continue
		case in[0] == configured.DomainProfile:
			s.note(reason.ToldProfiles, "profiles", in)
		case v == effect.Clear && !e.Resultant.More:
			asleep = sleepsToo(asleep, decided(reason.AsleepInDomain, e, awake[in[0]][i].Effect.Security, "profiles", in), f)
		case v == effect.Unknown && !s.doubted(f.Effect.Security.Why):
			s.unsure(f.Text, reason.New(reason.UnknownInDomain, "why", f.Effect.Security.Why))
		}
		covered++
	}
	for _, x := range asleep {
		if len(x.flows) == len(awake[configured.DomainProfile]) {
			wrong("", x.why)
			continue
		}
		configured.Each("", x.flows, func(configured.FlowAt) reason.Reason { return x.why }, wrong)
	}
	if covered == 0 {
		s.skip(reason.NothingProtects)
		return
	}
	s.shown(s.claim)
}

// protectedIn are the profiles in which a packet is protected, of those of all packets
// in each.
func protectedIn(awake map[string][]configured.FlowAt, i int) (in []string) {
	for _, name := range anyProfile {
		if v := awake[name][i].Effect.Security.Verdict; v == effect.Require || v == effect.Request {
			in = append(in, name)
		}
	}
	return in
}

// sleeping are packets that one rule leaves in clear in the Domain profile.
type sleeping struct {
	why   reason.Reason
	flows []configured.FlowAt
}

// sleepsToo adds a packet to those of which the same is said.
func sleepsToo(asleep []sleeping, why reason.Reason, f configured.FlowAt) []sleeping {
	k := slices.IndexFunc(asleep, func(x sleeping) bool { return x.why.Equal(why) })
	if k < 0 {
		k, asleep = len(asleep), append(asleep, sleeping{why: why})
	}
	asleep[k].flows = append(asleep[k].flows, f)
	return asleep
}

// FailsOpen is the check fails-open: while the rule sleeps the firewall keeps the KMS port closed.
var FailsOpen = check.Check{
	ID:         "fails-open",
	Title:      "while the rule sleeps the firewall keeps the KMS port closed",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      check.Arrival,
	Cells:      check.ConfiguredHostCells("fails-open"),
	Trials:     check.ItsTarget,
	Claims:     ruleClaims(reason.ClaimUnopposed, judgeFailsOpen, nil),
}

// judgeFailsOpen asks what becomes of a stranger's packet in the profiles that
// a host falls into when it loses its domain controllers.
func judgeFailsOpen(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedClosed)
	if len(protecting(in, e, h)) == 0 {
		s.skip(reason.NoRuleInAnyProfile)
		return
	}
	var unknown []string
	for _, name := range anyProfile {
		if name == configured.DomainProfile {
			continue
		}
		for _, a := range h.Addresses {
			for _, n := range configured.IsolatedPorts(in, h) {
				open, by := opens(in, e, name, a, n)
				switch {
				case open == tri.No:
				case open == tri.Yes:
					sayOpen(in, e, h, name, n, by, s)
				case n == h.Port:
					unknown = check.AppendNew(unknown, name)
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
func opens(in *check.Input, e configured.End, name string, a netip.Addr, n uint16) (tri.State, effect.Decision) {
	ask := func(e configured.End) effect.Effect {
		return in.Simulator.Inbound(e.Resultant.Policy, a, in.Strangers(a)[0], check.TCP(n), inProfile(e.Env, name))
	}
	f := ask(e)
	switch bare := ask(configured.Alone(in, e)).Firewall; {
	case f.Security.Verdict == effect.Require, f.Verdict == effect.Dropped, f.Firewall.Verdict == effect.AllowedSecure:
		return tri.No, f.Firewall
	case f.Security.Verdict == effect.Unknown:
		return tri.Unknown, f.Security
	case bare.Verdict == effect.Allowed:
		return tri.Yes, bare
	}
	return tri.Unknown, f.Firewall
}

// sayOpen judges a port that is open in a profile: the KMS port by the basis, at
// the stage request not at all; others are a finding.
func sayOpen(in *check.Input, e configured.End, h intent.Host, name string, n uint16, by effect.Decision, s *ruleSum) {
	open := func(code reason.Code) reason.Reason { return decided(code, e, by, "profile", name, "port", n) }
	find := func(graded run.Severity) {
		f := run.Found(open(reason.FailsOpen).With("end", e.Name))
		f.Severity = cmp.Or(graded, f.Severity)
		s.Find(f)
	}
	switch {
	case in.Policy.Isolation.Stage == intent.StageRequest:
		find(run.Info) // strangers pass in every profile yet
	case n != h.Port:
		find("")
	case in.Policy.Isolation.Basis == intent.BasisPaper:
		find(run.High)
	default:
		s.exposes("", open(reason.OpenWhileAsleep))
	}
}
