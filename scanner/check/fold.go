package check

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// part is one of the things that a cell is judged by: an address, a port, a
// packet, an end. Only what was tried, or should have been, is a part.
type part struct {
	label   string // the reason goes on where it ends; "" where the reason names it
	verdict run.Verdict
	// by and ground say of a denied part why it is denied, control what proves it.
	by              run.Attribution
	ground, control string
	reason          string
	seen            string // what was observed, for a sentence
	remedy          string
	findings        []run.Finding
	// unseen says that the tool could not look: the reason is the tool's own and
	// does not go on from the label.
	unseen bool
}

// weak reports whether a part passes on a deny that nothing shows to be the
// host's own doing.
func (p *part) weak() bool {
	return p.verdict == run.Pass && (p.by == run.ByUnknown || p.by == run.ByPath)
}

// compare orders parts, the worst first: fail, error, inconclusive, waived,
// skip, weak pass, pass.
func (p *part) compare(q *part) int {
	return cmp.Or(p.verdict.Compare(q.verdict), cmp.Compare(known(p.by), known(q.by)))
}

// known orders attributions by how much they say: unknown, path, host firewall,
// isolation. What is no deny needs none.
func known(by run.Attribution) int {
	return slices.Index([]run.Attribution{run.ByUnknown, run.ByPath, run.ByHostFirewall, run.ByIsolation, ""}, by)
}

// fold is the one way from the parts of a cell to its verdict: the worst part
// decides. So one more part never makes the verdict milder, and the order of
// the parts does not matter.
type fold struct {
	parts []part
	// none is why a cell without a part is a skip.
	none string
	// intended is said of a cell of which something was observed.
	intended string
	// most is how many labels are named of which the same is said; 0 is all.
	most int
}

func (f *fold) add(p part) { f.parts = append(f.parts, p) }

// all adds a part for each reason of one verdict.
func (f *fold) all(verdict run.Verdict, reasons []string) {
	for _, why := range reasons {
		f.add(part{verdict: verdict, reason: why})
	}
}

// sees adds the part of an observation that nobody could make, and says whether
// the observation was made.
func (f *fold) sees(label string, o *run.Observation) bool {
	p, blind := blocked(o)
	if blind {
		p.label = label
		f.add(p)
	}
	return !blind
}

// worst is the part that decides.
func (f *fold) worst() part {
	if len(f.parts) == 0 {
		return part{verdict: run.Skip, reason: f.none}
	}
	return slices.MinFunc(f.parts, func(p, q part) int { return p.compare(&q) })
}

// cell folds the parts. The cell has all that was seen and found, whatever the
// verdict, and the reasons of the worst parts. After them it names what the tool
// could not look at.
func (f *fold) cell() run.Cell {
	worst := f.worst()
	c := run.Cell{Verdict: worst.verdict, Weak: worst.weak(), Reason: f.reasons(worst)}
	if c.Verdict == run.Pass {
		c.By = worst.by
	}
	var seen []string
	for i := range f.parts {
		p := &f.parts[i]
		if p.seen != "" {
			seen = appendNew(seen, p.seen)
		}
		if p.verdict == c.Verdict {
			c.Remedy = cmp.Or(c.Remedy, p.remedy)
		}
		c.Findings = append(c.Findings, p.findings...)
	}
	c.Observed = clauses(seen)
	if slices.ContainsFunc(f.parts, func(p part) bool { return !p.unseen }) {
		c.Intended = f.intended
	}
	return c
}

// reasons says why a fold came to its worst part.
func (f *fold) reasons(worst part) string {
	if len(f.parts) == 0 {
		return worst.reason
	}
	var why, besides sentences
	for i := range f.parts {
		switch p := &f.parts[i]; {
		case p.reason == "" || worst.verdict == run.Pass:
		case p.verdict == worst.verdict && p.unseen:
			why.add("", p.reason)
		case p.verdict == worst.verdict:
			why.add(p.label, p.reason)
		case p.unseen:
			besides.add(p.label, "was not observed: "+p.reason)
		case p.verdict == run.Error:
			besides.add(p.label, p.reason)
		}
	}
	most := cmp.Or(f.most, math.MaxInt)
	return strings.TrimSuffix(why.brief(most)+"; "+besides.brief(most), "; ")
}

// grounds says of the parts that pass with an attribution why they are denied.
func (f *fold) grounds(by run.Attribution) string {
	var all []string
	for i := range f.parts {
		if p := &f.parts[i]; p.verdict == run.Pass && p.by == by {
			all = appendNew(all, p.ground)
		}
	}
	return clauses(all)
}

// cell is a fold of one part.
func (p *part) cell() run.Cell {
	f := fold{parts: []part{*p}}
	return f.cell()
}
