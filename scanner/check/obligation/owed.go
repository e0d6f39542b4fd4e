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

// Owed says what a GO owes beside the verdict of each cell, and which cells pay it:
//   - for each address of each KMS host a deny of the KMS port, unless outsiders are
//     still let in,
//   - for each KMS host a protected way in,
//   - each declared flow, and behind NAT what a member there needs,
//   - for each declared directory each check of what is configured.
//
// It is computed from the declaration. An audit owes what is configured alone. A waiver
// of the cells that would pay stands in the place of an obligation, which is noted in
// r.Waivers.
func Owed(pl *check.Plan, r *run.Run, cells []run.Cell) []run.Obligation {
	o := &owing{p: pl.Policy(), r: r, cells: make(map[run.CellID]*run.Cell, len(cells)), to: map[aim][]*run.Cell{}}
	for i := range cells {
		c := &cells[i]
		o.cells[c.ID] = c
		if c.ID.Vantage != run.DirectoryVantage {
			to := aim{c.ID.Check, c.ID.Target}
			o.to[to] = append(o.to[to], c)
		}
	}
	if !r.Audit {
		for _, h := range o.p.Hosts {
			for _, a := range h.Addresses {
				if !check.OutsidersPass(o.p) {
					o.deny(h, a)
				}
			}
			o.wayIn(h)
		}
		o.flows()
	}
	o.directories(pl)
	return o.all
}

// owing is what is owed, as it is worked out.
type owing struct {
	p     *intent.Policy
	r     *run.Run
	cells map[run.CellID]*run.Cell
	to    map[aim][]*run.Cell // those that observe
	all   []run.Obligation
}

// aim is what cells of a check, from several vantages, are about.
type aim struct{ check, target string }

// debt is one obligation, and what can pay it.
type debt struct {
	what  reason.List
	cells []*run.Cell
	how   func(*run.Cell) run.Support // how far a cell pays
	// waivable are the cells of which a waiver stands in the place of the obligation.
	waivable func() []run.CellID
	// why is why it is not paid, where no cell says so.
	why func() reason.List
}

// owe works out whether an obligation is paid, and notes it.
func (o *owing) owe(d *debt) {
	made := run.Obligation{What: d.what}
	for _, c := range d.cells {
		how := d.how(c)
		if how != run.Shown && how != run.Weak {
			continue
		}
		if made.Paid != run.Shown { // of several the best counts
			made.Paid = how
		}
		made.By = append(made.By, c.ID)
	}
	if made.Paid == "" {
		made.Paid, made.Why = run.NotShown, d.why()
		o.waive(&made, d)
	}
	o.all = append(o.all, made)
}

// waive has a waiver stand in the place of an obligation.
func (o *owing) waive(made *run.Obligation, d *debt) {
	if len(o.p.Waivers) == 0 {
		return
	}
	i := waiverOf(o.p, o.r.Started, d.waivable())
	if i < 0 {
		return
	}
	made.Paid, made.Why = run.Weak, waivedBy(&o.p.Waivers[i])
	if i < len(o.r.Waivers) {
		o.r.Waivers[i].Obligations++
	}
}

// waiverOf is the place of a waiver that lasts at a time, and covers one of some cells,
// whether there is such a cell or not; -1 for none.
func waiverOf(p *intent.Policy, at time.Time, cells []run.CellID) int {
	return slices.IndexFunc(p.Waivers, func(w intent.Waiver) bool {
		return at.Before(w.Expires) && slices.ContainsFunc(cells, func(id run.CellID) bool { return w.Covers(id.Check, id.Vantage, id.Target) })
	})
}

func waivedBy(w *intent.Waiver) reason.List {
	return reason.One(reason.WaivedInstead, "cell", w.Cell, "owner", w.Owner, "until", w.Ends())
}

// denyCheck is the check of the deny at an address.
func denyCheck(a netip.Addr) string {
	if a.Is6() {
		return observed.IPv6Isolated.ID
	}
	return observed.NonDomainKMS.ID
}

func denyNotShown(h intent.Host, a netip.Addr) reason.List {
	return reason.One(reason.DenyNotShown, "host", h.Name, "address", a, "family", familyName(a))
}

