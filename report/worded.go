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
		wordCell(&said.Cells[i])
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
	if len(c.Conduct) > 0 {
		c.Configured = catalog.Text(c.Conduct)
	}
	if len(c.Seen) > 0 {
		c.Observed = catalog.Text(c.Seen)
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

// sentences are the texts of several reasons, each for itself.
func sentences(l reason.List) []string {
	var all []string
	for _, r := range l {
		all = append(all, catalog.Text(reason.List{r}))
	}
	return all
}
