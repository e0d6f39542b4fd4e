package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const rulePresentID = "rule-present"

var rulePresent = Check{
	ID:         rulePresentID,
	Title:      "every address of every KMS host is covered, at both ends",
	Section:    "Connection security rules",
	Confirmed:  "spec",
	Configured: true,
	Rules:      true,
	After:      append([]string{"rule-conflicts", "exemptions"}, arrival...),
	Cells:      endCells(rulePresentID),
	Trials:     endTrials,
	Claims: func(p *policy.Policy, t Trial) []Claim {
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
func endTrials(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
	if h, ok := p.Host(id.Target); ok {
		return []Trial{{Host: h}}, nil
	}
	return []Trial{{Target: id.Target}}, nil
}

var (
	strangersProtected = ruleClaims(reason.ClaimNoneLeft, presentAtHost, nil)
	membersProtected   = ruleClaims(reason.ClaimPresent, nil, presentAtClient)
)

// presentAtHost asks for protection in any profile: in which one is for
// rule-profile to say. What an exemption lets in is for exemptions to judge, or
// for rule-conflicts.
func presentAtHost(in *Input, e end, h policy.Host, s *ruleSum) {
	s.intended = reason.One(reason.IntendedInbound, "addresses", h.Addresses)
	best := in.bestFlows(e, func(env consec.Env) []flowAt { return in.inboundFlows(e, h, env) })
	// What the firewall drops is closed to strangers too, but for the KMS port: to
	// be closed to everybody is not what that is for.
	best = slices.DeleteFunc(best, func(f flowAt) bool { return f.effect.Verdict == consec.Dropped && !f.kms })
	in.judgePresent(e, best, s, "inbound", s.exposes)
}

func presentAtClient(in *Input, e end, s *ruleSum) {
	s.intended = reason.One(reason.IntendedOutbound)
	flows := append(in.bestFlows(e, func(env consec.Env) []flowAt { return in.outboundFlows(e, env) }), in.awayFlows(e)...)
	in.judgePresent(e, flows, s, "outbound", s.breaks)
	for _, f := range flows {
		d := f.effect.Security
		switch {
		case d.Verdict == consec.Exempt && d.Undocumented:
			s.unsure("outbound "+f.text, reason.New(reason.MayGoInClear, "why", d.Why))
		case d.Verdict == consec.Exempt:
			s.breaks("outbound "+f.text, in.uncovered(reason.GoesInClear, e, d.Why))
		case f.effect.Verdict == consec.Dropped:
			s.breaks("outbound "+f.text, in.uncovered(reason.DroppedByClient, e, f.effect.Why))
		}
	}
}

// bestFlows are packets in the profile in which each is covered best.
func (in *Input) bestFlows(e end, flows func(consec.Env) []flowAt) []flowAt {
	var best []flowAt
	for _, name := range anyProfile {
		for i, f := range flows(inProfile(e.Env, name)) {
			if len(best) <= i {
				best = append(best, f)
			} else if covered(f.effect.Security.Verdict) > covered(best[i].effect.Security.Verdict) {
				best[i] = f
			}
		}
	}
	return best
}

// covered ranks verdicts by how well they cover.
func covered(v consec.Verdict) int {
	return slices.Index([]consec.Verdict{consec.Clear, consec.Unknown, consec.Exempt, consec.Request, consec.Require}, v)
}

func (in *Input) judgePresent(e end, flows []flowAt, s *ruleSum, way string, wrong func(string, reason.Reason)) {
	if len(flows) > 0 {
		s.shown(s.claim)
	}
	each(way, flows, func(f flowAt) (why reason.Reason) {
		if d := f.effect.Security; d.Verdict == consec.Clear && !e.Resultant.More { // else more than this may protect it
			why = in.uncovered(reason.NotProtected, e, in.whyClear(e, d.Why))
		}
		return why
	}, wrong)
	s.unknowns(way, flows)
	for _, f := range flows {
		if d := f.effect.Security; d.Verdict != consec.Clear && d.Verdict != consec.Unknown {
			s.note(reason.ToldRule, "verdict", d.Verdict, "by", ruleOf(d))
		}
	}
}

// whyClear says why nothing protects a packet: the isolation GPO does not come
// to the machine, or its rules leave the packet out.
func (in *Input) whyClear(e end, why reason.List) reason.List {
	if !e.Resultant.Assumed && len(in.carriersFor("hosts", ""))+len(in.carriersFor("clients", "")) == 0 {
		return append(reason.One(reason.NoIsolationGPO), why...)
	}
	var reasons reason.List
	for _, o := range e.Resultant.Left {
		reasons = append(reasons, reason.New(reason.GPOComesToNone, "gpo", o.GPO.Name, "why", o.Why))
	}
	if len(reasons) > 0 {
		return reasons
	}
	if e.Resultant.Assumed || in.directories.Isolated(e.Resultant) {
		return why
	}
	for _, i := range isolations(in.Policy) {
		for _, g := range in.carriers(i) {
			if o := e.Resultant.Outcome(g); o != nil && o.Applied != rsop.Yes {
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

func accountDN(e end) string {
	if e.Account != nil {
		return e.Account.DN
	}
	return ""
}

// uncovered is why a packet is not protected, with the rule that the addresses of
// all KMS hosts belong into, and the side of it.
func (in *Input) uncovered(code reason.Code, e end, why reason.List) reason.Reason {
	gpo, rule, side := "", "RULE", "RemoteAddress"
	for i := range e.Resultant.Policy.Rules {
		r := &e.Resultant.Policy.Rules[i]
		if r.Action == consec.DoNotSecure || r.Tunnel || !in.carries(r.Source) {
			continue
		}
		gpo, rule = r.Source, r.Name
		if !r.EP1.IsAny() && r.EP2.IsAny() {
			side = "LocalAddress"
		}
		break
	}
	if carriers := in.carriersFor("hosts", e.Domain); gpo == "" && len(carriers) > 0 {
		gpo = carriers[0].Name
	}
	return reason.New(code, "why", why, "store", store(e, gpo), "rule", rule, "side", side, "hosts", in.directories.HostAddresses())
}
