package check

import (
	"cmp"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// part is one of the things that a cell is judged by: an address, a port, a
// packet, an end. Only what was tried, or should have been, is a part.
type part struct {
	label   string // where it was tried, for a reason that does not name it
	verdict run.Verdict
	// by and ground say of a denied part why it is denied.
	by     run.Attribution
	ground reason.List
	why    reason.List
	// unseen says that the tool could not look: the reason is the tool's own and
	// does not name where.
	unseen bool
	// weakly says of a part that passes that a claim is weak.
	weakly bool
}

// weak reports whether a part passes on something that nothing shows.
func (p *part) weak() bool { return p.verdict == run.Pass && p.weakly }

// compare orders parts, the worst first: fail, error, inconclusive, waived,
// skip, weak pass, pass.
func (p *part) compare(q *part) int {
	return cmp.Or(p.verdict.Compare(q.verdict), plainly(p)-plainly(q), cmp.Compare(known(p.by), known(q.by)))
}

// plainly orders a weak pass before a plain one.
func plainly(p *part) int {
	if p.weak() {
		return 0
	}
	return 1
}

// known orders attributions by how much they say. What is no deny needs none.
func known(by run.Attribution) int {
	return slices.Index([]run.Attribution{run.ByUnknown, run.ByPath, run.ByConfigured, run.ByPaired, run.ByArrived, ""}, by)
}

// fold is the one way from the parts of a cell to its verdict: the worst part
// decides. So one more part never makes the verdict milder, and the order of
// the parts does not matter.
type fold struct {
	parts []part
	// void are parts that say nothing. They do not count; those that could not be
	// looked at are named beside what is wrong.
	void []part
	// none is why a cell without any part is a skip.
	none reason.List
}

func (f *fold) add(p part) { f.parts = append(f.parts, p) }

// worst is the part that decides.
func (f *fold) worst() part {
	switch {
	case len(f.parts) > 0:
	case len(f.void) > 0:
		return part{verdict: run.Skip}
	default:
		return part{verdict: run.Skip, why: f.none}
	}
	return slices.MinFunc(f.parts, func(p, q part) int { return p.compare(&q) })
}

// cell folds the parts. The cell has the reasons of the worst parts. After them it
// names what the tool could not look at.
func (f *fold) cell() run.Cell {
	worst := f.worst()
	c := run.Cell{Verdict: worst.verdict, Weak: worst.weak(), Reasons: f.reasons(worst)}
	if c.Verdict == run.Pass {
		c.By = worst.by
	}
	return c
}

// reasons says why a fold came to its worst part: of those of which the same is
// said, at once.
func (f *fold) reasons(worst part) reason.List {
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
		case p.verdict == worst.verdict && p.unseen:
			why = why.Add(p.why...)
		case p.verdict == worst.verdict:
			why = append(why, p.at(p.why)...)
		case p.unseen:
			besides = append(besides, p.unobserved()...)
		case p.verdict == run.Error:
			besides = append(besides, p.at(p.why)...)
		}
	}
	for i := range f.void {
		if p := &f.void[i]; p.unseen && worst.verdict != run.Pass {
			besides = append(besides, p.unobserved()...)
		}
	}
	return append(why.Merge("at"), besides.Merge("at")...)
}

// unobserved says that the tool could not look there.
func (p *part) unobserved() reason.List {
	return p.at(reason.One(reason.PlaceNotObserved, "why", p.why))
}

// whole are the reasons of a part, with where it was tried if they are not the
// tool's own.
func (p *part) whole() reason.List {
	if p.unseen {
		return p.why
	}
	return p.at(p.why)
}

// at are reasons that say where.
func (p *part) at(why reason.List) reason.List {
	if p.label == "" {
		return why
	}
	all := slices.Clone(why)
	for i, r := range all {
		all[i] = r.With("at", []string{p.label})
	}
	return all
}
