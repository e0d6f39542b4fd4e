package diagnose

import "github.com/kmsiso/kmsiso/scanner/run"

// index finds what is about one machine without a walk over the whole run, which each
// of a thousand hosts would begin anew.
type index struct {
	cell  map[run.CellID]*run.Cell
	about map[string][]*run.Cell        // by target, in the order of the matrix
	of    map[string][]*run.Cell        // by vantage, in the same order
	tries map[string][]*run.Observation // by target
}

func (d *diagnosis) enter(cells []run.Cell) {
	d.index = index{
		cell:  make(map[run.CellID]*run.Cell, len(cells)),
		about: map[string][]*run.Cell{}, of: map[string][]*run.Cell{}, tries: map[string][]*run.Observation{},
	}
	for i := range cells {
		c := &cells[i]
		d.cells = append(d.cells, c)
		d.cell[c.ID] = c
		d.about[c.ID.Target] = append(d.about[c.ID.Target], c)
		d.of[c.ID.Vantage] = append(d.of[c.ID.Vantage], c)
	}
	for i := range d.run.Observations {
		o := &d.run.Observations[i]
		d.observed[o.Need] = o
		d.tries[o.Need.Target] = append(d.tries[o.Need.Target], o)
	}
}

// matching are functions that a cell must all match.
type matching []func(*run.Cell) bool

// open are the unexplained cells that match.
func (m matching) open(cells []*run.Cell) []*run.Cell {
	var some []*run.Cell
	for _, c := range cells {
		if open(c) && m.all(c) {
			some = append(some, c)
		}
	}
	return some
}

func (m matching) all(c *run.Cell) bool {
	for _, match := range m {
		if !match(c) {
			return false
		}
	}
	return true
}

// where returns the unexplained cells that match, in the order of the matrix.
func (d *diagnosis) where(m ...func(*run.Cell) bool) []*run.Cell { return matching(m).open(d.cells) }

// at is where, for the cells about one target.
func (d *diagnosis) at(target string, m ...func(*run.Cell) bool) []*run.Cell {
	return matching(m).open(d.about[target])
}

// from is where, for the cells of one vantage.
func (d *diagnosis) from(vantage string, m ...func(*run.Cell) bool) []*run.Cell {
	return matching(m).open(d.of[vantage])
}

// fromHostItself is where, for the cells of the vantages that are a KMS host.
func (d *diagnosis) fromHostItself(host string, m ...func(*run.Cell) bool) (some []*run.Cell) {
	for _, k := range d.policy.HostVantages(host) {
		some = append(some, d.from(k.Name, m...)...)
	}
	return some
}

// asked returns the observations of one target that match.
func (d *diagnosis) asked(target string, match func(run.Need) bool) []*run.Observation {
	var some []*run.Observation
	for _, o := range d.tries[target] {
		if match(o.Need) {
			some = append(some, o)
		}
	}
	return some
}
