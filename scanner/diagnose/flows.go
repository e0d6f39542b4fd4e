package diagnose

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// requiredOutbound: a host that reaches nobody but those it shares IPsec with
// was told to require it outbound, which cuts it off.
func requiredOutbound(d *diagnosis) {
	for _, k := range d.policy.WithRole(intent.RoleKMSHost) {
		failed := d.from(k.Name, d.being(fromHost))
		all := 0
		for _, c := range d.of[k.Name] {
			if fromHost(d.check(c)) && !d.toMember(c.ID) {
				all++
			}
		}
		strangers := slices.DeleteFunc(failed, func(c *run.Cell) bool { return d.toMember(c.ID) })
		refused := slices.ContainsFunc(strangers, func(c *run.Cell) bool { return c.Verdict == run.Fail })
		if all < 2 || len(strangers) < all || !refused { // kmsiso's own trouble says nothing of the host
			continue
		}
		blame(strangers[0], reason.One(reason.OutboundRequired, "vantage", k.Name),
			append(strangers, d.from(k.Name, func(c *run.Cell) bool { return d.follows(c, strangers[0].ID.Check) })...))
	}
}

// toMember reports whether an outbound cell is about a domain vantage.
func (d *diagnosis) toMember(id run.CellID) bool {
	var members []netip.Addr
	for _, v := range d.policy.WithRole(intent.RoleDomain) {
		members = append(members, d.addresses(v.Name)...)
	}
	return slices.ContainsFunc(d.plan.NeedsOf(id), func(n run.Need) bool { return slices.Contains(members, n.Addr) })
}

// unreachedResolvers: a host that cannot reach the domain controller which is
// its resolver resolves nothing either.
func unreachedResolvers(d *diagnosis) {
	for _, root := range d.where(d.being(fromHost)) {
		if !open(root) || root.Verdict != run.Fail {
			continue
		}
		silent := map[netip.Addr]bool{}
		for _, n := range d.plan.NeedsOf(root.ID) {
			silent[n.Addr] = true
		}
		i := slices.IndexFunc(d.run.Vantages, func(v run.Vantage) bool { return v.Name == root.ID.Vantage })
		if i < 0 || !slices.ContainsFunc(d.run.Vantages[i].Resolvers, func(r netip.AddrPort) bool { return silent[r.Addr()] }) {
			continue
		}
		blame(root, with(root.Reasons, reason.ResolverUnreached, "vantage", root.ID.Vantage),
			d.from(root.ID.Vantage, func(c *run.Cell) bool {
				return d.follows(c, root.ID.Check) || fromHost(d.check(c)) && c.ID.Target == intent.NameDNS
			}))
	}
}

// missingExemptions: an exempt vantage that is alive is denied by a host that
// answers others.
func missingExemptions(d *diagnosis) {
	for _, root := range d.where(d.being(func(x *check.Check) bool { return letsIn(x) && x.Flow.ToKMS() && !d.byIPsec(x) })) {
		if !open(root) || root.Verdict != run.Fail || !d.flowSilent(root.ID) {
			continue
		}
		others := d.asked(root.ID.Target, func(n run.Need) bool {
			return n.Probe == run.ProbeRPC && n.When == run.Before && n.Vantage != root.ID.Vantage
		})
		if !slices.ContainsFunc(others, (*run.Observation).Heard) {
			continue
		}
		var names []string
		for _, a := range d.addresses(root.ID.Vantage) {
			if e, ok := d.policy.Exempt(a, root.ID.Target); ok && !slices.Contains(names, e.Name) {
				names = append(names, e.Name)
			}
		}
		blame(root, reason.One(reason.ExemptionMissing, "host", root.ID.Target, "vantage", root.ID.Vantage, "exemptions", names), nil)
	}
}
