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
	said.Cells, said.NotTested = slices.Clone(r.Cells), slices.Clone(r.NotTested)
	for i := range said.Cells {
		wordCell(&said.Cells[i])
	}
	if len(r.Untested) > 0 {
		said.NotTested = nil
	}
	for _, r := range r.Untested {
		said.NotTested = append(said.NotTested, catalog.Text(reason.List{r}))
	}
	return &said
}

func wordCell(c *run.Cell) {
	if len(c.Reasons) > 0 {
		c.Reason = catalog.Text(c.Reasons)
	}
	if len(c.Causes) > 0 {
		c.Cause = catalog.Text(c.Causes)
	}
	if c.Remedy == "" {
		c.Remedy = catalog.Fix(append(slices.Clone(c.Reasons), c.Causes...))
	}
	c.Findings = slices.Clone(c.Findings)
	for i := range c.Findings {
		if f := &c.Findings[i]; len(f.Reason) > 0 {
			f.ID, f.Text, f.Remedy = string(f.Reason[0].Code), catalog.Text(f.Reason), catalog.Fix(f.Reason)
		}
	}
}
