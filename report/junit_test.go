package report

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// A pipeline is green exactly when the exit code is 0.
func TestJUnitAgreesWithTheExitCode(t *testing.T) {
	cases := map[string]*run.Run{
		"skips only":         runOf(cell("a/v/t", run.Skip)),
		"no cells":           runOf(),
		"waived and pass":    runOf(cell("a/v/t", run.Waived), cell("b/v/t", run.Pass)),
		"a warning":          runOf(cell("a/v/t", run.Pass, warned)),
		"a warning at skip":  runOf(cell("a/v/t", run.Pass), cell("b/v/t", run.Skip, warned)),
		"unattributed":       runOf(cell("a/v/t", run.Pass, unattributed)),
		"verdict of nobody":  runOf(cell("a/v/t", "odd")),
		"information at a v": runOf(cell("a/v/t", run.Pass, func(c *run.Cell) { c.Findings = []run.Finding{{Severity: run.Info}} })),
	}
	for _, name := range runs {
		cases[name] = readRun(t, name)
	}
	for name, r := range cases {
		for _, strict := range []bool{false, true} {
			var got junit.Testsuites
			if err := xml.Unmarshal([]byte(written(t, "junit", r, Options{Strict: strict})), &got); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			red, tests := 0, 0
			for _, s := range got.Suites {
				red += s.Failures + s.Errors
				tests += len(s.Testcases)
			}
			if (red == 0) != (r.ExitCode(strict) == 0) {
				t.Errorf("%s, strict %v: %d red cases, exit code %d", name, strict, red, r.ExitCode(strict))
			}
			if tests < max(len(r.Cells), 1) || got.Tests != tests || got.Failures+got.Errors != red {
				t.Errorf("%s: %d cases for %d cells, totals %d", name, tests, len(r.Cells), got.Tests)
			}
		}
	}
}

func TestJUnitHoldsTheEvidence(t *testing.T) {
	got := written(t, "junit", readRun(t, "nogo"), Options{})
	for _, want := range []string{
		`<testcase name="guest/kms02" classname="non-domain-kms" time="1.503">`,
		"guest rpc-bind 198.18.10.31 port 1688 (window, 2.000 s to 2.003 s, via ssh guest.contoso.test): answered",
		"hq-client rpc-bind 198.18.10.31 port 1688 (before,",
		"rpc bind to the KMS interface accepted",
		"because of  non-domain-kms/guest/kms02",
		`<skipped message="waived: net-ops until 2027-06-30`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
}
