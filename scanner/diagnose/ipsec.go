package diagnose

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// silentIKE: where IKE does not pass, nothing can be negotiated.
func silentIKE(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		for _, x := range d.those(negotiates) {
			cells := d.at(h.Name, named(x.ID))
			if len(cells) == 0 {
				continue
			}
			n := x.Flow.Port
			asked := d.asked(h.Name, func(o run.Need) bool { return o.Probe == run.ProbeIKE && o.Port == n })
			if !slices.ContainsFunc(asked, (*run.Observation).Heard) {
				root := cells[0]
				other := first(d.at(h.Name), d.those(negotiates))
				cause := reason.One(reason.IKEPortSilent, "host", h.Name, "port", n)
				if other != nil && d.silentBoth(h.Name) {
					cause = reason.One(reason.IKESilent, "host", h.Name)
					cells = append(cells, d.at(h.Name, d.being(negotiates))...)
				}
				cells = append(cells, d.at(h.Name, func(c *run.Cell) bool { return d.carriedBy(c, x.ID) })...)
				cells = append(cells, d.toMembers(h.Name, "")...)
				blame(root, cause, append(cells, d.outOfReach(h.Name)...))
				continue
			}
			for _, root := range cells {
				v := root.ID.Vantage
				if !open(root) || !unheard(asked, v) {
					continue
				}
				follows := append(d.toMembers(h.Name, v), d.reachedFrom(v, h.Name)...)
				blame(root, reason.One(reason.IKEDropped, "vantage", v, "host", h.Name, "port", n),
					append(follows, d.from(v, func(c *run.Cell) bool { return c.ID.Check == x.ID || d.carriedBy(c, x.ID) })...))
			}
		}
	}
}

// unheard reports whether a vantage has asked an address that has given no answer, in
// any protocol that it asked in. What it cannot send was not asked.
func unheard(asked []*run.Observation, vantage string) bool {
	heard := map[netip.Addr]bool{}
	for _, o := range asked {
		if o.Need.Vantage == vantage && !o.Class.Local() && len(o.Missing) == 0 {
			heard[o.Need.Addr] = heard[o.Need.Addr] || o.Heard()
		}
	}
	return slices.Contains(slices.Collect(maps.Values(heard)), false)
}

// silentBoth reports whether a host answered IKE to nobody on either port.
func (d *diagnosis) silentBoth(host string) bool {
	return !slices.ContainsFunc(d.asked(host, func(n run.Need) bool { return n.Probe == run.ProbeIKE }), (*run.Observation).Heard)
}

// carriedBy reports whether a cell is of a flow to a host that comes after a check
// of what carries IPsec.
func (d *diagnosis) carriedBy(c *run.Cell, root string) bool {
	return letsIn(d.check(c)) && d.follows(c, root)
}

// unappliedPolicy: a client that was not told to negotiate does not.
func unappliedPolicy(d *diagnosis) {
	for _, root := range d.where(named(gpoApplied)) {
		if root.Verdict != run.Fail {
			continue
		}
		host := ""
		if v, _ := d.policy.Vantage(root.ID.Vantage); v.Host != "" {
			host = v.Host
		}
		follows := d.from(root.ID.Vantage, func(c *run.Cell) bool { return d.carriedBy(c, gpoApplied) })
		if host != "" {
			follows = d.at(host, func(c *run.Cell) bool { return denies(d.check(c)) && d.follows(c, gpoApplied) })
		}
		blame(root, with(root.Reasons, reason.PolicyNotApplied), follows)
	}
}

// blockedESP: what negotiates and then goes silent has lost its ESP.
func blockedESP(d *diagnosis) {
	for _, root := range d.where(named(espPasses)) {
		if root.Verdict != run.Fail {
			continue
		}
		follows := append(d.toMembers(root.ID.Target, root.ID.Vantage), d.reachedFrom(root.ID.Vantage, root.ID.Target)...)
		blame(root, with(root.Reasons, reason.ESPBlocked),
			append(follows, d.at(root.ID.Target, func(c *run.Cell) bool {
				return c.ID.Vantage == root.ID.Vantage && d.carriedBy(c, espPasses)
			})...))
	}
}

// failedNegotiation: IKE passes and the flow is silent all the same.
func failedNegotiation(d *diagnosis) {
	for _, root := range d.where(d.being(func(x *check.Check) bool { return d.byIPsec(x) && x.Flow.Intent == check.Allowed && !x.Flow.Declared })) {
		if !open(root) || root.Verdict != run.Fail || !d.ikeHeard(root.ID.Vantage, root.ID.Target) || !d.flowSilent(root.ID) {
			continue
		}
		v := root.ID.Vantage
		blame(root, reason.One(reason.NegotiationFails, "vantage", v),
			append(append(d.toMembers(root.ID.Target, v), d.reachedFrom(v, root.ID.Target)...), d.from(v, func(c *run.Cell) bool { return d.byIPsec(d.check(c)) && c.Verdict != run.Error })...))
	}
}

// toMembers are the failed connections of a host to a domain vantage, or with
// no vantage named to any: between the two IPsec carries both directions.
func (d *diagnosis) toMembers(host, vantage string) []*run.Cell {
	var members []netip.Addr
	for _, v := range d.policy.WithRole(intent.RoleDomain) {
		if vantage == "" || v.Name == vantage {
			members = append(members, d.addresses(v.Name)...)
		}
	}
	return d.fromHostItself(host, func(c *run.Cell) bool {
		return fromHost(d.check(c)) && slices.ContainsFunc(d.plan.NeedsOf(c.ID), func(n run.Need) bool {
			return slices.Contains(members, n.Addr)
		})
	})
}

func (d *diagnosis) ikeHeard(vantage, host string) bool {
	return slices.ContainsFunc(d.asked(host, func(n run.Need) bool {
		return n.Probe == run.ProbeIKE && n.Vantage == vantage
	}), (*run.Observation).Heard)
}

// flowSilent reports whether the flow of a cell got no answer at some address, and was
// said no to at none.
func (d *diagnosis) flowSilent(id run.CellID) bool {
	silent := false
	for _, o := range d.asked(id.Target, func(n run.Need) bool {
		return n.Vantage == id.Vantage && n.When == run.Before && n.Probe == run.ProbeRPC
	}) {
		if o.Spoke() && !o.Heard() {
			return false
		}
		silent = silent || o.Class == run.Silent
	}
	return silent
}

// outOfReach are the cells in error of the vantage that a host is: the ways
// into it are isolated like everything else.
func (d *diagnosis) outOfReach(host string) []*run.Cell {
	return d.fromHostItself(host, func(c *run.Cell) bool { return c.Verdict == run.Error })
}

// reachedFrom is outOfReach where the vantage is the controller itself, whose
// IPsec the ways into the host need.
func (d *diagnosis) reachedFrom(vantage, host string) []*run.Cell {
	v, _ := d.policy.Vantage(vantage)
	if !slices.ContainsFunc(v.Via, func(w intent.Via) bool { return w.Implies.Here }) {
		return nil
	}
	return d.outOfReach(host)
}
