package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Prospect is the best answer that runs of a policy can have, by what it declares
// alone.
type Prospect struct {
	Best run.Answer // Go, GoBut or Unproven
	Why  reason.List
	// Needs is what it depends on that the policy cannot tell.
	Needs reason.List
}

// ProspectOf says whether a GO can be reached, and what to add where it cannot.
func ProspectOf(p *policy.Policy) Prospect {
	all := Prospect{Best: run.Go}
	var watching []string
	for _, h := range p.Hosts {
		if !outsidersPass(p) {
			all.lacks(run.Unproven, denyLacks(p, h))
		}
		all.lacks(run.Unproven, controlLacks(p, h))
		names := watchers(p, h.Name)
		if len(names) == 0 {
			all.lacks(run.GoBut, reason.One(reason.WatchWanted, "host", h.Name))
		}
		if len(watching) < mostLacks {
			watching = appendNew(watching, names...)
		}
	}
	if len(watching) > 0 {
		all.Needs = reason.One(reason.PrivilegeWanted, "vantages", watching[:min(len(watching), mostLacks)])
	}
	return all
}

// mostLacks is how many things to add are named. Who has added these asks again.
const mostLacks = 20

// lacks notes what keeps a GO away, and how far.
func (all *Prospect) lacks(best run.Answer, why reason.List) {
	if len(why) == 0 {
		return
	}
	if best == run.Unproven || all.Best == run.Go {
		all.Best = best
	}
	if len(all.Why) < mostLacks {
		all.Why = all.Why.Add(why...)
	}
}

// denyLacks is what is missing to show that a host denies outsiders at each address.
func denyLacks(p *policy.Policy, h policy.Host) (why reason.List) {
	outsiders := p.WithRole(policy.RoleNonDomain)
	if len(outsiders) == 0 {
		return reason.One(reason.OutsiderWanted, "host", h.Name)
	}
	for _, a := range h.Addresses {
		some := slices.DeleteFunc(slices.Clone(outsiders), func(v policy.Vantage) bool { return !mayUse(v, a) })
		if len(some) == 0 {
			why = append(why, reason.New(reason.DenyNotShown, "host", h.Name, "address", a, "family", familyName(a)))
			continue
		}
		for _, v := range some {
			if len(aliveNeeds(p, v, a)) == 0 {
				why = why.Add(reason.New(reason.AliveWanted, "vantage", v.Name, "family", familyName(a)))
			}
		}
	}
	return why
}

// controlLacks is what is missing to show that those who may reach a host do.
func controlLacks(p *policy.Policy, h policy.Host) reason.List {
	switch members := p.WithRole(policy.RoleDomain); {
	case len(members) == 0:
		return reason.One(reason.MemberWanted, "host", h.Name)
	case len(controls(p, h)) == 0:
		return reason.One(reason.ControlWanted, "host", h.Name)
	}
	return nil
}

// mayUse reports whether a vantage may speak to an address: it declares none of its
// own, or one of that family.
func mayUse(v policy.Vantage, a netip.Addr) bool {
	return len(v.Addresses) == 0 || len(family(v.Addresses, a.Is6())) > 0
}

func familyName(a netip.Addr) string {
	if a.Is6() {
		return "IPv6"
	}
	return "IPv4"
}
