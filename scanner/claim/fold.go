package claim

import (
	"cmp"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Part is one of the things that a cell is judged by: a trial, or what is said against
// one. Only what was tried, or should have been, is a part.
type Part struct {
	label   string // where it was tried, for a reason that does not name it
	verdict run.Verdict
	by      run.Attribution // of a denied part that passes: why it is denied
	why     reason.List
	// unread says that the tool could not look: the reason is the tool's own and does
	// not name where.
	unread bool
	// weak says of a part that passes that a claim is weak.
	weak bool
}

// At is a trial that was tried somewhere, as a part of its cell. It is denied by whom its
// claims say.
func (c Conclusion) At(label string) Part {
	return Part{label: label, verdict: c.Verdict(), by: c.by, why: c.why, unread: c.unmade, weak: c.weak}
}

// Because is the part with other reasons, where there are some, for why it does not pass.
func (p Part) Because(why reason.List) Part {
	if p.verdict != run.Pass && len(why) > 0 {
		p.why = why
	}
	return p
}

// Against is what is said against a trial: a part that does not pass.
func Against(v run.Verdict, label string, why reason.List, unread bool) Part {
	return Part{label: label, verdict: unpassed(v), why: why, unread: unread}
}

// unpassed is a verdict that is no pass.
func unpassed(v run.Verdict) run.Verdict {
	if v == run.Pass || v == "" {
		return run.Inconclusive
	}
	return v
}

// compare orders parts, the worst first: fail, error, inconclusive, waived,
// skip, weak pass, pass.
func (p *Part) compare(q *Part) int {
	return cmp.Or(p.verdict.Compare(q.verdict), plainly(p)-plainly(q), cmp.Compare(known(p.by), known(q.by)))
}

// plainly orders a weak pass before a plain one.
func plainly(p *Part) int {
	if p.weak && p.verdict == run.Pass {
		return 0
	}
	return 1
}

// known orders attributions by how much they say. What is no deny needs none.
func known(by run.Attribution) int {
	return slices.Index([]run.Attribution{run.ByUnknown, run.ByPath, run.ByConfigured, run.ByPaired, run.ByArrived, ""}, by)
}

// Fold is the one way from the parts of a cell to its verdict: the worst part decides. So
// one more part never makes the verdict milder, and the order of the parts does not
// matter.
type Fold struct {
	parts []Part
	// void are parts that say nothing. They do not count; those that could not be looked
	// at are named beside what is wrong.
	void []Part
	// None is why a cell without any part is a skip.
	None reason.List
}

// Add adds parts.
func (f *Fold) Add(parts ...Part) { f.parts = append(f.parts, parts...) }

// Void adds a part that says nothing.
func (f *Fold) Void(p Part) { f.void = append(f.void, p) }

// worst is the part that decides.
func (f *Fold) worst() Part {
	switch {
	case len(f.parts) > 0:
	case len(f.void) > 0:
		return Part{verdict: run.Skip}
	default:
		return Part{verdict: run.Skip, why: f.None}
	}
	return slices.MinFunc(f.parts, func(p, q Part) int { return p.compare(&q) })
}

// Outcome folds the parts. It has the reasons of the worst parts, and after them names
// what the tool could not look at.
func (f *Fold) Outcome() Outcome {
	worst := f.worst()
	o := Outcome{verdict: worst.verdict, why: f.reasons(worst)}
	if o.verdict == run.Pass {
		o.weak, o.by = worst.weak, worst.by
	}
	return o
}

// Reasons are why the parts come to a verdict: those of all parts that have it, and
// beside them what failed or could not be read.
func (f *Fold) Reasons(v run.Verdict) reason.List { return f.reasons(Part{verdict: v}) }

// reasons says why a fold came to its worst part: of those of which the same is
// said, at once.
func (f *Fold) reasons(worst Part) reason.List {
	var why, besides reason.List
	if len(f.parts) == 0 {
		for i := range f.void {
			why = append(why, f.void[i].whole()...)
		}
		return append(why.Merge("at"), worst.why...)
	}
	for i := range f.parts {
		switch p := &f.parts[i]; {
		case len(p.why) == 0 || worst.verdict == run.Pass:
		case p.verdict == worst.verdict && p.unread:
			why = why.Add(p.why...)
		case p.verdict == worst.verdict:
			why = append(why, p.at(p.why)...)
		case p.unread:
			besides = append(besides, p.unobserved()...)
		case p.verdict == run.Error:
			besides = append(besides, p.at(p.why)...)
		}
	}
	for i := range f.void {
		if p := &f.void[i]; p.unread && worst.verdict != run.Pass {
			besides = append(besides, p.unobserved()...)
		}
	}
	return append(why.Merge("at"), besides.Merge("at")...)
}

// unobserved says that the tool could not look there.
func (p *Part) unobserved() reason.List {
	return p.at(reason.One(reason.PlaceNotObserved, "why", p.why))
}

// whole are the reasons of a part, with where it was tried if they are not the
// tool's own.
func (p *Part) whole() reason.List {
	if p.unread {
		return p.why
	}
	return p.at(p.why)
}

func (p *Part) at(why reason.List) reason.List { return Where(p.label, why) }

// Where are reasons that say where, if that has a name.
func Where(label string, why reason.List) reason.List {
	if label == "" {
		return why
	}
	all := slices.Clone(why)
	for i, r := range all {
		all[i] = r.With("at", []string{label})
	}
	return all
}
