package report

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// worded is a run in words, which nothing but a report has.
type worded struct {
	*run.Run
	cells []*cell
}

// cell is a cell in words.
type cell struct {
	*run.Cell
	reason, intended, configured, observed, cause, remedy, controls string
	findings                                                        []finding
}

// finding is a finding in words.
type finding struct {
	id, text, remedy string
	severity         run.Severity
}

// words are the texts of a run's codes, made once.
func words(r *run.Run) *worded {
	w := &worded{Run: r, cells: make([]*cell, len(r.Cells))}
	all := make([]cell, len(r.Cells))
	for i := range r.Cells {
		all[i] = wordsOf(&r.Cells[i])
		w.cells[i] = &all[i]
	}
	return w
}

func wordsOf(c *run.Cell) cell {
	said := cell{
		Cell: c, reason: catalog.Text(c.Reasons), intended: catalog.Text(c.Intended), configured: catalog.Text(c.Conduct), observed: catalog.Text(c.Seen),
		remedy: catalog.Remedy(c), controls: catalog.Text(c.Controls),
	}
	if c.CausedBy == nil {
		said.cause = catalog.Text(c.Causes)
	}
	for _, f := range c.Findings {
		said.findings = append(said.findings, finding{f.ID(), catalog.Text(f.Reason), catalog.Fix(f.Reason), f.Severity})
	}
	return said
}

// Text is what reasons say, for a command that prints them outside of a report.
func Text(l reason.List) string { return catalog.Text(l) }

// Words is what an error says to a person: the texts of the reasons that it carries,
// in place of their codes.
func Words(err error) string {
	text := err.Error()
	for _, e := range carriers(err) {
		text = strings.Replace(text, e.Error(), catalog.Text(e.Why()), 1)
	}
	return text
}

// reasoned is an error that carries reasons.
type reasoned interface {
	error
	Why() reason.List
}

// carriers are the outermost errors of a chain that carry reasons.
func carriers(err error) []reasoned {
	for err != nil {
		if r, ok := err.(reasoned); ok { //nolint:errorlint // the chain is walked link by link
			return []reasoned{r}
		}
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			var all []reasoned
			for _, one := range several.Unwrap() {
				all = append(all, carriers(one)...)
			}
			return all
		}
		err = errors.Unwrap(err)
	}
	return nil
}

// sentences are the texts of several reasons, each for itself.
func sentences(l reason.List) []string {
	var all []string
	for _, r := range l {
		all = append(all, catalog.Text(reason.List{r}))
	}
	return all
}
