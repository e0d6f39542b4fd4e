package explain

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var nothing netip.Addr // no address is asked for

// alike reports whether an actor has been told the same in both states.
func (d *differ) alike(a actor) bool {
	o, n := a.old, a.new
	switch {
	case !o.Nothing.Equal(n.Nothing) || !o.Unknown.Equal(n.Unknown) || (o.Resultant == nil) != (n.Resultant == nil):
		return false
	case o.Resultant == nil:
		return true
	case d.identical:
		return true
	case len(o.Resultant.Doubts)+len(n.Resultant.Doubts) > 0 || len(o.Resultant.GPOs) != len(n.Resultant.GPOs):
		return false
	case d.trustsChanged(o.Domain):
		return false
	}
	for i, g := range o.Resultant.GPOs {
		if h := n.Resultant.GPOs[i]; g.Name != h.Name || !slices.Equal(g.Registry, h.Registry) {
			return false
		}
	}
	return slices.EqualFunc(o.Resultant.Machines, n.Resultant.Machines, func(a, b run.MachinePolicy) bool {
		return a.Name == b.Name && slices.Equal(a.Registry, b.Registry)
	})
}

// sameFacts reports whether all that was read is the same in both states.
func sameFacts(a, b *Explainer) bool {
	return slices.EqualFunc(a.Forests, b.Forests, func(f, g *run.Forest) bool {
		return f.Name == g.Name && reflect.DeepEqual(f.Machines, g.Machines) && reflect.DeepEqual(f.Domains, g.Domains) && reflect.DeepEqual(f.Sites, g.Sites) &&
			reflect.DeepEqual(f.Lost, g.Lost) && reflect.DeepEqual(f.Problems, g.Problems)
	})
}

// trustsChanged reports whether the trusts of a domain are others.
func (d *differ) trustsChanged(domain string) bool {
	one, two := d.before.Domain(domain), d.after.Domain(domain)
	if one == nil || two == nil {
		return one != two
	}
	return !slices.EqualFunc(one.Trusts, two.Trusts, func(a, b run.Trust) bool {
		return a.Partner == b.Partner && a.Direction == b.Direction && a.Attributes == b.Attributes
	})
}

// missing says what could not be read in one of the states.
func (d *differ) missing() {
	for _, s := range []struct {
		x   *Explainer
		who string
	}{{d.before, "old"}, {d.after, "new"}} {
		for _, f := range s.x.sources {
			if len(f.Why) > 0 {
				d.note(reason.StateUnread, "state", s.who, "forest", f.Forest, "why", f.Why)
			}
		}
	}
	for _, f := range d.after.Forests {
		old := d.before.Forest(f.Name)
		if old == nil {
			continue
		}
		for _, a := range []run.Aspect{run.AspectComputers, run.AspectLinks} {
			if (len(old.Lost[a]) == 0) != (len(f.Lost[a]) == 0) {
				d.note(reason.StatesUnlike, "old", old.Source, "new", f.Source)
				return
			}
		}
	}
}

func (d *differ) note(code reason.Code, args ...any) {
	d.out.Notes = d.out.Notes.Add(reason.New(code, args...))
}

// hosts are the KMS hosts.
func (d *differ) hosts() []actor {
	var all []actor
	for _, h := range d.after.Policy.Hosts {
		if len(h.Addresses) == 0 {
			d.note(reason.HostLeftOut, "name", h.Name)
			continue
		}
		all = append(all, actor{name: h.Name, old: d.before.sim.Host(h), new: d.after.sim.Host(h)})
	}
	return d.known(all)
}

// peers are those whom the hosts are asked to reach: an outsider, and the
// vantages whose addresses are known.
func (d *differ) peers() []actor {
	all := []actor{anOutsider()}
	for _, v := range d.after.Policy.Vantages {
		if v.Role != intent.RoleKMSHost {
			all = append(all, actor{name: v.Name, old: d.before.sim.Vantage(v), new: d.after.sim.Vantage(v)})
		}
	}
	return d.known(slices.DeleteFunc(all, func(a actor) bool { return a.name != nameOutsider && len(a.new.Addrs) == 0 }))
}

// computers are the machines of the directories, one for each kind that was
// told something different from the others in either state. Where a directory
// does not list them it is any client.
func (d *differ) computers() []actor {
	var all []actor
	kinds := map[[2]treatment]int{}
	only := map[string]int{} // machines in one state only
	listed := false
	old := map[string]listedAs{}
	for _, o := range d.before.machines() {
		old[o.name] = o
	}
	for _, n := range d.after.machines() {
		listed = true
		o, ok := old[n.name]
		if !ok {
			only["new"]++
			continue
		}
		delete(old, n.name)
		key := [2]treatment{o.kind.treatment, n.kind.treatment}
		i, ok := kinds[key]
		if !ok {
			i = len(all)
			kinds[key] = i
			all = append(all, actor{name: n.name, old: o.kind.end, new: n.kind.end})
		}
		all[i].count++
	}
	only["old"] = len(old)
	for _, who := range []string{"old", "new"} {
		if n := only[who]; n > 0 {
			d.note(reason.ComputersInOneState, "n", n, "state", who)
		}
	}
	if listed {
		return all
	}
	for _, i := range rsop.Isolations(d.after.Policy) {
		one, two := d.before.sim.Client(i.Domain), d.after.sim.Client(i.Domain)
		all = append(all, actor{name: one.Name, old: one, new: two})
	}
	return d.known(slices.CompactFunc(all, func(a, b actor) bool { return a.name == b.name }))
}

// listedAs is a computer and the kind that it is of.
type listedAs struct {
	name string
	kind *kindOf
}

// kindOf is computers with the same resultant policy.
type kindOf struct {
	end       *simulate.Endpoint
	treatment treatment
}

// treatment is equal for computers that are treated alike.
type treatment struct {
	rsop.Treatment
	nothing string // why no Group Policy comes to them
}

// machines are the computers of the directories that are no KMS hosts.
func (x *Explainer) machines() []listedAs {
	var all []listedAs
	for _, f := range x.Forests {
		for i := range f.Domains {
			dom := &f.Domains[i]
			for j := range dom.Computers {
				c := &dom.Computers[j]
				names := x.ClientNames(c)
				if len(names) == 0 {
					continue
				}
				e := x.sim.Member(rsop.Found{Machine: &c.Machine, Domain: dom.Name, Name: names[0]})
				k := &kindOf{end: e, treatment: treatment{nothing: e.Nothing.Key()}}
				if e.Resultant != nil {
					k.treatment.Treatment = rsop.TreatmentOf(e.Resultant, e.Env)
				}
				for _, n := range names {
					all = append(all, listedAs{strings.ToLower(n), k})
				}
			}
		}
	}
	return all
}
