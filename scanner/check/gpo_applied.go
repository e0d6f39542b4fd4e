package check

import (
	"cmp"
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
	Trials: itsMachine,
	Claims: looking(machineNeeds, (*Evidence).arrived, reason.ClaimRead, reason.ClaimEqual),
	Also:   directoryNeeds, // what it is told, beside what it has
	Tell: func(_ *Input, _ []*judgedTrial, cell *run.Cell) {
		if cell.Verdict == run.Fail && cell.Reasons.Has(reason.StalePolicy) {
			cell.Breaks = run.BreaksApplying
		}
	},
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

// arrived asks what the machine has applied, and what that does with packets.
func (e *Evidence) arrived(l *ledger) {
	o, read := e.reads(l, keyFirewall)
	if !read {
		return
	}
	host := e.From.Role == policy.RoleKMSHost
	l.intended = reason.One(reason.IntendedClientRules)
	switch {
	case host && outsidersPass(e.Policy):
		l.intended = reason.One(reason.IntendedHostRequests)
	case host:
		l.intended = reason.One(reason.IntendedHostRules)
	}
	if len(o.Registry) == 0 {
		l.of(reason.ClaimEqual).broken = reason.One(reason.NoFirewallPolicy, "vantage", e.From.Name)
		return
	}
	given, err := consec.FromRegistry(o.Registry)
	all, whole := e.applied(e.From.Name)
	if err = cmp.Or(err, whole); err != nil {
		l.of(reason.ClaimRead).failed = reason.Of(err)
		return
	}
	if host {
		e.hostRules(l, all)
	} else {
		e.clientRules(l, all)
	}
	l.conduct = append(l.conduct, e.readsOwnStore(l)...)
	e.tellStale(l, &given)
}

// protectionAtHost is what protects a packet at a host as the stage wants it.
func protectionAtHost(p *policy.Policy) []consec.Verdict {
	if outsidersPass(p) {
		return []consec.Verdict{consec.Request, consec.Require}
	}
	return []consec.Verdict{consec.Require}
}

// hostRules asks what the host does with strangers, and with the exempt.
func (e *Evidence) hostRules(l *ledger, applied *consec.Policy) {
	there := e.sim.Host(e.Host).As(applied)
	takes := func(a, peer netip.Addr) consec.Effect {
		return e.sim.Takes(simulate.At{Endpoint: &there, Addr: a}, peer, tcp(e.Host.Port)).Effect
	}
	equal := l.of(reason.ClaimEqual)
	sum := effects{entry: equal, wrong: &equal.exposed, right: protectionAtHost(e.Policy)}
	for _, a := range e.Host.Addresses {
		for _, peer := range e.strangers(a) {
			sum.packet(peer, label(a, port(e.Host.Port)), takes(a, peer))
		}
	}
	sum.enter(l, e.See(registryNeed(e.From.Name, keyFirewall)))
	for _, x := range e.Policy.Exemptions {
		if x.Applies(e.Host.Name) {
			e.exemptApplied(l, x, takes)
		}
	}
}

// exemptApplied finds networks that are declared to be exempt, and that the host does
// not exempt.
func (e *Evidence) exemptApplied(l *ledger, x policy.Exemption, takes func(a, peer netip.Addr) consec.Effect) {
	for _, a := range e.Host.Addresses {
		for _, n := range x.Addresses {
			if n.Addr().Is4() != a.Is4() {
				continue
			}
			inside := n.Addr()
			if !n.IsSingleIP() {
				inside = inside.Next()
			}
			if got := takes(a, inside); got.Security.Verdict == consec.Require {
				l.find(found(reason.ExemptionNotApplied, "vantage", e.From.Name, "exempt", n, "address", a, "rule", got.Rule))
			}
		}
	}
}

// clientRules asks what the client does with packets for each KMS host.
func (e *Evidence) clientRules(l *ledger, applied *consec.Policy) {
	there := e.sim.Vantage(e.From).As(applied)
	equal := l.of(reason.ClaimEqual)
	sum := effects{entry: equal, wrong: &equal.broken, right: []consec.Verdict{consec.Request, consec.Require}}
	for _, h := range e.Policy.Hosts {
		for _, a := range h.Addresses {
			own := e.sim.Places(&there, a)[0]
			sum.packet(own.Addr, label(a, port(h.Port)), e.sim.Sends(own, a, tcp(h.Port)).Effect)
		}
	}
	sum.enter(l, e.See(registryNeed(e.From.Name, keyFirewall)))
}

// effects sums up what the rules do with several packets.
type effects struct {
	*entry

	wrong *reason.List // of the entry: what it is that does not fare as it must
	right []consec.Verdict
	asked int      // packets
	good  []string // rules that decide as they should
	loose []string // methods of those that are weaker than Kerberos
	notes reason.List
}

// packet looks at what connection security does with a packet. What a firewall
// drops beside it is no isolation: it may allow it tomorrow.
func (s *effects) packet(from netip.Addr, to string, e consec.Effect) {
	s.asked++
	switch d := e.Security; {
	case slices.Contains(s.right, d.Verdict):
		s.good = appendNew(s.good, d.Rule)
		s.loose = appendNew(s.loose, e.Weak...)
	case d.Verdict == consec.Unknown:
		s.unsure = append(s.unsure, reason.New(reason.AppliedUnknown, "from", from, "to", to, "why", d.Why))
	default:
		*s.wrong = append(*s.wrong, reason.New(reason.AppliedWrong, "from", from, "to", to, "verdict", string(d.Verdict), "why", d.Why))
	}
	s.notes = s.notes.Add(e.Notes...)
}

// enter says what decides, and the weaker methods that the right rules accept.
func (s *effects) enter(l *ledger, by *run.Observation) {
	switch {
	case s.asked == 0:
		s.void, l.conduct = noAddress, noAddress
	case len(*s.wrong) > 0:
		l.conduct = (*s.wrong)[:1:1]
	case len(s.unsure) > 0:
		l.conduct = s.unsure[:1:1]
	default:
		l.conduct = reason.One(reason.AppliedBy, "rules", s.good)
	}
	for _, m := range s.loose {
		l.find(found(reason.WeakMethod, "rules", s.good, "method", m))
		if m == "Anonymous" {
			*s.wrong = append(*s.wrong, reason.New(reason.AnonymousAccepted))
		}
	}
	for _, n := range s.notes {
		l.find(found(reason.RuleNote, "why", n))
	}
	s.shown([]*run.Observation{by})
}

func appendNew(to []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}
