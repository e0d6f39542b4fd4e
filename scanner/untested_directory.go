package scanner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// mostUnread is how many things that could not be read are told one by one.
const mostUnread = 10

// unread says what the directories do not tell: what no such source can, and
// what could not be read of them, unless a cell says so.
func unread(r *run.Run) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for i := range r.Observations {
		f := r.Observations[i].Forest
		if f == nil {
			continue
		}
		switch f.Kind {
		case run.SourceBackup:
			say("which machines get the GPOs of %s, and which GPOs besides: a backup does not tell, so the declared ones are taken for all that a machine gets", f.Source)
		case run.SourceRegistry:
			say("what Group Policy tells other machines of %s, and since the %s was made: it is what was applied to one machine then", f.Name, f.Source)
		}
		told, untold := 0, 0
		for _, p := range problems(f) {
			switch {
			case slices.ContainsFunc(r.Cells, func(c run.Cell) bool { return tells(&c, p.Problem) }):
			case told == mostUnread:
				untold++
			default:
				told++
				say("what could not be read%s: %s", p.of, p.Problem)
			}
		}
		if untold > 0 {
			say("%d more things of %s that could not be read; the run document has them all", untold, f.Name)
		}
	}
	return out
}

type ofGPO struct {
	run.Problem
	of string // " of GPO NAME", or ""
}

// problems are those of a forest and of its GPOs, each once.
func problems(f *run.Forest) []ofGPO {
	var all []ofGPO
	for _, p := range f.Problems {
		all = append(all, ofGPO{Problem: p})
	}
	for _, d := range f.Domains {
		for _, g := range d.GPOs {
			for _, p := range g.Problems {
				if !slices.ContainsFunc(all, func(x ofGPO) bool {
					return x.Aspect == p.Aspect && x.Where == p.Where && x.Text == p.Text && x.Why.Equal(p.Why)
				}) {
					all = append(all, ofGPO{p, fmt.Sprintf(" of GPO %q", g.Name)})
				}
			}
		}
	}
	return all
}

// tells reports whether a cell names a problem.
func tells(c *run.Cell, p run.Problem) bool {
	in := func(text string) bool { return strings.Contains(text, p.Where) && strings.Contains(text, p.Text) }
	return in(c.Reason) || in(c.Cause) || slices.ContainsFunc(c.Findings, func(f run.Finding) bool { return in(f.Text) })
}
