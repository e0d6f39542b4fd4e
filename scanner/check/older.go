package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Carried is the plan as a run document carries it.
func (pl *Plan) Carried() *run.Plan { return &run.Plan{Needs: pl.asked, Claims: pl.claims} }

// Within has the plan judge a run by what the plan of its document has. A need without
// an observation was not planned then, unless the document lost some: then each is one
// that nobody made.
func (pl *Plan) Within(r *run.Run) {
	if r.Plan = r.Planned(); len(r.Observations) == r.Plan.Needs {
		pl.older = r.Plan
	}
}

// unknown is what the document that is judged does not know.
type unknown struct {
	what  []string // checks, and claims of checks
	trial []string // checks of which it tried less
}

// reasons says so.
func (b *unknown) reasons() (all reason.List) {
	slices.Sort(b.what)
	slices.Sort(b.trial)
	if len(b.what) > 0 {
		all = append(all, UnknownTo(b.what...)...)
	}
	if len(b.trial) > 0 {
		all = append(all, reason.New(reason.DocumentTriedLess, "what", b.trial))
	}
	return all
}

// UnknownTo says that the document that is judged does not know something.
func UnknownTo(what ...string) reason.List {
	return reason.One(reason.DocumentDoesNotKnow, "what", what)
}

// unplanned reports whether the document did not plan a need.
func (in *Input) unplanned(i int32) bool { return in.plan.older != nil && in.observed[i] == nil }

// notObserved stands for the observation of a planned need that nobody made.
func (in *Input) notObserved(n run.Need, i int32) *run.Observation {
	if in.unplanned(i) {
		return &run.Observation{Need: n, Trouble: UnknownTo(in.Cell.Check)}
	}
	return &run.Observation{Need: n, Trouble: reason.One(reason.NotObserved)}
}

// lacks says that the document did not try what a trial tries; nil where it did.
func (in *Input) lacks(t *Trial) reason.List {
	if in.plan.older == nil || !slices.ContainsFunc(t.Own, func(n run.Need) bool { return in.unplanned(in.find(n)) }) {
		return nil
	}
	if in.plan.older.Knows(in.Cell.Check) { // else the whole check is named
		in.unknown.trial = AppendNew(in.unknown.trial, in.Cell.Check)
	}
	return reason.One(reason.DocumentTriedLess, "what", []string{in.Cell.Check})
}

// lessKnown is what a claim comes to that looked at what the document did not plan: that
// is no failure of the tool, and shows nothing.
func (e *Evidence) lessKnown(s claim.Support) claim.Support {
	if e.plan.older == nil || !slices.ContainsFunc(e.looked, e.unplanned) {
		return s
	}
	why, open := s.Why(), s.Level() == run.NotShown
	if !open && s.Level() != run.ToolFailed || len(why) > 0 && !why.Names(reason.DocumentDoesNotKnow) {
		return s
	}
	what := e.Cell.Check + "/" + string(e.claim)
	e.unknown.what = AppendNew(e.unknown.what, what)
	if open && len(why) > 0 {
		return s
	}
	return claim.Open(UnknownTo(what))
}

// leaveOut takes from a trial that a claim decides which the document did not ask of
// its check, and which nothing contradicts. It is weak: what was asked was shown.
func (in *Input) leaveOut(all []claim.Asked) {
	older, check := in.plan.older, in.Cell.Check
	if older == nil || !older.Knows(check) || !slices.ContainsFunc(all, func(a claim.Asked) bool { return a.Level() == run.Shown }) {
		return
	}
	for i := range all {
		a := &all[i]
		if open := a.Level() == run.NotShown || a.Level() == run.ToolFailed; !open || older.Asks(check, a.Code) {
			continue
		}
		what := check + "/" + string(a.Code)
		in.unknown.what = AppendNew(in.unknown.what, what)
		a.Support = claim.Weak(UnknownTo(what))
	}
}

// known is what becomes of a cell of an older document. What its observations decide of
// a check that it does not know is told all the same. A check that it knows, and of which
// it tried nothing that is tried now, is not decided.
func (in *Input) known(c run.Cell, out claim.Outcome) (run.Cell, claim.Outcome) {
	older, check, v := in.plan.older, in.Cell.Check, out.Verdict()
	switch {
	case older == nil:
	case older.Knows(check):
		if other := func(r reason.Reason) bool { return !r.Is(reason.DocumentTriedLess) }; v == run.Skip && len(out.Why()) > 0 && !slices.ContainsFunc(out.Why(), other) {
			return c, claim.Unpassed(run.Inconclusive, out.Why())
		}
	case v == run.Error, v == run.Inconclusive, out.Why().Has(reason.DocumentTriedLess):
		in.unknown.what = AppendNew(in.unknown.what, check)
		return unconcluded(run.Skip, UnknownTo(check)) // nothing of it was tried
	}
	return c, out
}
