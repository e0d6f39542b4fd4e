package report

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// worded is a run with the texts of its codes, which nothing but a report has.
func worded(r *run.Run) *run.Run {
	said := *r
	said.Cells = slices.Clone(r.Cells)
	for i := range said.Cells {
		catalog.Say(&said.Cells[i])
	}
	return &said
}

// Text is what reasons say, for a command that prints them outside of a report.
func Text(l reason.List) string { return catalog.Text(l) }

// sentences are the texts of several reasons, each for itself.
func sentences(l reason.List) []string {
	var all []string
	for _, r := range l {
		all = append(all, catalog.Text(reason.List{r}))
	}
	return all
}
