package report

import (
	"slices"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// matrix is the run as squares: vantages across, checks down.
type matrix struct {
	vantages []run.Vantage // that have a cell, in the order of the run
	checks   []string      // in order of first appearance
	squares  map[[2]string]*run.Cell
}

// matrixOf folds cells of several targets to the worst, in the order of
// [run.Verdicts]; a weak pass is worse than a plain one.
func matrixOf(r *run.Run) *matrix {
	m := &matrix{squares: make(map[[2]string]*run.Cell)}
	used, known := make(map[string]bool), make(map[string]bool)
	for i := range r.Vantages {
		known[r.Vantages[i].Name] = true
	}
	seen := make(map[string]bool) // checks
	var unknown []run.Vantage
	for i := range r.Cells {
		c := &r.Cells[i]
		if !seen[c.ID.Check] {
			seen[c.ID.Check] = true
			m.checks = append(m.checks, c.ID.Check)
		}
		if v := c.ID.Vantage; !used[v] {
			used[v] = true
			if !known[v] {
				unknown = append(unknown, run.Vantage{Name: v})
			}
		}
		key := [2]string{c.ID.Check, c.ID.Vantage}
		if have := m.squares[key]; have == nil || worse(c, have) {
			m.squares[key] = c
		}
	}
	for _, v := range append(slices.Clone(r.Vantages), unknown...) {
		if used[v.Name] {
			m.vantages = append(m.vantages, v)
		}
	}
	return m
}

func worse(a, b *run.Cell) bool {
	if n := a.Verdict.Compare(b.Verdict); n != 0 {
		return n < 0
	}
	return a.Weak && !b.Weak
}

// square is the word for a check at a vantage.
func (m *matrix) square(check, vantage string) string {
	if c := m.squares[[2]string{check, vantage}]; c != nil {
		return word(c)
	}
	return wordNone
}

// widestName keeps one long name from pushing the squares off the page.
const widestName = 24

// rows are the names, the roles, then one row a check.
func (m *matrix) rows(color bool) [][]string {
	name, roles := []string{""}, []string{""}
	for _, v := range m.vantages {
		name = append(name, render.Shorten(render.Clean(v.Name), widestName))
		roles = append(roles, render.Shorten(role(v), widestName))
	}
	rows := [][]string{name, roles}
	for _, check := range m.checks {
		row := []string{render.Shorten(render.Clean(check), widestName)}
		for _, v := range m.vantages {
			w := m.square(check, v.Name)
			if color {
				w = colors[w].Paint(w)
			}
			row = append(row, w)
		}
		rows = append(rows, row)
	}
	return rows
}
