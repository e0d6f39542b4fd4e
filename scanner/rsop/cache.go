package rsop

import (
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// cache keeps what was worked out once. A directory has a hundred thousand
// computers, but not many GPOs, groups that those are filtered by, and kinds of
// Windows. Nothing is kept for a single machine.
type cache struct {
	descriptors map[string]descriptor
	filters     map[string]filter
	policies    stack
	targets     map[run.Link]target
	readers     map[string]reader // by gPCMachineExtensionNames
	systems     map[system][]wql.Windows
	admitted    map[admission]answer
	filtered    map[evaluation]answer
}

// once returns what is kept under a key, or else finds it.
func once[K comparable, V any](kept *map[K]V, key K, find func() V) V {
	v, there := (*kept)[key]
	if !there {
		if *kept == nil {
			*kept = map[K]V{}
		}
		v = find()
		(*kept)[key] = v
	}
	return v
}

// stack keeps the policy of the GPOs that are applied one after the other, the
// last of which is its own, and those of longer ones that begin alike.
type stack struct {
	policy *consec.Policy
	above  map[*run.GPO]*stack
}

// of is the stack of these GPOs.
func (s *stack) of(gpos []*run.GPO) *stack {
	for _, g := range gpos {
		s = once(&s.above, g, func() *stack { return &stack{} })
	}
	return s
}

type descriptor struct {
	read     *security.Descriptor
	err      error
	trustees []security.SID // and the owner
}

// descriptor reads a security descriptor.
func (e *Directories) descriptor(sddl string) descriptor {
	return once(&e.descriptors, sddl, func() (d descriptor) {
		if d.read, d.err = security.ParseSDDL(sddl, ""); d.err == nil {
			d.trustees = append(d.read.Trustees(), d.read.Owner)
		}
		return d
	})
}

type filter struct {
	read wql.Filter
	err  error
}

// query reads a WMI filter.
func (e *Directories) query(parm2 string) (wql.Filter, error) {
	f := once(&e.filters, parm2, func() (f filter) {
		f.read, f.err = wql.ParseFilter(parm2)
		return f
	})
	return f.read, f.err
}

type target struct {
	domain string
	gpo    *run.GPO // nil where there is none
}

// target is where a link leads.
func (e *Directories) target(l run.Link) target {
	return once(&e.targets, l, func() target {
		domain := gpo.DomainOf(l.DN)
		return target{domain, e.GPO(domain, l.GPO)}
	})
}

type reader struct {
	ok  bool
	why reason.List
	err error
}

// readsRegistry is [gpo.ReadsRegistry].
func (e *Directories) readsRegistry(extensions string) reader {
	return once(&e.readers, extensions, func() (r reader) {
		r.ok, r.why, r.err = gpo.ReadsRegistry(extensions)
		return r
	})
}

type system struct {
	os, version string
	controller  bool
}

func systemOf(m run.Machine) system { return system{m.OS, m.OSVersion, m.Controller || m.ReadOnly} }

// runs is [wql.Lookup] of what a machine's account says.
func (e *Directories) runs(m run.Machine) []wql.Windows {
	s := systemOf(m)
	return once(&e.systems, s, func() []wql.Windows { return wql.Lookup(s.os, s.version, s.controller) })
}

// answer is what one step of [Outcome.decide] comes to.
type answer struct {
	applied tri.State
	why     reason.List
}

// admission is all that the answer of a security descriptor depends on.
type admission struct {
	descriptor *security.Descriptor
	of         string // domain of the GPO
	domain     string // of the machine
	readOnly   bool
	has        uint64 // which of the trustees the token has, a bit for each
}

// evaluation is all that the answer of a WMI filter depends on.
type evaluation struct {
	filter *run.WMIFilter
	system
}

// remember makes the outcome that of a step, which is taken once for each key.
func remember[K comparable](o *Outcome, kept *map[K]answer, key K, step func()) {
	a := once(kept, key, func() answer {
		step()
		return answer{o.Applied, o.Why}
	})
	o.Applied, o.Why = a.applied, a.why
}
