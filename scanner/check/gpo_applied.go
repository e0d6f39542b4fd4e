package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var gpoApplied = Check{
	ID:        "gpo-applied",
	Title:     "the isolation policy has arrived, judged by its effect",
	Section:   "Verify the GPO is applied",
	Confirmed: "spec",
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.WithRole(policy.RoleDomain, policy.RoleKMSHost) {
			for _, g := range policies(p, v) {
				ids = append(ids, run.CellID{Check: "gpo-applied", Vantage: v.Name, Target: g})
			}
		}
		return ids
	},
	Needs: func(_ *policy.Policy, id run.CellID) []run.Need {
		return appliedNeeds(id.Vantage)
	},
	Also:  directoryNeeds, // what it is told, beside what it has
	Judge: judgeApplied,
}

// policies names the GPOs that a vantage must have; a policy that declares none
// has one all the same.
func policies(p *policy.Policy, v policy.Vantage) []string {
	if len(p.Isolation.Policies) == 0 {
		return []string{"gpo:isolation"}
	}
	want := "clients"
	if v.Role == policy.RoleKMSHost {
		want = "hosts"
	}
	var names []string
	for _, g := range p.Isolation.Policies {
		name := g.Name
		if name == "" {
			name = g.ID
		}
		if g.Role == want || g.Role == "both" {
			names = append(names, "gpo:"+name)
		}
	}
	return names
}

func judgeApplied(in *Input) run.Cell {
	o := in.See(registry(in.Cell.Vantage, keyFirewall))
	if p, blind := blocked(o); blind {
		return p.cell()
	}
	v := in.vantage()
	cell := run.Cell{Verdict: run.Pass, Intended: reason.One(reason.IntendedClientRules)}
	if v.Role == policy.RoleKMSHost {
		cell.Intended = reason.One(reason.IntendedHostRules)
	}
	if len(o.Registry) == 0 {
		cell.Verdict, cell.Reasons = run.Fail, reason.One(reason.NoFirewallPolicy, "vantage", v.Name)
		return cell
	}
	given, err := consec.FromRegistry(o.Registry)
	if err != nil {
		cell.Verdict, cell.Reasons = run.Error, reason.Of(err)
		return cell
	}
	all, err := in.applied(v.Name)
	if err != nil {
		cell.Verdict, cell.Reasons = run.Error, reason.Of(err)
		return cell
	}
	if v.Role == policy.RoleKMSHost {
		cell = in.judgeHostRules(cell.Intended, all)
	} else {
		cell = in.judgeClientRules(cell.Intended, all)
	}
	if own := in.See(registry(v.Name, keyOwnFirewall)); !showsStore(own) {
		cell.Conduct = append(cell.Conduct, reason.New(reason.StoreNotShown, "why", slices.Concat(own.Trouble, own.Missing)))
	}
	in.tellStale(&cell, &given)
	return cell
}

// judgeHostRules asks what the host does with strangers, and with the exempt.
func (in *Input) judgeHostRules(intended reason.List, applied *consec.Policy) run.Cell {
	h, _ := in.Policy.Host(in.vantage().Host)
	there := in.sim.Host(h).As(applied)
	takes := func(a, peer netip.Addr) consec.Effect {
		return in.sim.Takes(simulate.At{Endpoint: &there, Addr: a}, peer, tcp(h.Port)).Effect
	}
	sum := effects{fold: fold{none: noAddress, intended: intended}, right: []consec.Verdict{consec.Require}}
	for _, a := range h.Addresses {
		for _, peer := range in.strangers(a) {
			sum.packet(peer, label(a, port(h.Port)), takes(a, peer))
		}
	}
	cell := sum.cell()
	for _, e := range in.Policy.Exemptions {
		if !e.Applies(h.Name) {
			continue
		}
		for _, a := range h.Addresses {
			for _, x := range e.Addresses {
				if x.Addr().Is4() != a.Is4() {
					continue
				}
				inside := x.Addr()
				if !x.IsSingleIP() {
					inside = inside.Next()
				}
				if got := takes(a, inside); got.Security.Verdict == consec.Require {
					cell.Findings = append(cell.Findings, found(reason.ExemptionNotApplied, "vantage", in.Cell.Vantage, "exempt", x, "address", a, "rule", got.Rule))
				}
			}
		}
	}
	return cell
}

// judgeClientRules asks what the client does with packets for each KMS host.
func (in *Input) judgeClientRules(intended reason.List, applied *consec.Policy) run.Cell {
	there := in.sim.Vantage(in.vantage()).As(applied)
	sum := effects{fold: fold{none: noAddress, intended: intended}, right: []consec.Verdict{consec.Request, consec.Require}}
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			own := in.sim.Places(&there, a)[0]
			sum.packet(own.Addr, label(a, port(h.Port)), in.sim.Sends(own, a, tcp(h.Port)).Effect)
		}
	}
	return sum.cell()
}

// effects folds what the rules do with several packets.
type effects struct {
	fold
	right []consec.Verdict
	good  []string // rules that decide as they should
	weak  []string
	notes reason.List
}

// packet looks at what connection security does with a packet. What a firewall
// drops beside it is no isolation: it may allow it tomorrow.
func (s *effects) packet(from netip.Addr, to string, e consec.Effect) {
	p := part{verdict: run.Pass}
	switch d := e.Security; {
	case slices.Contains(s.right, d.Verdict):
		s.good = appendNew(s.good, d.Rule)
		s.weak = appendNew(s.weak, e.Weak...)
	case d.Verdict == consec.Unknown:
		p = part{verdict: run.Inconclusive, why: reason.One(reason.AppliedUnknown, "from", from, "to", to, "why", d.Why)}
	default:
		p = part{verdict: run.Fail, why: reason.One(reason.AppliedWrong, "from", from, "to", to, "verdict", string(d.Verdict), "why", d.Why)}
	}
	s.add(p)
	s.notes = s.notes.Add(e.Notes...)
}

// cell folds the packets, and the weak ways in that the right rules have.
func (s *effects) cell() run.Cell {
	configured := reason.One(reason.AppliedBy, "rules", s.good)
	if worst := s.worst(); worst.verdict != run.Pass {
		configured = worst.why
	}
	for _, m := range s.weak {
		p := part{verdict: run.Pass, findings: []run.Finding{found(reason.WeakMethod, "rules", s.good, "method", m)}}
		if m == "Anonymous" {
			p.verdict, p.why = run.Fail, reason.One(reason.AnonymousAccepted)
		}
		s.add(p)
	}
	c := s.fold.cell()
	c.Conduct = slices.Clone(configured)
	for _, n := range s.notes {
		c.Findings = append(c.Findings, found(reason.RuleNote, "why", n))
	}
	return c
}

func appendNew(to []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}
