package estate

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Told is what a machine has been told by Group Policy.
type Told struct {
	// Outcomes are the linked GPOs in the order in which they are processed;
	// none where Assumed.
	Outcomes []Outcome
	// Assumed says that nothing is known of the machine's account, and the
	// GPOs are taken to apply to it.
	Assumed bool
	// GPOs are those that the policy is made of; the last one wins.
	GPOs []*run.GPO
	// Policy is what comes of the GPOs that apply.
	Policy *consec.Policy
	// Doubts are why the policy may be another one, one sentence each.
	Doubts []string
}

// Told works out what a machine has been told.
func (e *Estate) Told(s Subject) *Told {
	t := &Told{Outcomes: e.Apply(s)}
	var layers []consec.Layer
	var key strings.Builder
	for i := range t.Outcomes {
		o := &t.Outcomes[i]
		switch {
		case o.Applied == Yes && len(o.GPO.Registry) > 0:
			t.GPOs = append(t.GPOs, o.GPO)
			layers = append(layers, layersOf(o.GPO)...)
			fmt.Fprintf(&key, "%s %s\n", o.Domain, o.GPO.ID)
		case o.Applied == Unknown && e.Matters(o.Domain, o.GPO):
			t.Doubts = append(t.Doubts, fmt.Sprintf("GPO %s: %s", o.title(), o.Why))
		}
	}
	t.Doubts = append(t.Doubts, e.siteDoubts(s)...)
	t.Policy = e.policy(key.String(), layers)
	return t
}

// Assume is what a machine has been told to which these GPOs apply, in this
// order: the last one wins.
func (e *Estate) Assume(gpos ...*run.GPO) *Told {
	t := &Told{Assumed: true, GPOs: gpos}
	var layers []consec.Layer
	var key strings.Builder
	for _, g := range gpos {
		layers = append(layers, layersOf(g)...)
		fmt.Fprintf(&key, "%p\n", g)
		for _, p := range g.Problems {
			if p.Aspect == run.AspectSettings {
				t.Doubts = append(t.Doubts, fmt.Sprintf("GPO %q: %s: %s", g.Name, p.Where, p.Text))
			}
		}
	}
	t.Policy = e.policy(key.String(), layers)
	return t
}

// Outcome returns what became of a GPO at the machine: the best of its links,
// nil where none of them is above it.
func (t *Told) Outcome(g *run.GPO) *Outcome {
	var best *Outcome
	for i := range t.Outcomes {
		if o := &t.Outcomes[i]; o.GPO == g && (best == nil || o.Applied > best.Applied) {
			best = o
		}
	}
	return best
}

// layersOf is what a GPO says. The export of a machine's registry may have the
// machine's own stores as well.
func layersOf(g *run.GPO) []consec.Layer {
	layers := []consec.Layer{{Source: g.Name, Store: consec.GPO, Values: g.Registry}}
	own := func(v run.RegistryValue) bool { return strings.Contains(strings.ToLower(v.Key), ownStore) }
	if slices.ContainsFunc(g.Registry, own) {
		layers = append(layers, consec.Layer{Source: g.Name, Store: consec.Local, Values: g.Registry},
			consec.Layer{Source: g.Name, Store: consec.MDM, Values: g.Registry})
	}
	return layers
}

// ownStore is part of the keys that hold a machine's own rules.
const ownStore = `\sharedaccess\parameters\firewallpolicy`

// policy makes the policy of the layers; machines with the same GPOs share it.
func (e *Estate) policy(key string, layers []consec.Layer) *consec.Policy {
	if p := e.policies[key]; p != nil {
		return p
	}
	p, err := consec.FromLayers(layers...)
	if err != nil {
		p.Broken = append(p.Broken, consec.Broken{What: "policy", Why: err.Error()})
	}
	e.policies[key] = &p
	return &p
}

// Matters reports whether a GPO has, or may have, a say in this.
func (e *Estate) Matters(domain string, g *run.GPO) bool {
	return g == nil || len(g.Registry) > 0 || !g.RegistryFile && (len(g.Problems) > 0 || e.SettingsLost(domain, g) != "")
}

// siteDoubts are GPOs that are linked to sites, where the machine's is not known.
func (e *Estate) siteDoubts(s Subject) []string {
	f := e.Forest(s.Domain)
	if s.Site != nil || f == nil {
		return nil
	}
	var all []string
	for i := range f.Sites {
		for _, o := range e.Apply(Subject{Machine: run.Machine{Container: "DC=-", Controller: s.Controller, ReadOnly: s.ReadOnly,
			PrimaryGroup: s.PrimaryGroup, Groups: s.Groups, OS: s.OS, OSVersion: s.OSVersion}, Domain: s.Domain, Site: &f.Sites[i].Container}) {
			if o.Applied != No && e.Matters(o.Domain, o.GPO) {
				all = append(all, fmt.Sprintf("GPO %s is linked to site %s, and the machine's site is not known", o.title(), f.Sites[i].Name))
			}
		}
	}
	return all
}

// title names the GPO in quotes, or by its id.
func (o *Outcome) title() string {
	if o.GPO != nil {
		return fmt.Sprintf("%q", o.GPO.Name)
	}
	return o.Link.GPO
}

// Covers reports whether some connection security rule, of whatever action and
// state, names one of the addresses.
func (e *Estate) Covers(p *consec.Policy, hosts []netip.Addr) bool {
	for i := range p.Rules {
		for _, side := range []consec.Addresses{p.Rules[i].EP1, p.Rules[i].EP2} {
			if side.IsAny() {
				continue
			}
			for _, a := range hosts {
				if side.Covers(a, nil) == consec.Yes {
					return true
				}
			}
		}
	}
	return false
}

// Names reports whether a GPO has a protecting connection security rule that
// names one of the addresses.
func (e *Estate) Names(g *run.GPO, hosts []netip.Addr) bool {
	if len(g.Registry) == 0 {
		return false
	}
	p := *e.Assume(g).Policy
	p.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r consec.Rule) bool { return r.Action == consec.DoNotSecure })
	return e.Covers(&p, hosts)
}
