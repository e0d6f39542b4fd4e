package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// facts are what several claims of one trial ask about: each is found once.
type facts struct {
	taps    fact[[]tap]
	insider fact[insider]
	refused fact[refuser]
}

// fact is one of them. Who asks again must be allowed to look at all that it rests on.
type fact[T any] struct {
	found bool
	is    T
	rests []int32 // indexes of the needs that were looked at
}

// insider says why an outsider is none, and what shows it.
type insider struct {
	why reason.List
	by  []*run.Observation
}

// refuser says whether the host refused, or the path, and what shows it.
type refuser struct {
	host, path reason.List
	rests      *run.Observation
}

// know finds a fact, or takes what was found.
func know[T any](e *Evidence, f *fact[T], find func() T) T {
	if f.found {
		for _, n := range f.rests {
			e.owns(n)
		}
		e.looked = append(e.looked, f.rests...)
		return f.is
	}
	before := len(e.looked)
	f.is = find()
	f.rests, f.found = slices.Clone(e.looked[before:]), true
	return f.is
}
