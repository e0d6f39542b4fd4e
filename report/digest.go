package report

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// digest is a run sorted for a reader: what is wrong and why first.
type digest struct {
	causes       []paragraph // cells that are wrong by themselves, worst first
	waived       []paragraph
	unattributed []paragraph // passes that rest on a deny of unknown reason
	skipped      []paragraph
	findings     []finding // warn and above, worst first
}

// paragraph is what is said once of one or more cells.
type paragraph struct {
	cells        []*run.Cell
	consequences []*run.Cell
}

// finding is one finding and the cells that have it.
type finding struct {
	run.Finding
	cells []*run.Cell
}

// bad reports whether a verdict keeps a run from GO.
func bad(v run.Verdict) bool {
	switch v {
	case run.Pass, run.Skip, run.Waived:
		return false
	}
	return true
}

func digestOf(r *run.Run) *digest {
	d := new(digest)
	roots := rootsOf(r)
	places := make(map[string]*paragraph)
	var order []*paragraph
	place := func(c *run.Cell) *paragraph {
		key := likeness(c)
		p := places[key]
		if p == nil {
			p = new(paragraph)
			places[key] = p
			order = append(order, p)
		}
		return p
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		switch root := roots[c.ID]; {
		case root != c:
			p := place(root)
			p.consequences = append(p.consequences, c)
		case c.Verdict != run.Pass || c.Unattributed():
			p := place(c)
			p.cells = append(p.cells, c)
		}
	}
	for _, p := range order {
		switch p.cells[0].Verdict {
		case run.Pass:
			d.unattributed = append(d.unattributed, *p)
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
	d.findings = findingsOf(r)
	return d
}

// rootsOf maps every cell to the cell it is shown under: itself, or for a
// consequence the root at the end of its chain. A chain that ends nowhere, in a
// circle or at a cell that is all right makes the cell a root, so that nothing
// wrong is ever left out.
func rootsOf(r *run.Run) map[run.CellID]*run.Cell {
	cells := make(map[run.CellID]*run.Cell, len(r.Cells))
	for i := range r.Cells {
		cells[r.Cells[i].ID] = &r.Cells[i]
	}
	roots := make(map[run.CellID]*run.Cell, len(r.Cells))
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
func likeness(c *run.Cell) string {
	key := []string{string(c.Verdict), string(c.By), c.Reason}
	switch c.Verdict {
	case run.Pass, run.Skip:
	default:
		key = append(key, c.Intended, c.Configured, c.Observed, c.Cause, c.Remedy, c.Controls, c.Waiver)
	}
	return strings.Join(key, "\x00")
}

// severities of the findings that a report shows, worst first.
var severities = []run.Severity{run.Critical, run.High, run.Warn}

func findingsOf(r *run.Run) []finding {
	var all []finding
	at := make(map[[4]string]int)
	for i := range r.Cells {
		for _, f := range r.Cells[i].Findings {
			if f.Severity == run.Info {
				continue
			}
			key := [4]string{f.ID, string(f.Severity), f.Text, f.Remedy}
			n, ok := at[key]
			if !ok {
				n = len(all)
				at[key] = n
				all = append(all, finding{Finding: f})
			}
			all[n].cells = append(all[n].cells, &r.Cells[i])
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	return all
}
