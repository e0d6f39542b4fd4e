package report

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// square makes a cell of check/vantage/target.
func square(id string, v run.Verdict, change ...func(*run.Cell)) run.Cell {
	var c run.Cell
	if err := c.ID.UnmarshalText([]byte(id)); err != nil {
		panic(err)
	}
	c.Verdict, c.Reasons = v, reason.List{reason.Quote("because " + id)}
	for _, f := range change {
		f(&c)
	}
	return c
}

// causedBy makes a cell a consequence.
func causedBy(id string) func(*run.Cell) {
	var root run.CellID
	if err := root.UnmarshalText([]byte(id)); err != nil {
		panic(err)
	}
	return func(c *run.Cell) { c.CausedBy = &root }
}

func unattributed(c *run.Cell) { c.By, c.Weak = run.ByUnknown, true }

func warned(c *run.Cell) {
	c.Findings = append(c.Findings, run.Finding{Severity: run.Warn, Reason: reason.One(reason.Quoted, "id", "slow", "words", "slow")})
}

func runOf(cells ...run.Cell) *run.Run {
	return &run.Run{Name: "contoso.test", Stage: "require", Basis: "hardened", Duration: time.Second, Cells: cells}
}

func TestFirstLine(t *testing.T) {
	fault := runOf()
	fault.Fault = "no way\ninto \x1b[31many vantage"
	for name, x := range map[string]struct {
		run     *run.Run
		options Options
		want    string
	}{
		"all right":               {runOf(square("a/v/t", run.Pass), square("b/v/t", run.Skip)), Options{}, "GO  1 pass, 1 skip "},
		"one fail":                {runOf(square("a/v/t", run.Fail)), Options{}, "NO-GO  1 cause, 1 cell "},
		"a fail and what follows": {runOf(square("a/v/t", run.Fail), square("b/v/t", run.Inconclusive, causedBy("a/v/t"))), Options{}, "NO-GO  1 cause, 2 cells "},
		"inconclusive and error":  {runOf(square("a/v/t", run.Inconclusive), square("b/v/t", run.Error)), Options{}, "UNPROVEN  2 causes, 2 cells "},
		"a fault":                 {fault, Options{}, "UNPROVEN  the run could not be made: no way into any vantage\n"},
		"no cells":                {runOf(), Options{}, "UNPROVEN  the run has no cells: it says nothing\n"},
		"skips only":              {runOf(square("a/v/t", run.Skip)), Options{}, "UNPROVEN  nothing passed: the run proves nothing"},
		"a warning, strictly":     {runOf(square("a/v/t", run.Pass, warned)), Options{Strict: true}, "NO-GO  strict: 1 warning "},
		"a warning, otherwise":    {runOf(square("a/v/t", run.Pass, warned)), Options{}, "GO  1 pass "},
		"unattributed, strictly":  {runOf(square("a/v/t", run.Pass, unattributed)), Options{Strict: true}, "NO-GO  strict: 1 cell is weak: because a/v/t\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := written(t, "table", x.run, x.options)
			if !strings.HasPrefix(got, x.want) {
				first, _, _ := strings.Cut(got, "\n")
				t.Errorf("got %q, want %q", first, x.want)
			}
		})
	}
}

