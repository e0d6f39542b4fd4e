package host

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// GPOApplied is the check gpo-applied: the isolation policy has arrived, judged by its effect.
var GPOApplied = check.Check{
	ID:        "gpo-applied",
	Title:     "the isolation policy has arrived, judged by its effect",
	Section:   "Verify the GPO is applied",
	Confirmed: "spec",
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.WithRole(intent.RoleDomain, intent.RoleKMSHost) {
			for _, g := range policies(p, v) {
				ids = append(ids, run.CellID{Check: "gpo-applied", Vantage: v.Name, Target: g})
			}
		}
		return ids
	},
	Trials: check.ItsMachine,
	Claims: check.Looking(check.MachineNeeds, arrived, reason.ClaimRead, reason.ClaimEqual),
	Also:   check.DirectoryNeeds, // what it is told, beside what it has
	Tell: func(_ *check.Input, _ []*check.Judged, cell *run.Cell) {
		if cell.Verdict == run.Fail && cell.Reasons.Has(reason.StalePolicy) {
			cell.Breaks = run.BreaksApplying
		}
	},
}

// policies names the GPOs that a vantage must have; a policy that declares none
// has one all the same.
func policies(p *intent.Policy, v intent.Vantage) []string {
	if len(p.Isolation.Policies) == 0 {
		return []string{"gpo:isolation"}
	}
	want := "clients"
	if v.Role == intent.RoleKMSHost {
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

// arrived asks what the machine has applied, and what that does with packets.
func arrived(e *check.Evidence, l *check.Ledger) {
	o, read := e.Reads(l, check.KeyFirewall)
	if !read {
		return
	}
	host := e.From.Role == intent.RoleKMSHost
	l.Intended = reason.One(reason.IntendedClientRules)
	switch {
	case host && check.OutsidersPass(e.Policy):
		l.Intended = reason.One(reason.IntendedHostRequests)
	case host:
		l.Intended = reason.One(reason.IntendedHostRules)
	}
	if len(o.Registry) == 0 {
		l.Of(reason.ClaimEqual).Broken = reason.One(reason.NoFirewallPolicy, "vantage", e.From.Name)
		return
	}
	given, err := consec.FromRegistry(o.Registry)
	all, whole := e.Applied(e.From.Name)
	if err = cmp.Or(err, whole); err != nil {
		l.Of(reason.ClaimRead).Failed = reason.Of(err)
		return
	}
	if host {
		hostRules(e, l, all)
	} else {
		clientRules(e, l, all)
	}
	l.Conduct = append(l.Conduct, e.ReadsOwnStore(l)...)
	tellStale(e, l, &given)
}

// protectionAtHost is what protects a packet at a host as the stage wants it.
func protectionAtHost(p *intent.Policy) []effect.Verdict {
	if check.OutsidersPass(p) {
		return []effect.Verdict{effect.Request, effect.Require}
	}
	return []effect.Verdict{effect.Require}
}

// hostRules asks what the host does with strangers, and with the exempt.
func hostRules(e *check.Evidence, l *check.Ledger, applied *consec.Policy) {
	there := e.Simulator.Host(e.Host).As(applied)
	takes := func(a, peer netip.Addr) effect.Effect {
		return e.Simulator.Takes(simulate.At{Endpoint: &there, Addr: a}, peer, check.TCP(e.Host.Port)).Effect
	}
	equal := l.Of(reason.ClaimEqual)
	sum := effects{Entry: equal, wrong: &equal.Exposed, right: protectionAtHost(e.Policy)}
	for _, a := range e.Host.Addresses {
		for _, peer := range e.Strangers(a) {
			sum.packet(peer, check.Label(a, check.Port(e.Host.Port)), takes(a, peer))
		}
	}
	sum.enter(l, e.AppliedBy(e.From.Name))
	for _, x := range e.Policy.Exemptions {
		if x.Applies(e.Host.Name) {
			exemptApplied(e, l, x, takes)
		}
	}
}

// exemptApplied finds networks that are declared to be exempt, and that the host does
// not exempt.
func exemptApplied(e *check.Evidence, l *check.Ledger, x intent.Exemption, takes func(a, peer netip.Addr) effect.Effect) {
	for _, a := range e.Host.Addresses {
		for _, n := range x.Addresses {
			if n.Addr().Is4() != a.Is4() {
				continue
			}
			inside := n.Addr()
			if !n.IsSingleIP() {
				inside = inside.Next()
			}
			if got := takes(a, inside); got.Security.Verdict == effect.Require {
				l.Find(check.Found(reason.ExemptionNotApplied, "vantage", e.From.Name, "exempt", n, "address", a, "rule", got.Rule))
			}
		}
	}
}

// clientRules asks what the client does with packets for each KMS host.
func clientRules(e *check.Evidence, l *check.Ledger, applied *consec.Policy) {
	there := e.Simulator.Vantage(e.From).As(applied)
	equal := l.Of(reason.ClaimEqual)
	sum := effects{Entry: equal, wrong: &equal.Broken, right: []effect.Verdict{effect.Request, effect.Require}}
	for _, h := range e.Policy.Hosts {
		for _, a := range h.Addresses {
			own := e.Simulator.Places(&there, a)[0]
			sum.packet(own.Addr, check.Label(a, check.Port(h.Port)), e.Simulator.Sends(own, a, check.TCP(h.Port)).Effect)
		}
	}
	sum.enter(l, e.AppliedBy(e.From.Name))
}

// effects sums up what the rules do with several packets.
type effects struct {
	*check.Entry

	wrong *reason.List // of the entry: what it is that does not fare as it must
	right []effect.Verdict
	asked int      // packets
	good  []string // rules that decide as they should
	loose []string // methods of those that are weaker than Kerberos
	notes reason.List
}

// packet looks at what connection security does with a packet. What a firewall
// drops beside it is no isolation: it may allow it tomorrow.
func (s *effects) packet(from netip.Addr, to string, e effect.Effect) {
	s.asked++
	switch d := e.Security; {
	case slices.Contains(s.right, d.Verdict):
		s.good = check.AppendNew(s.good, d.Rule)
		s.loose = check.AppendNew(s.loose, e.Weak...)
	case d.Verdict == effect.Unknown:
		s.Unsure = append(s.Unsure, reason.New(reason.AppliedUnknown, "from", from, "to", to, "why", d.Why))
	default:
		*s.wrong = append(*s.wrong, reason.New(reason.AppliedWrong, "from", from, "to", to, "verdict", string(d.Verdict), "why", d.Why))
	}
	s.notes = s.notes.Add(e.Notes...)
}

// enter says what decides, and the weaker methods that the right rules accept.
func (s *effects) enter(l *check.Ledger, by []*run.Observation) {
	switch {
	case s.asked == 0:
		s.Void, l.Conduct = check.NoAddress, check.NoAddress
	case len(*s.wrong) > 0:
		l.Conduct = (*s.wrong)[:1:1]
	case len(s.Unsure) > 0:
		l.Conduct = s.Unsure[:1:1]
	default:
		l.Conduct = reason.One(reason.AppliedBy, "rules", s.good)
	}
	for _, m := range s.loose {
		l.Find(check.Found(reason.WeakMethod, "rules", s.good, "method", m))
		if m == "Anonymous" {
			*s.wrong = append(*s.wrong, reason.New(reason.AnonymousAccepted))
		}
	}
	for _, n := range s.notes {
		l.Find(check.Found(reason.RuleNote, "why", n))
	}
	s.Shown(by)
}
