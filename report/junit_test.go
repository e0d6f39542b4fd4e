package report

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A pipeline is green exactly when the exit code is 0.
func TestJUnitAgreesWithTheExitCode(t *testing.T) {
	cases := map[string]*run.Run{
		"skips only":         runOf(square("a/v/t", run.Skip)),
		"no cells":           runOf(),
		"waived and pass":    runOf(square("a/v/t", run.Waived), square("b/v/t", run.Pass)),
		"a warning":          runOf(square("a/v/t", run.Pass, warned)),
		"a warning at skip":  runOf(square("a/v/t", run.Pass), square("b/v/t", run.Skip, warned)),
		"unattributed":       runOf(square("a/v/t", run.Pass, unattributed)),
		"verdict of nobody":  runOf(square("a/v/t", "odd")),
		"information at a v": runOf(square("a/v/t", run.Pass, func(c *run.Cell) { c.Findings = []run.Finding{{Severity: run.Info}} })),
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

// JUnit shows no registry: it names the observation, the key, and the rules that
// the cell speaks of.
func TestJUnitHoldsNoRegistry(t *testing.T) {
	const key = `HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	rule := func(name string) registry.Value {
		return registry.Value{Key: key + `\ConSecRules`, Name: "{" + name + "}", Type: "REG_SZ", Data: "v2.26|EP2_4=203.0.113.77|Name=" + name + "|"}
	}
	r := runOf(square("applied/a/kms01", run.Fail), square("applied/b/kms01", run.Pass), square("applied/c/kms01", run.Skip))
	r.Observations = []run.Observation{{
		ID: "o1", Need: run.Need{Vantage: "kms01", Spec: run.Spec{Probe: run.ProbeRegistry, Param: key}}, Class: run.Answered,
		Registry: []registry.Value{rule("Deciding"), rule("Another")},
	}}
	for i := range r.Cells {
		r.Cells[i].Evidence, r.Cells[i].Causes = []string{"o1"}, reason.List{reason.Quote(`the rule "Deciding" is not there`)}
	}
	for choice, want := range map[Evidence]int{"": 1, EvidenceFail: 1, EvidenceAll: 3, EvidenceNone: 0} {
		for _, strict := range []bool{false, true} {
			got := written(t, "junit", r, Options{Evidence: choice, Strict: strict})
			if strings.Contains(got, "203.0.113.77") || strings.Contains(got, "Another") {
				t.Errorf("%q: the registry is shown:\n%s", choice, got)
			}
			for _, s := range []string{"observation o1", `{Deciding}`} {
				if n := strings.Count(got, s); n != want {
					t.Errorf("%q: %d times %q, want %d:\n%s", choice, n, s, want, got)
				}
			}
		}
	}
	if md := written(t, "markdown", r, Options{}); strings.Contains(md, "203.0.113.77") {
		t.Errorf("markdown shows the registry:\n%s", md)
	}
}
