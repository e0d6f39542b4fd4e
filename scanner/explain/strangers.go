package explain

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Bounds of what is asked of strangers: addresses at the edges of rules that
// change, and ports that those rules name.
const (
	mostEdges = 256
	mostPorts = 16
)

// callers are those who are in no directory, or whose address decides: an
// outsider, the vantages, a machine in each exemption, and an outsider
// wherever a rule of the hosts is for that is not the same in both states.
func (d *differ) callers(hosts []actor) []actor {
	all := []actor{anOutsider()}
	for _, v := range d.after.Policy.Vantages {
		if v.Role != intent.RoleKMSHost {
			all = append(all, actor{name: v.Name, old: d.before.sim.Vantage(v), new: d.after.sim.Vantage(v)})
		}
	}
	for _, e := range d.after.Policy.Exemptions {
		all = append(all, actor{name: e.Name, old: d.before.sim.Exemption(e), new: d.after.sim.Exemption(e)})
	}
	return d.known(append(all, d.spread(anOutsider(), hosts)...))
}

func anOutsider() actor {
	p := simulate.Outsider(nameOutsider)
	return actor{name: nameOutsider, old: p, new: p}
}

// spread is an actor in each stretch of addresses that a rule of some machines
// is for which is not the same in both states.
func (d *differ) spread(a actor, told []actor) []actor {
	var all []actor
	for _, r := range d.stretches(told) {
		one := actor{name: a.name + " in " + r.String(), count: a.count, like: []string{a.name}}
		if r.First == r.Last {
			one.name = a.name + "@" + r.First.String()
		}
		for _, e := range d.after.Policy.Exemptions {
			if e.Contains(r.First) {
				one.like = append(one.like, e.Name)
			}
		}
		before, after := *a.old, *a.new
		before.Addrs, after.Addrs = []netip.Addr{r.First}, []netip.Addr{r.First}
		one.old, one.new = &before, &after
		all = append(all, one)
	}
	return all
}

// known leaves out those of whom nothing is known in either state.
func (d *differ) known(all []actor) []actor {
	return slices.DeleteFunc(all, func(a actor) bool {
		out := a.old.Policy == nil && len(a.old.Unknown) > 0 && a.new.Policy == nil && len(a.new.Unknown) > 0
		if out {
			d.note(reason.EndLeftOut, "name", a.name, "why", a.new.Unknown)
		}
		return out
	})
}