// deny is the deny of the KMS port at one address of a host, whichever outsider shows
// it.
func (o *owing) deny(h intent.Host, a netip.Addr) {
	check, at := denyCheck(a), []string{check.Label(a, check.Port(h.Port))}
	o.owe(&debt{
		what:     reason.One(reason.DenyOwed, "host", h.Name, "address", a),
		cells:    o.to[aim{check, h.Name}],
		how:      paidAt(at),
		waivable: func() []run.CellID { return anyOf(check, o.p.WithRole(intent.RoleNonDomain), h.Name) },
		why: func() reason.List {
			if len(o.p.WithRole(intent.RoleNonDomain)) == 0 {
				return reason.One(reason.OutsiderWanted, "host", h.Name)
			}
			return denyNotShown(h, a)
		},
	})
}

// wayIn is a connection of a member to a host that is shown to be protected, over a
// family that a member has.
func (o *owing) wayIn(h intent.Host) {
	var at []string
	for _, a := range usable(o.p, h) {
		at = append(at, check.Label(a, check.Port(h.Port)))
	}
	o.owe(&debt{
		what:  reason.One(reason.WayInOwed, "host", h.Name),
		cells: o.to[aim{observed.DomainProtected.ID, h.Name}],
		how:   paidAt(at),
		waivable: func() []run.CellID {
			return anyOf(observed.DomainProtected.ID, o.p.WithRole(intent.RoleDomain), h.Name)
		},
		why: func() reason.List {
			if why := memberLacks(o.p, h); why != nil {
				return why
			}
			return reason.One(reason.WayInNotShown, "host", h.Name)
		},
	})
}

// usable are the addresses of a host that members can use, as far as is declared.
func usable(p *intent.Policy, h intent.Host) []netip.Addr {
	members := p.WithRole(intent.RoleDomain)
	var some []netip.Addr
	for _, a := range h.Addresses {
		if slices.ContainsFunc(members, func(v intent.Vantage) bool { return mayUse(v, a) }) {
			some = append(some, a)
		}
	}
	return some
}

// memberLacks says why no member can show a protected way in to a host.
func memberLacks(p *intent.Policy, h intent.Host) reason.List {
	switch {
	case len(p.WithRole(intent.RoleDomain)) == 0:
		return reason.One(reason.MemberWanted, "host", h.Name)
	case len(h.Addresses) > 0 && len(usable(p, h)) == 0:
		return reason.One(reason.MemberFamilyWanted, "host", h.Name, "family", familyName(h.Addresses[0]))
	}
	return nil
}

// anyOf are the cells of a check for a target from some vantages, and from one that may
// be added.
func anyOf(check string, vantages []intent.Vantage, target string) []run.CellID {
	ids := []run.CellID{{Check: check, Target: target}}
	for _, v := range vantages {
		ids = append(ids, run.CellID{Check: check, Vantage: v.Name, Target: target})
	}
	return ids
}

// paidAt is how far the trials of a cell at some places pay, by their claims, whatever
// else the cell tried. Of several the best counts. A waived cell pays, weakly.
func paidAt(places []string) func(*run.Cell) run.Support {
	return func(c *run.Cell) run.Support {
		best := run.NotShown
		for i := range c.Trials {
			if t := &c.Trials[i]; slices.Contains(places, t.At) {
				switch how := paidBy(c, t); how {
				case run.Shown:
					return how
				case run.Weak:
					best = how
				}
			}
		}
		return best
	}
}

// paidBy is how a trial of a cell pays.
func paidBy(c *run.Cell, t *run.Trial) run.Support {
	if c.Verdict == run.Waived {
		return run.Weak
	}
	if len(t.Claims) == 0 || slices.ContainsFunc(t.Claims, func(x run.Claim) bool { return x.Support != run.Shown && x.Support != run.Weak }) {
		return run.NotShown
	}
	if slices.ContainsFunc(t.Claims, func(x run.Claim) bool { return x.Support == run.Weak }) {
		return run.Weak
	}
	return run.Shown
}
