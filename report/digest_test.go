package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What is wrong is never left out, however the chain of causes looks.
func TestRoots(t *testing.T) {
	for name, x := range map[string]struct {
		cells []run.Cell
		want  string // root(consequences) of every paragraph, in order
	}{
		"a consequence":              {[]run.Cell{square("b/v/t", run.Fail, causedBy("a/v/t")), square("a/v/t", run.Fail)}, "a/v/t(b/v/t)"},
		"a consequence of that":      {[]run.Cell{square("a/v/t", run.Fail), square("b/v/t", run.Fail, causedBy("a/v/t")), square("c/v/t", run.Error, causedBy("b/v/t"))}, "a/v/t(b/v/t c/v/t)"},
		"a circle of two":            {[]run.Cell{square("a/v/t", run.Fail, causedBy("b/v/t")), square("b/v/t", run.Fail, causedBy("a/v/t"))}, "a/v/t() b/v/t()"},
		"its own cause":              {[]run.Cell{square("a/v/t", run.Fail, causedBy("a/v/t"))}, "a/v/t()"},
		"a cause that is not there":  {[]run.Cell{square("a/v/t", run.Fail, causedBy("z/v/t"))}, "a/v/t()"},
		"a cause that has passed":    {[]run.Cell{square("a/v/t", run.Pass), square("b/v/t", run.Fail, causedBy("a/v/t"))}, "b/v/t()"},
		"a cause that was skipped":   {[]run.Cell{square("a/v/t", run.Skip), square("b/v/t", run.Fail, causedBy("a/v/t"))}, "b/v/t()"},
		"a cause that is waived":     {[]run.Cell{square("a/v/t", run.Waived), square("b/v/t", run.Fail, causedBy("a/v/t"))}, "a/v/t(b/v/t)"},
		"fails before errors before": {[]run.Cell{square("a/v/t", run.Inconclusive), square("b/v/t", run.Error), square("c/v/t", run.Fail)}, "c/v/t() b/v/t() a/v/t()"},
		"a verdict nobody knows":     {[]run.Cell{square("a/v/t", "odd")}, "a/v/t()"},
	} {
		t.Run(name, func(t *testing.T) {
			r := runOf(x.cells...)
			d := digestOf(words(r))
			var got []string
			for _, p := range append(d.causes, d.waived...) {
				var under []string
				for _, c := range p.consequences {
					under = append(under, c.ID.String())
				}
				got = append(got, fmt.Sprintf("%s(%s)", names(p.cells), strings.Join(under, " ")))
			}
			if s := strings.Join(got, " "); s != x.want {
				t.Errorf("got %s, want %s", s, x.want)
			}
			for _, c := range r.Cells {
				if bad(c.Verdict) && !strings.Contains(written(t, "table", r, Options{}), c.ID.String()) {
					t.Errorf("%s is not in the table", c.ID)
				}
			}
		})
	}
}

func TestEqualParagraphsAreWrittenOnce(t *testing.T) {
	same := func(c *run.Cell) { c.Reasons = reason.List{reason.Quote("ssh branch: connection refused")} }
	r := runOf(square("a/branch/t", run.Error, same), square("b/branch/t", run.Error, same), square("a/v/t", run.Error))
	got := written(t, "table", r, Options{})
	if strings.Count(got, "connection refused") != 1 || !strings.Contains(got, "ERROR   a/branch/t, b/branch/t\n") {
		t.Errorf("\n%s", got)
	}
	if !strings.HasPrefix(got, "UNPROVEN  3 causes, 3 cells") {
		t.Errorf("what is written once is still counted for each cell:\n%s", got)
	}
}
