package explain

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// gpos says which GPOs come to a machine, and why not the others that have a
// say: those above it, and those that the policy declares for it. The rest is
// counted.
func (x *Explainer) gpos(p *simulate.Endpoint, d *run.ExplainedEnd) {
	if p.Resultant == nil {
		return
	}
	declared := x.declaredFor(p)
	if p.Resultant.Assumed {
		x.assumed(p, d)
		return
	}
	for i := range p.Resultant.Outcomes {
		o := &p.Resultant.Outcomes[i]
		if !x.Matters(o.Domain, o.GPO) && !slices.Contains(declared, o.GPO) {
			d.OtherGPOs++
			continue
		}
		g := run.ExplainedGPO{ID: o.Link.GPO, Name: o.Link.GPO, Domain: o.Domain, Applies: o.Applied.String(), Linked: o.Scope, Why: o.Why, Notes: o.Notes}
		if o.GPO != nil {
			g.Name = o.GPO.Name
		}
		d.GPOs = append(d.GPOs, g)
	}
	for _, g := range declared {
		if p.Resultant.Outcome(g) == nil {
			d.GPOs = append(d.GPOs, run.ExplainedGPO{ID: g.ID, Name: g.Name, Applies: "no",
				Why: reason.One(reason.GPONotAbove, "container", p.Account.In)})
		}
	}
}

// declaredFor are the GPOs that the policy declares for a machine.
func (x *Explainer) declaredFor(p *simulate.Endpoint) []*run.GPO {
	var all []*run.GPO
	if p.Declared == "" {
		return nil
	}
	for _, g := range x.Assumed(p.Domain, p.Declared) {
		if !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}

// assumed lists the GPOs that are taken to come to a machine, and those of the
// source that have a say and are not.
func (x *Explainer) assumed(p *simulate.Endpoint, d *run.ExplainedEnd) {
	f := x.Forest(p.Domain)
	if f == nil || len(f.Machines) > 0 {
		return // what a machine has applied is of no GPO
	}
	var left []*run.GPO
	for _, g := range p.Resultant.GPOs {
		d.GPOs = append(d.GPOs, run.ExplainedGPO{ID: g.ID, Name: g.Name, Applies: "assumed"})
	}
	for _, o := range p.Resultant.Left {
		left = append(left, o.GPO)
		d.GPOs = append(d.GPOs, run.ExplainedGPO{ID: o.GPO.ID, Name: o.GPO.Name, Domain: o.Domain, Applies: o.Applied.String(), Why: o.Why})
	}
	for i := range f.Domains {
		for j := range f.Domains[i].GPOs {
			g := &f.Domains[i].GPOs[j]
			switch {
			case slices.Contains(p.Resultant.GPOs, g), slices.Contains(left, g):
			case !x.Matters(f.Domains[i].Name, g):
				d.OtherGPOs++
			default:
				d.GPOs = append(d.GPOs, run.ExplainedGPO{ID: g.ID, Name: g.Name, Domain: f.Domains[i].Name, Applies: "no",
					Why: reason.One(reason.GPONotDeclaredFor, "role", p.Declared)})
			}
		}
	}
}
