package obligation

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// directories are each check of what is configured, in each declared directory that it
// looks at.
func (o *owing) directories(pl *check.Plan) {
	sources := o.p.Directories()
	if len(sources) == 0 {
		return
	}
	told := make([]directoryCells, len(sources))
	for i, f := range sources {
		told[i] = directoryCells{forest: f, of: map[string][]run.CellID{}}
	}
	for check, id := range pl.Cells {
		if c := o.cells[id]; c != nil && check.Configured {
			t := &told[directoryOf(pl, sources, id.Target)]
			t.of[id.Check] = append(t.of[id.Check], id)
			t.cells = append(t.cells, c)
		}
	}
	for _, c := range pl.Checks() {
		for i := range told {
			if t := &told[i]; c.Configured && len(t.of[c.ID]) > 0 {
				o.directory(c, t)
			}
		}
	}
}

// directoryCells are the cells that one directory tells of.
type directoryCells struct {
	forest intent.Forest
	of     map[string][]run.CellID // by check
	cells  []*run.Cell
}

// directoryOf is the place of the directory that the target of a cell is in, by its
// name: the first, where that does not tell.
func directoryOf(pl *check.Plan, sources []intent.Forest, target string) int {
	forest, isForest := strings.CutPrefix(target, "forest:")
	if !isForest {
		forest = pl.Domain(target)
	}
	best, most := 0, -1
	for i, f := range sources {
		inside := strings.EqualFold(f.Name, forest) || strings.HasSuffix(strings.ToLower(forest), "."+strings.ToLower(f.Name))
		if inside && len(f.Name) > most {
			best, most = i, len(f.Name)
		}
	}
	return best
}

// directory is a check of what one directory says. What a backup, or the export of a
// registry, never tells is a thing without a trial. So is what the machines' own rules
// decide, which no directory has, and what the document that is judged does not know.
func (o *owing) directory(c *check.Check, t *directoryCells) {
	f, ids := t.forest, t.of[c.ID]
	d := &debt{
		what:     reason.One(reason.ConfiguredOwed, "check", c.ID, "forest", f.Name),
		how:      paidWhole,
		waivable: func() []run.CellID { return ids },
	}
	var skipped reason.List
	passed := 0
	for _, id := range ids {
		cell := o.cells[id]
		d.cells = append(d.cells, cell)
		switch cell.Verdict {
		case run.Skip:
			skipped = skipped.Add(cell.Reasons...)
		case run.Pass:
			passed++
		}
	}
	never := neverTells(f)
	switch {
	case undecided(d.cells) != nil || len(skipped) == 0:
		never = nil
	case skipped.Has(reason.OwnRulesDecide):
		never = skipped
	case passed > 0:
		never = nil
	case skipped.Has(reason.DocumentDoesNotKnow):
		never = skipped
	}
	if never != nil {
		o.all = append(o.all, run.Obligation{What: d.what, Paid: run.Void, Why: never})
		return
	}
	d.why = func() reason.List {
		return unpaid(t.cells, reason.One(reason.ConfiguredNotShown, "check", c.ID, "forest", f.Name, "why", skipped))
	}
	o.owe(d)
}

// neverTells says that a source is of a kind that cannot tell everything; nil of a live
// directory.
func neverTells(f intent.Forest) reason.List {
	if code := f.Directory.FileSource.NeverTells; code != "" {
		return reason.One(code)
	}
	return nil
}

// paidWhole is how far a cell pays as a whole. One that found, in what was read whole,
// that there is nothing to look at pays.
func paidWhole(c *run.Cell) run.Support {
	switch {
	case c.Verdict == run.Waived, c.Verdict == run.Pass && c.Weak:
		return run.Weak
	case c.Verdict == run.Pass, c.Verdict == run.Skip && c.Reasons.Has(nothingThere...):
		return run.Shown
	}
	return run.NotShown
}

// nothingThere are the reasons of cells for which there is nothing to look at.
var nothingThere = []reason.Code{reason.SameForest, reason.NoClientsInDomain}