func TestSquareFoldsToTheWorst(t *testing.T) {
	for want, cells := range map[string][]run.Cell{
		"FAIL":   {square("a/v/1", run.Pass), square("a/v/2", run.Fail), square("a/v/3", run.Error)},
		"ERROR":  {square("a/v/1", run.Inconclusive), square("a/v/2", run.Error)},
		"?":      {square("a/v/1", run.Waived), square("a/v/2", run.Inconclusive)},
		"waived": {square("a/v/1", run.Waived), square("a/v/2", run.Skip)},
		"skip":   {square("a/v/1", run.Pass), square("a/v/2", run.Skip)},
		"pass~":  {square("a/v/1", run.Pass), square("a/v/2", run.Pass, unattributed), square("a/v/3", run.Pass)},
		"pass":   {square("a/v/1", run.Pass)},
		"-":      {square("b/v/1", run.Pass), square("a/w/1", run.Pass)},
	} {
		if got := matrixOf(runOf(cells...)).square("a", "v"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTableFitsItsWidth(t *testing.T) {
	for _, name := range runs {
		for _, width := range []int{40, 80, 100, 132} {
			for line := range strings.Lines(written(t, "table", readRun(t, name), Options{Width: width})) {
				line = strings.TrimRight(line, "\n")
				if render.Width(line) > width && !strings.HasPrefix(line, "pass ") {
					t.Errorf("%s at %d columns: %d: %s", name, width, render.Width(line), line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s: blanks at the end: %q", name, line)
				}
			}
		}
	}
}

// In a matrix of several blocks a check is in those where it has a cell, and
// every cell is in one of them.
func TestBlocksHoldEveryCellOnce(t *testing.T) {
	var cells []run.Cell
	for i := range 20 {
		cells = append(cells, square(fmt.Sprintf("check-%02d/vantage-%02d/t", i, i), run.Pass))
	}
	for _, o := range []Options{{}, {Color: true}} {
		got := written(t, "table", runOf(cells...), o)
		for i := range 20 {
			if n := strings.Count(got, fmt.Sprintf("\ncheck-%02d  ", i)); n != 1 {
				t.Errorf("check-%02d has %d rows, want 1:\n%s", i, n, got)
			}
		}
	}
}

func TestLastLineCounts(t *testing.T) {
	for _, name := range runs {
		r := readRun(t, name)
		n := r.Count()
		want := fmt.Sprintf("\npass %d (%d weak)  fail %d  inconclusive %d  error %d  skip %d  waived %d  warnings %d\n",
			n.Pass, n.Weak, n.Fail, n.Inconclusive, n.Error, n.Skip, n.Waived, n.Warnings)
		if got := written(t, "table", r, Options{}); !strings.HasSuffix(got, want) {
			t.Errorf("%s: the last line is not %q", name, want)
		}
	}
}

// Text from the network never does anything in any report for people.
func TestHostileTextIsInert(t *testing.T) {
	r := readRun(t, "hostile")
	for _, f := range Formats {
		if f.Name == "json" { // escapes them; nobody reads it in a terminal as it is
			continue
		}
		for _, c := range written(t, f.Name, r, Options{}) {
			if unicode.IsControl(c) && c != '\n' && (c != '\t' || f.Name != "junit") || unicode.Is(unicode.Bidi_Control, c) || c == '\ufffe' {
				t.Errorf("%s holds %U", f.Name, c)
			}
		}
	}
	md := written(t, "markdown", r, Options{})
	for _, active := range []string{"<script", "![x]", "`code`", " @every", "http://"} {
		if strings.Contains(md, active) {
			t.Errorf("markdown holds %s", active)
		}
	}
	columns := 0
	for line := range strings.Lines(md) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns != 0 && n != columns {
			t.Errorf("a row of %d bars where the head has %d: %s", n, columns, line)
		}
		columns = n
	}
}

func TestColoursOnlyWhenAskedFor(t *testing.T) {
	r := readRun(t, "nogo")
	plain, colored := written(t, "table", r, Options{}), written(t, "table", r, Options{Color: true})
	if strings.Contains(plain, "\x1b") {
		t.Error("the table without colours has some")
	}
	if !strings.Contains(colored, render.Red.Paint("FAIL")) {
		t.Error("the table in colours has no red FAIL")
	}
	var lines []string
	for l := range strings.Lines(colored) {
		for _, c := range []render.Color{render.Green, render.Yellow, render.Red, render.Magenta, render.Faint} {
			l = strings.ReplaceAll(l, strings.TrimSuffix(c.Paint(""), "\x1b[0m"), "")
		}
		lines = append(lines, strings.ReplaceAll(l, "\x1b[0m", ""))
	}
	if strings.Join(lines, "") != plain {
		t.Error("colours change more than the colour")
	}
}
