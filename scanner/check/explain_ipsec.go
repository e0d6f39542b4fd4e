package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ipsecChecks are what cannot work where no IPsec can be negotiated.
var ipsecChecks = []string{"domain-ping", "domain-kms", "domain-protected", "nat-client", "kms-inbound"}

// silentIKE: where IKE does not pass, nothing can be negotiated.
func silentIKE(d *diagnosis) {
	for _, h := range d.policy.Hosts {
		for _, id := range []string{"ike-500", "natt-4500"} {
			cells := d.where(both(checks(id), target(h.Name)))
			if len(cells) == 0 {
				continue
			}
			n := map[string]int{"ike-500": portIKE, "natt-4500": portNATT}[id]
			asked := d.of(func(o run.Need) bool {
				return o.Probe == run.ProbeIKE && o.Target == h.Name && int(o.Port) == n
			})
			if !slices.ContainsFunc(asked, heard) {
				root := cells[0]
				other := first(d.where(target(h.Name)), "ike-500", "natt-4500")
				cause := fmt.Sprintf("UDP %d of %s answers nobody: a filter drops it for all, or IKE does not run there", n, h.Name)
				if other != nil && d.silentBoth(h.Name) {
					cause = fmt.Sprintf("%s answers no IKE at all, on UDP 500 or 4500: IKEEXT is stopped, or no IPsec policy reached the host", h.Name)
					cells = append(cells, d.where(both(checks("ike-500", "natt-4500"), target(h.Name)))...)
				}
				cells = append(cells, d.where(both(checks(ipsecChecks...), target(h.Name)))...)
				cells = append(cells, d.toMembers(h.Name, "")...)
				blame(root, cause, "see that IKEEXT runs, that the rule is enforced, and that every router passes UDP 500 and 4500 both ways",
					append(cells, d.outOfReach(h.Name)...))
				continue
			}
			for _, root := range cells {
				if !open(root) {
					continue
				}
				v := root.ID.Vantage
				follows := append(d.toMembers(h.Name, v), d.reachedFrom(v, h.Name)...)
				blame(root, fmt.Sprintf("UDP %d does not pass between %s and %s", n, v, h.Name),
					fmt.Sprintf("let UDP %d pass both ways on the routers between them", n),
					append(follows, d.where(func(c *run.Cell) bool {
						return c.ID.Vantage == v && (c.ID.Check == id || slices.Contains(ipsecChecks, c.ID.Check))
					})...))
			}
		}
	}
}

// silentBoth reports whether a host answered IKE to nobody on either port.
func (d *diagnosis) silentBoth(host string) bool {
	return !slices.ContainsFunc(d.of(func(n run.Need) bool {
		return n.Probe == run.ProbeIKE && n.Target == host
	}), heard)
}

// unappliedPolicy: a client that was not told to negotiate does not.
func unappliedPolicy(d *diagnosis) {
	for _, root := range d.where(checks("gpo-applied")) {
		if root.Verdict != run.Fail {
			continue
		}
		host := ""
		if v, _ := d.policy.Vantage(root.ID.Vantage); v.Host != "" {
			host = v.Host
		}
		blame(root, root.Reason, "gpupdate /target:computer /force, then gpresult /scope computer: see which filter keeps the GPO away",
			d.where(func(c *run.Cell) bool {
				if host != "" {
					return c.ID.Target == host && slices.Contains(denyChecks, c.ID.Check)
				}
				return c.ID.Vantage == root.ID.Vantage && slices.Contains(ipsecChecks, c.ID.Check)
			}))
	}
}

// blockedESP: what negotiates and then goes silent has lost its ESP.
func blockedESP(d *diagnosis) {
	for _, root := range d.where(checks("esp-50")) {
		if root.Verdict != run.Fail {
			continue
		}
		follows := append(d.toMembers(root.ID.Target, root.ID.Vantage), d.reachedFrom(root.ID.Vantage, root.ID.Target)...)
		blame(root, root.Reason, "let IP protocol 50 pass both ways, in every size, on the routers between them",
			append(follows, d.where(func(c *run.Cell) bool {
				return c.ID.Vantage == root.ID.Vantage && c.ID.Target == root.ID.Target && slices.Contains(ipsecChecks, c.ID.Check)
			})...))
	}
}

// failedNegotiation: IKE passes and the flow is silent all the same.
func failedNegotiation(d *diagnosis) {
	for _, root := range d.where(checks("domain-kms", "nat-client", "domain-ping")) {
		if !open(root) || root.Verdict != run.Fail || !d.ikeHeard(root.ID.Vantage, root.ID.Target) || !d.flowSilent(root.ID) {
			continue
		}
		v := root.ID.Vantage
		blame(root, fmt.Sprintf("IKE answers %s, and yet no protected connection comes about: the negotiation fails (authentication, no common proposal), or %s does not try", v, v),
			"look at events 4653, 4654 and 4984 on both ends, at the clock and the secure channel of the client, and at gpo-applied",
			append(append(d.toMembers(root.ID.Target, v), d.reachedFrom(v, root.ID.Target)...), d.where(func(c *run.Cell) bool {
				return c.ID.Vantage == v && slices.Contains(ipsecChecks, c.ID.Check) && c.Verdict != run.Error
			})...))
	}
}

// toMembers are the failed connections of a host to a domain vantage, or with
// no vantage named to any: between the two IPsec carries both directions.
func (d *diagnosis) toMembers(host, vantage string) []*run.Cell {
	var members []netip.Addr
	for _, v := range d.policy.WithRole(policy.RoleDomain) {
		if vantage == "" || v.Name == vantage {
			members = append(members, d.addresses(v.Name)...)
		}
	}
	return d.where(func(c *run.Cell) bool {
		v, _ := d.policy.Vantage(c.ID.Vantage)
		return c.ID.Check == kmsOutbound.ID && v.Host == host && slices.ContainsFunc(outboundNeeds(d.policy, c.ID), func(n run.Need) bool {
			return slices.Contains(members, n.Addr)
		})
	})
}

func (d *diagnosis) ikeHeard(vantage, host string) bool {
	return slices.ContainsFunc(d.of(func(n run.Need) bool {
		return n.Probe == run.ProbeIKE && n.Vantage == vantage && n.Target == host
	}), heard)
}

// flowSilent reports whether the flow of a cell got no answer at all.
func (d *diagnosis) flowSilent(id run.CellID) bool {
	silent := false
	for _, o := range d.of(func(n run.Need) bool {
		return n.Vantage == id.Vantage && n.Target == id.Target && n.When == run.Before && n.Probe == run.ProbeRPC
	}) {
		if spoke(o) {
			return false
		}
		silent = silent || o.Class == run.Silent
	}
	return silent
}

// outOfReach are the cells in error of the vantage that a host is: the ways
// into it are isolated like everything else.
func (d *diagnosis) outOfReach(host string) []*run.Cell {
	return d.where(func(c *run.Cell) bool {
		v, _ := d.policy.Vantage(c.ID.Vantage)
		return v.Role == policy.RoleKMSHost && v.Host == host && c.Verdict == run.Error
	})
}

// reachedFrom is outOfReach where the vantage is the controller itself, whose
// IPsec the ways into the host need.
func (d *diagnosis) reachedFrom(vantage, host string) []*run.Cell {
	v, _ := d.policy.Vantage(vantage)
	if !slices.ContainsFunc(v.Via, func(w policy.Via) bool { return w.Kind == policy.ViaLocal }) {
		return nil
	}
	return d.outOfReach(host)
}
