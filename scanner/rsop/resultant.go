package rsop

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Resultant is the resultant policy of a machine: what of all GPOs reaches it.
type Resultant struct {
	// Outcomes are the linked GPOs in the order in which they are processed;
	// none where Assumed.
	Outcomes []Outcome
	// Left are the GPOs that were to be assumed and that no machine gets, each
	// with the reason; none where not Assumed.
	Left []Outcome
	// Assumed says that nothing is known of the machine's account, and the
	// GPOs are taken to apply to it.
	Assumed bool
	// GPOs are those that the policy is made of; the last one wins. Machines are in
	// their place where the policy is what the machine's own registry has.
	GPOs     []*run.GPO
	Machines []run.MachinePolicy
	// Policy is what comes of the GPOs that apply.
	Policy *consec.Policy
	// Doubts are why the policy may be another one.
	Doubts reason.List
	// More says that some doubt is about more that may reach it, so that
	// what is missing in Policy need not be missing there.
	More bool
}

// Resultant works out the resultant policy of a machine.
func (e *Directories) Resultant(s Subject) *Resultant {
	t := &Resultant{Outcomes: e.Apply(s)}
	var ended []*Outcome
	for i := range t.Outcomes {
		o := &t.Outcomes[i]
		switch {
		case o.Applied == tri.Yes && len(o.GPO.Registry) > 0:
			t.GPOs = append(t.GPOs, o.GPO)
		case o.Applied == tri.Unknown && e.Matters(o.Domain, o.GPO):
			t.more(o.because(reason.GPODoubtful))
		case o.Why.Has(reason.WMIRefused):
			ended = append(ended, o)
		}
	}
	for _, o := range ended {
		if len(t.GPOs) > 0 {
			t.doubt(o.because(reason.GPOEndsAll))
		}
	}
	if why := e.Lost(s.Domain, run.AspectLinks); len(why) > 0 {
		t.more(reason.New(reason.LinksNotRead, "why", why))
	}
	t.Policy = e.policy(t.GPOs)
	return t
}

// more notes that something may reach the machine that is not in the policy.
func (t *Resultant) more(r reason.Reason) {
	t.More = true
	t.doubt(r)
}

func (t *Resultant) doubt(r reason.Reason) { t.Doubts = t.Doubts.Add(r) }

// Assume is the resultant policy of a machine to which these GPOs apply, in this
// order: the last one wins. A GPO that no machine can get is left out.
func (e *Directories) Assume(gpos ...*run.GPO) *Resultant {
	t := &Resultant{Assumed: true}
	for _, g := range gpos {
		if o := e.standing(g); o.Applied == tri.No {
			t.Left = append(t.Left, o)
			continue
		} else if o.Applied == tri.Unknown {
			t.doubt(o.because(reason.GPODoubtful)) // taken to apply all the same
		}
		t.GPOs = append(t.GPOs, g)
		for _, p := range g.Problems {
			if p.Aspect == run.AspectSettings || p.Aspect == run.AspectGPOs {
				t.more(reason.New(reason.GPODoubtful, "gpo", g.Name, "gpo-id", g.ID, "why", p.Reason()))
			}
		}
	}
	t.Policy = e.policy(t.GPOs)
	return t
}

// standing is what of a GPO keeps it from every machine, or may.
func (e *Directories) standing(g *run.GPO) Outcome {
	o := Outcome{GPO: g, Domain: e.Home(g), Applied: tri.Yes}
	for _, step := range []func(*Directories, Subject){o.container, o.versions, o.extensions} {
		if o.Applied == tri.Yes {
			step(e, Subject{})
		}
	}
	unread := func(p run.Problem) bool { return p.Aspect == run.AspectGPOs }
	if o.Applied == tri.No && slices.ContainsFunc(g.Problems, unread) {
		o.Applied = tri.Unknown
	}
	return o
}

// Outcome returns what became of a GPO at the machine: the best of its links,
// nil where none of them is above it.
func (t *Resultant) Outcome(g *run.GPO) *Outcome {
	var best *Outcome
	for i := range t.Outcomes {
		if o := &t.Outcomes[i]; o.GPO == g && (best == nil || o.Applied > best.Applied) {
			best = o
		}
	}
	return best
}

// policy makes the policy of the GPOs; machines with the same ones share it.
func (e *Directories) policy(gpos []*run.GPO) *consec.Policy {
	kept := e.policies.of(gpos)
	if kept.policy != nil {
		return kept.policy
	}
	var layers []consec.Layer
	for _, g := range gpos {
		layers = append(layers, consec.Layer{Source: g.Name, Store: consec.GPO, Values: g.Registry})
	}
	kept.policy = policyOf(layers)
	return kept.policy
}

// policyOf is what comes of layers; a setting among them that cannot be read is
// part of it.
func policyOf(layers []consec.Layer) *consec.Policy {
	p, err := consec.FromLayers(layers...)
	if err != nil {
		p.Broken = append(p.Broken, consec.Broken{What: "policy", Why: reason.Of(err)})
	}
	return &p
}

// Matters reports whether a GPO has, or may have, a say in this: it has such
// settings, or what settings it has is not known.
func (e *Directories) Matters(domain string, g *run.GPO) bool {
	return g == nil || len(g.Registry) > 0 || !g.RegistryFile && len(g.Problems) > 0 || len(e.SettingsLost(domain, g)) > 0
}

// because is a reason about the GPO that rests on what became of it.
func (o *Outcome) because(code reason.Code) reason.Reason {
	if o.GPO == nil {
		return reason.New(code, "gpo-id", o.Link.GPO, "why", o.Why)
	}
	return reason.New(code, "gpo", o.GPO.Name, "gpo-id", o.GPO.ID, "why", o.Why)
}

// Covers reports whether some connection security rule, of whatever action and
// state, names one of the addresses.
func (e *Directories) Covers(p *consec.Policy, hosts []netip.Addr) bool {
	for i := range p.Rules {
		for _, side := range []consec.Addresses{p.Rules[i].EP1, p.Rules[i].EP2} {
			if side.IsAny() {
				continue
			}
			for _, a := range hosts {
				if side.Covers(a, nil) == tri.Yes {
					return true
				}
			}
		}
	}
	return false
}

// Names reports whether a GPO has a protecting connection security rule that
// names one of the addresses.
func (e *Directories) Names(g *run.GPO, hosts []netip.Addr) bool {
	p := e.protecting(g)
	return p != nil && e.Covers(p, hosts)
}

// namesAll reports whether a GPO has a protecting connection security rule from
// any to any.
func (e *Directories) namesAll(g *run.GPO) bool {
	p := e.protecting(g)
	return p != nil && slices.ContainsFunc(p.Rules, func(r consec.Rule) bool { return r.Active && r.EP1.IsAny() && r.EP2.IsAny() })
}

// protecting is what a GPO says, without its exemptions; nil where it says
// nothing.
func (e *Directories) protecting(g *run.GPO) *consec.Policy {
	if len(g.Registry) == 0 {
		return nil
	}
	p := *e.policy([]*run.GPO{g})
	p.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r consec.Rule) bool { return r.Action == consec.DoNotSecure })
	return &p
}