// services are what a host is asked for: the KMS port, an echo request, the
// other ports of the policy, and the ports of rules that change.
func (d *differ) services(changed edits) []service {
	all := []service{{"tcp", 0}, {"icmp", 0}}
	if d.after.Policy.Isolation.Scope != intent.ScopeKMSPort {
		for _, n := range d.after.Policy.Limits.Ports {
			all = append(all, service{"tcp", n})
		}
	}
	for _, s := range changed.services {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// edits are what the rules that are in one state only are for.
type edits struct {
	ranges   []consec.Range
	services []service
}

func (d *differ) edits(told []actor) edits {
	var e edits
	seen := map[[2]*consec.Policy]bool{}
	for _, h := range told {
		if h.old.Policy == nil || h.new.Policy == nil {
			continue
		}
		one, two := h.old.Policy, h.new.Policy
		if pair := [2]*consec.Policy{one, two}; !seen[pair] {
			seen[pair] = true
			e.without(one, two)
			e.without(two, one)
		}
	}
	return e
}

// without takes in the rules of one policy that another has not.
func (e *edits) without(a, b *consec.Policy) {
	there := make(map[string]bool, len(b.Rules)+len(b.Firewall))
	for i := range b.Rules {
		there[b.Rules[i].Text] = true
	}
	for i := range b.Firewall {
		there[b.Firewall[i].Text] = true
	}
	for i := range a.Rules {
		if r := &a.Rules[i]; !there[r.Text] {
			e.take(r.Protocol, slices.Concat(r.EP1.Ranges, r.EP2.Ranges), slices.Concat(r.EP1Ports, r.EP2Ports))
		}
	}
	for i := range a.Firewall {
		if r := &a.Firewall[i]; !there[r.Text] {
			e.take(r.Protocol, slices.Concat(r.Local.Ranges, r.Remote.Ranges), r.LPorts.Ranges)
		}
	}
}

func (e *edits) take(protocol int, ranges []consec.Range, ports []consec.Ports) {
	e.ranges = append(e.ranges, ranges...)
	name := map[int]string{6: "tcp", 17: "udp"}[protocol]
	for _, p := range ports {
		if s := (service{name, p.First}); name != "" && p.First != 0 && len(e.services) < mostPorts && !slices.Contains(e.services, s) {
			e.services = append(e.services, s)
		}
	}
}

// stretches are the ranges of the rules that change, cut where ranges of other
// rules begin or end: no rule tells the addresses of a stretch apart.
func (d *differ) stretches(told []actor) []consec.Range {
	changed := d.edits(told).ranges
	var cuts []netip.Addr
	add := func(a netip.Addr) {
		if a.IsValid() && len(cuts) < mostEdges && !slices.Contains(cuts, a) {
			cuts = append(cuts, a)
		}
	}
	for _, g := range changed {
		add(g.First)
		add(g.Last.Next())
	}
	in := func(a netip.Addr) bool {
		return slices.ContainsFunc(changed, func(g consec.Range) bool { return g.Contains(a) })
	}
	seen := map[*consec.Policy]bool{}
	for _, h := range told {
		for _, p := range []*simulate.Endpoint{h.old, h.new} {
			if p.Policy == nil || len(changed) == 0 || seen[p.Policy] {
				continue
			}
			seen[p.Policy] = true
			for _, a := range endsOf(p.Policy) {
				if in(a) {
					add(a)
				}
			}
		}
	}
	if len(cuts) == mostEdges {
		d.note(reason.AddressesUnasked, "most", mostEdges)
	}
	return d.between(cuts, in)
}

// between are the stretches from each cut to the next that are in a range that
// changes and are no KMS host's.
func (d *differ) between(cuts []netip.Addr, in func(netip.Addr) bool) []consec.Range {
	slices.SortFunc(cuts, netip.Addr.Compare)
	var all []consec.Range
	for i, a := range cuts {
		r := consec.Range{First: a, Last: a}
		switch {
		case i+1 < len(cuts) && cuts[i+1].BitLen() == a.BitLen():
			r.Last = cuts[i+1].Prev()
		case a.Is4():
			r.Last = netip.AddrFrom4([4]byte{255, 255, 255, 255})
		default:
			r.Last = netip.AddrFrom16([16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255})
		}
		if _, host := d.after.Policy.HostOf(a); in(a) && !host {
			all = append(all, r)
		}
	}
	return all
}

// endsOf are the addresses at which the ranges of a policy's rules begin, and
// those just beyond them.
func endsOf(p *consec.Policy) []netip.Addr {
	var all []netip.Addr
	take := func(ranges []consec.Range) {
		for _, g := range ranges {
			all = append(all, g.First)
			if next := g.Last.Next(); next.IsValid() {
				all = append(all, next)
			}
		}
	}
	for i := range p.Rules {
		take(p.Rules[i].EP1.Ranges)
		take(p.Rules[i].EP2.Ranges)
	}
	for i := range p.Firewall {
		take(p.Firewall[i].Local.Ranges)
		take(p.Firewall[i].Remote.Ranges)
	}
	return all
}

// declared asks about the flows that the policy declares from a host.
func (d *differ) declared(h actor) {
	for _, flow := range d.after.Policy.Isolation.Outbound {
		if !slices.Contains(flow.From, h.name) && !slices.Contains(flow.From, intent.NameAllHosts) {
			continue
		}
		for _, to := range flow.To {
			for _, e := range d.after.Policy.Endpoints(to, flow.Ports) {
				if len(e.Addrs) > 0 {
					d.ask(h, d.endpoint(e), []service{{"tcp", e.Port}})
				}
			}
		}
	}
}

// endpoint is the destination of a declared flow.
func (d *differ) endpoint(e intent.Endpoint) actor {
	a := actor{name: e.Name}
	for _, side := range []struct {
		x  *Explainer
		to **simulate.Endpoint
	}{{d.before, &a.old}, {d.after, &a.new}} {
		p, err := side.x.find(strings.ToLower(e.Name))
		if err != nil {
			p = simulate.Nobody("", reason.One(reason.NameOfNobody))
		}
		other := *p
		other.Name, other.Addrs = e.Name, e.Addrs
		*side.to = &other
	}
	return a
}
