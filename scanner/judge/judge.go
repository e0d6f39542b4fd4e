// Package judge makes the verdicts of a run: the cells are judged each by itself,
// then explained together, and what somebody answers for is waived.
package judge

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/check/obligation"
	"github.com/kmsiso/kmsiso/scanner/diagnose"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Judge judges every cell of a plan from the observations of a run, diagnoses the
// whole, and notes in the run what became of the waivers. It is the only way to a
// verdict, for a live run and for a replayed one. What broke is noted in r.Broken, what
// a GO owes in r.Obligations.
func Judge(pl *check.Plan, r *run.Run) []run.Cell {
	cells := judge(pl, r)
	r.Obligations = obligation.Owed(pl, r, cells)
	r.Sample = check.Least(check.TriedByOutsiders(pl.Policy(), r))
	return cells
}

func judge(pl *check.Plan, r *run.Run) []run.Cell {
	cells := pl.Judge(r)
	if len(pl.Policy().Waivers) == 0 {
		diagnose.Diagnose(pl, r, cells)
		r.Waivers = nil
		return cells
	}
	// What is waived is explained among all cells, and is no cause of what is not.
	explained := slices.Clone(cells)
	diagnose.Diagnose(pl, r, explained)
	if r.Waivers = checks.Waive(pl.Policy(), r, cells); !slices.ContainsFunc(cells, func(c run.Cell) bool { return c.Verdict == run.Waived }) {
		return explained
	}
	diagnose.Diagnose(pl, r, cells)
	for i := range cells {
		if e := &explained[i]; cells[i].Verdict == run.Waived {
			cells[i].Causes, cells[i].CausedBy = e.Causes, e.CausedBy
		}
	}
	return cells
}
