package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/kmsiso/kmsiso/report/render"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// writeJUnit writes the run for a pipeline: a suite for every check, a case for
// every cell. What is inconclusive is an error there and what is waived is
// skipped, so the pipeline is green exactly when the exit code is 0: a run that
// has nothing to show has one synthetic error. The evidence of a cell stands with
// it where the options ask for it.
func writeJUnit(w io.Writer, of *run.Run, o Options) error {
	r := words(of)
	seen := observationsOf(of)
	all := junit.Testsuites{Name: "kmsiso " + render.Clean(r.Name), Time: junitTime(r.Duration)}
	if s, ok := synthetic(r); ok {
		all.AddSuite(s)
	}
	var checks []string
	cells := make(map[string][]*cell)
	for _, c := range r.cells {
		if !slices.Contains(checks, c.ID.Check) {
			checks = append(checks, c.ID.Check)
		}
		cells[c.ID.Check] = append(cells[c.ID.Check], c)
	}
	for _, check := range checks {
		s := suite(of, check, cells[check][0].Cell)
		s.ID = len(all.Suites)
		var total time.Duration
		for _, c := range cells[check] {
			total += lasted(seen, c.Cell)
			s.AddTestcase(testcase(seen, c, o))
		}
		s.Time = junitTime(total)
		all.AddSuite(s)
	}
	if _, err := io.WriteString(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"); err != nil {
		return err
	}
	return all.WriteXML(w)
}

// suite is an empty suite with what the run and the check are.
func suite(r *run.Run, check string, c *run.Cell) junit.Testsuite {
	s := junit.Testsuite{Name: render.Clean(check), Time: junitTime(0)}
	s.SetTimestamp(r.Started.UTC())
	for _, p := range []junit.Property{
		{Name: "kmsiso.version", Value: r.Version},
		{Name: "deployment", Value: r.Name},
		{Name: "stage", Value: r.Stage},
		{Name: "basis", Value: r.Basis},
		{Name: "scope", Value: r.Scope},
	} {
		s.AddProperty(p.Name, render.Clean(p.Value))
	}
	if c != nil {
		s.AddProperty("title", render.Clean(c.Title))
		s.AddProperty("section", render.Clean(c.Section))
		s.AddProperty("confirmed", render.Clean(c.Confirmed))
	}
	return s
}

// synthetic is the suite of a run that says nothing by its cells: there is
// always a case to fail.
func synthetic(r *worded) (junit.Testsuite, bool) {
	n := r.Count()
	if r.Fault == "" && (r.Answer().Goes() || n.Fail+n.Inconclusive+n.Error > 0) {
		return junit.Testsuite{}, false
	}
	text := headline(r, Options{}).text
	s := suite(r.Run, "kmsiso", nil)
	s.AddTestcase(junit.Testcase{
		Classname: "kmsiso", Name: "run", Time: junitTime(0),
		Error: &junit.Result{Message: text, Type: "run", Data: text},
	})
	return s, true
}

func testcase(seen observations, c *cell, o Options) junit.Testcase {
	t := junit.Testcase{
		Classname: render.Clean(c.ID.Check),
		Name:      render.Clean(c.ID.Vantage + "/" + c.ID.Target),
		Time:      junitTime(lasted(seen, c.Cell)),
	}
	result := &junit.Result{Message: message(c), Type: render.Clean(string(c.Verdict))}
	switch {
	case c.Verdict == run.Pass && o.Strict && short(c) != "":
		result.Type, result.Message = "strict", short(c)
		t.Failure = result
	case c.Verdict == run.Pass:
		t.SystemOut = new(junit.Output)
	case c.Verdict == run.Fail:
		t.Failure = result
	case c.Verdict == run.Skip, c.Verdict == run.Waived:
		if strict := short(c); o.Strict && strict != "" {
			result.Type, result.Message = "strict", strict
			t.Failure = result
			break
		}
		t.Skipped = result
	default:
		t.Error = result
	}
	lines := told(c)
	right := t.SystemOut != nil || t.Skipped != nil && c.Verdict == run.Skip
	if o.Evidence == EvidenceAll || o.Evidence != EvidenceNone && !right {
		lines = append(lines, proof(seen, c)...)
	}
	if result.Data = strings.Join(lines, "\n"); t.SystemOut != nil {
		t.SystemOut.Data = result.Data
	}
	return t
}

// short says by what a cell falls short of --strict: a warning, or something weak.
func short(c *cell) string {
	switch {
	case c.Weak:
		return "strict: " + cmp.Or(first(c.reason), unsaid(c))
	case c.Verdict == run.Waived:
		return "strict: waived"
	}
	for _, f := range c.findings {
		if f.severity != run.Info {
			return fmt.Sprintf("strict: %s: %s", f.severity, render.Clean(f.text))
		}
	}
	return ""
}

// message is the one line a pipeline shows of a case.
func message(c *cell) string {
	for _, s := range []string{c.Waiver, c.cause, c.reason, c.observed} {
		if s = render.Clean(s); s != "" {
			return word(c.Cell) + ": " + s
		}
	}
	return word(c.Cell)
}

// told is the paragraph of a cell and its findings, in lines.
func told(c *cell) []string {
	lines := []string{word(c.Cell) + " " + render.Clean(c.ID.String())}
	for _, f := range fields(c) {
		lines = append(lines, fmt.Sprintf("%-11s %s", f.label, f.text))
	}
	if c.By != "" {
		lines = append(lines, fmt.Sprintf("%-11s %s", "denied by", render.Clean(string(c.By))))
	}
	if c.CausedBy != nil {
		lines = append(lines, fmt.Sprintf("%-11s %s", "because of", render.Clean(c.CausedBy.String())))
	}
	for _, f := range c.findings {
		lines = append(lines, render.Clean(fmt.Sprintf("%-11s %s: %s", f.severity, f.id, f.text)))
	}
	return lines
}

// proof is the evidence of a cell, in lines.
func proof(seen observations, c *cell) []string {
	var lines []string
	for i, l := range evidence(seen, c) {
		if i == 0 {
			lines = append(lines, "evidence")
		}
		lines = append(lines, "  "+l)
	}
	return lines
}

// junitTime is a duration in seconds.
func junitTime(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
