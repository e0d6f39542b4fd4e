package report

import (
	"errors"
	"slices"
	"strings"

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
		if r, ok := err.(reasoned); ok {
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
