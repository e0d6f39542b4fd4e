package report

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// digest is a run sorted for a reader: what is wrong and why first.
type digest struct {
	causes   []paragraph // cells that are wrong by themselves, worst first
	waived   []paragraph
	weak     []paragraph // passes that rest on what is likely and not shown
	skipped  []paragraph
	findings []shared // warn and above, worst first
}

// paragraph is what is said once of one or more cells.
type paragraph struct {
	cells        []*cell
	consequences []*cell
}

// shared is one finding and the cells that have it.
type shared struct {
	finding
	cells []*cell
}

// bad reports whether a verdict keeps a run from GO.
func bad(v run.Verdict) bool {
	switch v {
	case run.Pass, run.Skip, run.Waived:
		return false
	}
	return true
}

func digestOf(r *worded) *digest {
	d := new(digest)
	roots := rootsOf(r.cells)
	places := make(map[string]*paragraph)
	var order []*paragraph
	place := func(c *cell) *paragraph {
		key := likeness(c)
		p := places[key]
		if p == nil {
			p = new(paragraph)
			places[key] = p
			order = append(order, p)
		}
		return p
	}
	for _, c := range r.cells {
		switch root := roots[c.ID]; {
		case root != c:
			p := place(root)
			p.consequences = append(p.consequences, c)
		case c.Verdict != run.Pass || c.Weak:
			p := place(c)
			p.cells = append(p.cells, c)
		}
	}
	for _, p := range order {
		switch p.cells[0].Verdict {
		case run.Pass:
			d.weak = append(d.weak, *p)
		case run.Skip:
			d.skipped = append(d.skipped, *p)
		case run.Waived:
			d.waived = append(d.waived, *p)
		default:
			d.causes = append(d.causes, *p)
		}
	}
	slices.SortStableFunc(d.causes, func(a, b paragraph) int {
		return a.cells[0].Verdict.Compare(b.cells[0].Verdict)
	})
	d.findings = findingsOf(r.cells)
	return d
}

// rootsOf maps every cell to the cell it is shown under: itself, or for a
// consequence the root at the end of its chain. A chain that ends nowhere, in a
// circle or at a cell that is all right makes the cell a root, so that nothing
// wrong is ever left out.
func rootsOf(all []*cell) map[run.CellID]*cell {
	cells := make(map[run.CellID]*cell, len(all))
	for _, c := range all {
		cells[c.ID] = c
	}
	roots := make(map[run.CellID]*cell, len(all))
	for id, c := range cells {
		root := c
		for range len(cells) {
			if root.CausedBy == nil || !bad(root.Verdict) {
				break
			}
			next := cells[*root.CausedBy]
			if next == nil || !bad(next.Verdict) && next.Verdict != run.Waived {
				break
			}
			root = next
		}
		if !bad(c.Verdict) || root.CausedBy != nil && bad(root.Verdict) {
			root = c
		}
		roots[id] = root
	}
	return roots
}

// likeness is equal for cells of which the same is to be said.
func likeness(c *cell) string {
	key := []string{string(c.Verdict), string(c.By), c.reason}
	switch c.Verdict {
	case run.Pass, run.Skip:
	default:
		key = append(key, c.intended, c.configured, c.observed, c.cause, c.remedy, c.controls, c.Waiver)
	}
	return strings.Join(key, "\x00")
}

// severities of the findings that a report shows, worst first.
var severities = []run.Severity{run.Critical, run.High, run.Warn}

func findingsOf(cells []*cell) []shared {
	var all []shared
	at := make(map[finding]int)
	for _, c := range cells {
		for _, f := range c.findings {
			if f.severity == run.Info {
				continue
			}
			n, ok := at[f]
			if !ok {
				n = len(all)
				at[f] = n
				all = append(all, shared{finding: f})
			}
			all[n].cells = append(all[n].cells, c)
		}
	}
	slices.SortStableFunc(all, func(a, b shared) int {
		return slices.Index(severities, a.severity) - slices.Index(severities, b.severity)
	})
	return all
}
