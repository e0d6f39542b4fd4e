// Package claim says how a verdict is earned. A cell is judged by trials; a trial
// passes where each of its claims is shown by an observation, and by nothing else.
// What nobody thought of does not pass.
//
// The words are those of assurance cases: claim and evidence (ISO/IEC/IEEE
// 15026-2). The package knows nothing of networks. It holds the one function that
// can make a pass: [Conclude].
package claim

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Support says how far a claim is supported. The zero Support is that of a claim
// for which nothing speaks: it is not shown.
type Support struct {
	level  run.Support
	why    reason.List
	by     []string
	denier run.Attribution
	unmade bool
}

// Shown is a claim that an observation shows. More of them may be needed for it. One
// that was not made shows nothing: then the claim is not shown.
func Shown(first *run.Observation, more ...*run.Observation) Support {
	all := append([]*run.Observation{first}, more...)
	for _, o := range all {
		if o == nil || o.ID == "" || len(o.Trouble)+len(o.Missing) > 0 {
			return Support{}
		}
	}
	return Support{level: run.Shown, by: ids(all)}
}

// Weak is a claim that is likely, and that nothing shows.
func Weak(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.Weak, why: why, by: ids(by)}
}

// Open is a claim that is not shown.
func Open(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.NotShown, why: why, by: ids(by)}
}

// Exposed is a claim that an answer contradicts which nobody was to get.
func Exposed(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.Exposure, why: why, by: ids(by)}
}

// Broken is a claim that is contradicted by what does not work and should.
func Broken(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.Broken, why: why, by: ids(by)}
}

// Failed is a claim that the tool could not look at.
func Failed(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.ToolFailed, why: why, by: ids(by)}
}

// Misdeclared is a claim that cannot be shown because the vantage, or something
// declared, is not what it was said to be.
func Misdeclared(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.Setup, why: why, by: ids(by)}
}

// Void is a claim by which the trial says nothing: what it tries is closed to
// everybody, or there is no means to try it.
func Void(why reason.List, by ...*run.Observation) Support {
	return Support{level: run.Void, why: why, by: ids(by)}
}

// Denied is the claim that the host itself denies, by whom it was said to be denied:
// shown where the packets arrived and nothing went back, else weak.
func Denied(by run.Attribution, why reason.List, first *run.Observation, more ...*run.Observation) Support {
	s := Weak(why, append([]*run.Observation{first}, more...)...)
	if by == run.ByArrived {
		s = Shown(first, more...)
		s.why = why
	}
	s.denier = by
	return s
}

// Unmade is what an observation that was not made says of a claim that rests on it
// alone: the tool failed, or there is no means. ok says that it was made.
func Unmade(o *run.Observation) (s Support, ok bool) {
	switch {
	case len(o.Trouble) > 0:
		s = Failed(o.Trouble, o)
	case len(o.Missing) > 0:
		s = Void(o.Missing, o)
	default:
		return Support{}, true
	}
	s.unmade = true
	return s, false
}

// Unread is a support that rests on what could not be read: like that of an
// observation that was not made, its reason is the tool's own and does not name where.
func Unread(s Support) Support {
	s.unmade = true
	return s
}

// Unread says that of a support. See [Unread].
func (s Support) Unread() bool { return s.unmade }

// Level is how far the claim is supported.
func (s Support) Level() run.Support {
	if s.level == "" {
		return run.NotShown
	}
	return s.level
}

// Why is why the claim is not plainly shown; nil where it is, but for a deny.
func (s Support) Why() reason.List { return s.why }

// Denier says of a claim of [Denied] by whom; "" of others.
func (s Support) Denier() run.Attribution { return s.denier }

// By are the ids of the observations that it rests on.
func (s Support) By() []string { return s.by }

// ids are those of observations, each once, in order.
func ids(all []*run.Observation) []string {
	var some []string
	for _, o := range all {
		if o != nil && o.ID != "" && !slices.Contains(some, o.ID) {
			some = append(some, o.ID)
		}
	}
	return some
}
