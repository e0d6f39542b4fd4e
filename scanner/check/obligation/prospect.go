package obligation

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/observed"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// prospect is a [run.Prospect] as it is worked out at a time.
type prospect struct {
	run.Prospect
	now time.Time
}

// ProspectOf says whether a GO can be reached now, and what to add where it cannot.
func ProspectOf(p *intent.Policy, now time.Time) run.Prospect {
	all := prospect{run.Prospect{Best: run.Go}, now}
	var watching []string
	for _, h := range p.Hosts {
		if !check.OutsidersPass(p) {
			all.denyLacks(p, h)
		}
		all.owes(p, memberLacks(p, h), anyOf(observed.DomainProtected.ID, p.WithRole(intent.RoleDomain), h.Name))
		if memberLacks(p, h) == nil && len(check.Controls(p, h)) == 0 {
			all.lacks(run.Unproven, reason.One(reason.ControlWanted, "host", h.Name))
		}
		names := check.Watchers(p, h.Name)
		if len(names) == 0 {
			all.lacks(run.GoBut, reason.One(reason.WatchWanted, "host", h.Name))
		}
		if len(watching) < mostLacks {
			watching = check.AppendNew(watching, names...)
		}
	}
	for _, f := range declaredFlows(p) {
		all.lacks(run.GoBut, f.why)
	}
	for _, f := range p.Directories() {
		all.lacks(run.GoBut, neverTells(f))
	}
	if len(watching) > 0 {
		all.Needs = reason.One(reason.PrivilegeWanted, "vantages", watching[:min(len(watching), mostLacks)])
	}
	return all.Prospect
}

// mostLacks is how many things to add are named. Who has added these asks again.
const mostLacks = 20

// lacks notes what keeps a GO away, and how far.
func (all *prospect) lacks(best run.Answer, why reason.List) {
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

// owes notes that something that is owed cannot be shown, unless a waiver of the cells
// that would show it stands in its place.
func (all *prospect) owes(p *intent.Policy, why reason.List, cells []run.CellID) {
	if len(why) == 0 {
		return
	}
	if w := waiverOf(p, all.now, cells); w >= 0 {
		all.lacks(run.GoBut, waivedBy(&p.Waivers[w]))
		return
	}
	all.lacks(run.Unproven, why)
}

// denyLacks notes what is missing to show that a host denies outsiders at each address.
func (all *prospect) denyLacks(p *intent.Policy, h intent.Host) {
	outsiders := p.WithRole(intent.RoleNonDomain)
	for _, a := range h.Addresses {
		cells := anyOf(denyCheck(a), outsiders, h.Name)
		if len(outsiders) == 0 {
			all.owes(p, reason.One(reason.OutsiderWanted, "host", h.Name), cells)
			continue
		}
		some := slices.DeleteFunc(slices.Clone(outsiders), func(v intent.Vantage) bool { return !mayUse(v, a) })
		if len(some) == 0 {
			all.owes(p, denyNotShown(h, a), cells)
		}
		for _, v := range some {
			if !mayAnswer(p, v, a) {
				all.owes(p, reason.One(reason.AliveWanted, "vantage", v.Name, "family", familyName(a)), []run.CellID{{Check: denyCheck(a), Vantage: v.Name, Target: h.Name}})
			}
		}
	}
}

// mayAnswer reports whether something that is declared as alive may answer a vantage in
// the family of an address. A name may have any address as long as nobody looked it up.
func mayAnswer(p *intent.Policy, v intent.Vantage, a netip.Addr) bool {
	return slices.ContainsFunc(p.AliveOf(v), func(e intent.Endpoint) bool {
		return len(check.Family(e.Addrs, a.Is6())) > 0 || p.Pins == nil && len(e.Addrs) == 0
	})
}

// mayUse reports whether a vantage may connect to an address, as far as is declared:
// it has an address of that family, or declares none, and a way in other than WinRM,
// which makes no connections.
func mayUse(v intent.Vantage, a netip.Addr) bool {
	return !check.WithoutFarEnd(v) && (len(v.Addresses) == 0 || len(check.Family(v.Addresses, a.Is6())) > 0)
}

func familyName(a netip.Addr) string {
	if a.Is6() {
		return "IPv6"
	}
	return "IPv4"
}
