package claim

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Outcome is what a cell comes to. Only a [Fold] of conclusions makes one that passes:
// the zero Outcome does not decide.
type Outcome struct {
	verdict run.Verdict
	weak    bool
	by      run.Attribution
	why     reason.List
}

// Unpassed is the outcome of a cell of which nothing was concluded: an error, or a skip.
func Unpassed(v run.Verdict, why reason.List) Outcome {
	return Outcome{verdict: unpassed(v), why: why}
}

// Verdict is that of the cell: inconclusive of the zero Outcome.
func (o Outcome) Verdict() run.Verdict {
	if o.verdict == "" {
		return run.Inconclusive
	}
	return o.verdict
}

// Why is why it comes to that; empty for a plain pass only.
func (o Outcome) Why() reason.List { return o.why }

// Cell is a cell of this outcome, of which nothing else is told yet.
func (o Outcome) Cell() run.Cell {
	c := run.Cell{Reasons: o.why}
	o.Seal(&c)
	return c
}

// Seal gives a cell the verdict of the outcome, whatever was told of the cell before.
func (o Outcome) Seal(c *run.Cell) { c.Verdict, c.Weak, c.By = o.Verdict(), o.weak, o.by }
