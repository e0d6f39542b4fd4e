package rule

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

const rulePresentID = "rule-present"

// Present is the check rule-present: every address of every KMS host is covered, at both ends.
var Present = check.Check{
	ID:         rulePresentID,
	Title:      "every address of every KMS host is covered, at both ends",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      append([]string{"rule-conflicts", "exemptions"}, check.Arrival...),
	Cells:      check.EndCells(rulePresentID),
	Trials:     endTrials,
	Claims: func(p *intent.Policy, t *check.Trial) []check.Claim {
		switch {
		case t.Host.Name != "":
			return strangersProtected(p, t)
		case t.Target != "":
			return membersProtected(p, t)
		}
		return append(strangersProtected(p, t), membersProtected(p, t)[1:]...) // of both ends
	},
}

// endTrials is the one trial of the cell of an end.
func endTrials(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
	if h, ok := p.Host(id.Target); ok {
		return []check.Trial{{Host: h}}, nil
	}
	return []check.Trial{{Target: id.Target}}, nil
}

var (
	strangersProtected = ruleClaims(reason.ClaimNoneLeft, presentAtHost, nil)
	membersProtected   = ruleClaims(reason.ClaimPresent, nil, presentAtClient)
)

// presentAtHost asks for protection in any profile: in which one is for
// rule-profile to say. What an exemption lets in is for exemptions to judge, or
// for rule-conflicts.
func presentAtHost(in *check.Input, e configured.End, h intent.Host, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedInbound, "addresses", h.Addresses)
	best := bestFlows(e, func(env effect.Env) []configured.FlowAt { return configured.InboundFlows(in, e, h, env) })
	// What the firewall drops is closed to strangers too, but for the KMS port: to
	// be closed to everybody is not what that is for.
	best = slices.DeleteFunc(best, func(f configured.FlowAt) bool { return f.Effect.Verdict == effect.Dropped && !f.KMS })
	judgePresent(in, e, best, s, "inbound", s.exposes)
}

func presentAtClient(in *check.Input, e configured.End, s *ruleSum) {
	s.Intended = reason.One(reason.IntendedOutbound)
	flows := append(bestFlows(e, func(env effect.Env) []configured.FlowAt { return configured.OutboundFlows(in, e, env) }), configured.AwayFlows(in, e)...)
	judgePresent(in, e, flows, s, "outbound", s.breaks)
	for _, f := range flows {
		d := f.Effect.Security
		switch {
		case d.Verdict == effect.Exempt && d.Undocumented:
			s.unsure("outbound "+f.Text, reason.New(reason.MayGoInClear, "why", d.Why))
		case d.Verdict == effect.Exempt:
			s.breaks("outbound "+f.Text, uncovered(in, reason.GoesInClear, e, d.Why))
		case f.Effect.Verdict == effect.Dropped:
			s.breaks("outbound "+f.Text, uncovered(in, reason.DroppedByClient, e, f.Effect.Why))
		}
	}
}

// bestFlows are packets in the profile in which each is covered best.
func bestFlows(e configured.End, flows func(effect.Env) []configured.FlowAt) []configured.FlowAt {
	var best []configured.FlowAt
	for _, name := range anyProfile {
		for i, f := range flows(inProfile(e.Env, name)) {
			if len(best) <= i {
				best = append(best, f)
			} else if covered(f.Effect.Security.Verdict) > covered(best[i].Effect.Security.Verdict) {
				best[i] = f
			}
		}
	}
	return best
}

// covered ranks verdicts by how well they cover.
func covered(v effect.Verdict) int {
	return slices.Index([]effect.Verdict{effect.Clear, effect.Unknown, effect.Exempt, effect.Request, effect.Require}, v)
}

func judgePresent(in *check.Input, e configured.End, flows []configured.FlowAt, s *ruleSum, way string, wrong func(string, reason.Reason)) {
	if len(flows) > 0 {
		s.shown(s.claim)
	}
	configured.Each(way, flows, func(f configured.FlowAt) (why reason.Reason) {
		if d := f.Effect.Security; d.Verdict == effect.Clear && !e.Resultant.More { // else more than this may protect it
			why = uncovered(in, reason.NotProtected, e, whyClear(in, e, d.Why))
		}
		return why
	}, wrong)
	s.unknowns(way, flows)
	for _, f := range flows {
		if d := f.Effect.Security; d.Verdict != effect.Clear && d.Verdict != effect.Unknown {
			s.note(reason.ToldRule, "verdict", d.Verdict, "by", check.RuleOf(d))
		}
	}
}

// whyClear says why nothing protects a packet: the isolation GPO does not come
// to the machine, or its rules leave the packet out.
func whyClear(in *check.Input, e configured.End, why reason.List) reason.List {
	if !e.Resultant.Assumed && len(configured.CarriersFor(in, "hosts", ""))+len(configured.CarriersFor(in, "clients", "")) == 0 {
		return append(reason.One(reason.NoIsolationGPO), why...)
	}
	var reasons reason.List
	for _, o := range e.Resultant.Left {
		reasons = append(reasons, reason.New(reason.GPOComesToNone, "gpo", o.GPO.Name, "why", o.Why))
	}
	if len(reasons) > 0 {
		return reasons
	}
	if e.Resultant.Assumed || in.Directories.Isolated(e.Resultant) {
		return why
	}
	for _, i := range check.Isolations(in.Policy) {
		for _, g := range in.CarriersOf(i) {
			if o := e.Resultant.Outcome(g); o != nil && o.Applied != tri.Yes {
				reasons = reasons.Add(reason.New(reason.GPODoesNotCome, "gpo", g.Name, "why", o.Why))
			} else if o == nil {
				reasons = reasons.Add(reason.New(reason.GPODoesNotCome, "gpo", g.Name, "why", reason.New(reason.NotLinkedAbove, "account", accountDN(e))))
			}
		}
	}
	if len(reasons) == 0 {
		return why
	}
	return reasons
}

func accountDN(e configured.End) string {
	if e.Account != nil {
		return e.Account.DN
	}
	return ""
}

// uncovered is why a packet is not protected, with the rule that the addresses of
// all KMS hosts belong into, and the side of it.
func uncovered(in *check.Input, code reason.Code, e configured.End, why reason.List) reason.Reason {
	gpo, rule, side := "", "RULE", "RemoteAddress"
	for i := range e.Resultant.Policy.Rules {
		r := &e.Resultant.Policy.Rules[i]
		if r.Action == consec.DoNotSecure || r.Tunnel || !configured.Carries(in, r.Source) {
			continue
		}
		gpo, rule = r.Source, r.Name
		if !r.EP1.IsAny() && r.EP2.IsAny() {
			side = "LocalAddress"
		}
		break
	}
	if carriers := configured.CarriersFor(in, "hosts", e.Domain); gpo == "" && len(carriers) > 0 {
		gpo = carriers[0].Name
	}
	return reason.New(code, "why", why, "store", store(e, gpo), "rule", rule, "side", side, "hosts", in.Directories.HostAddresses())
}
