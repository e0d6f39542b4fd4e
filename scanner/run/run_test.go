package run

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// of makes a run with one cell for each verdict given.
func of(verdicts ...Verdict) *Run {
	r := &Run{}
	for i, v := range verdicts {
		r.Cells = append(r.Cells, Cell{ID: CellID{"check", "vantage", string(rune('a' + i))}, Verdict: v})
	}
	return r
}

func TestAnswerAndExitCode(t *testing.T) {
	warned := of(Pass)
	warned.Cells[0].Findings = []Finding{{Severity: Info}, {Severity: High}}
	informed := of(Pass)
	informed.Cells[0].Findings = []Finding{{Severity: Info}}
	unattributed := of(Pass)
	unattributed.Cells[0].By, unattributed.Cells[0].Weak = ByUnknown, true
	owes := func(paid Support) *Run {
		r := of(Pass)
		r.Obligations = []Obligation{{Paid: Shown}, {Paid: paid}}
		return r
	}
	fault := of(Pass)
	fault.Fault = "no vantage could be reached"
	failedAndFault := of(Pass, Fail)
	failedAndFault.Fault = "cut short"

	for name, x := range map[string]struct {
		run          *Run
		want         Answer
		code, strict int
	}{
		"all pass":                        {of(Pass, Pass), Go, 0, 0},
		"skips beside":                    {of(Pass, Skip), Go, 0, 0},
		"a waiver beside":                 {of(Pass, Skip, Waived), GoBut, 0, 1},
		"what is owed is paid":            {owes(Shown), Go, 0, 0},
		"what is owed is paid weakly":     {owes(Weak), GoBut, 0, 1},
		"what is owed is not paid":        {owes(NotShown), Unproven, 3, 3},
		"one fail among passes":           {of(Pass, Fail, Pass), NoGo, 1, 1},
		"a fail outweighs an error":       {of(Error, Fail, Inconclusive), NoGo, 1, 1},
		"something inconclusive":          {of(Pass, Inconclusive), Unproven, 3, 3},
		"something in error":              {of(Pass, Error), Unproven, 3, 3},
		"no cells prove nothing":          {of(), Unproven, 3, 3},
		"skips only prove nothing":        {of(Skip, Skip), Unproven, 3, 3},
		"waivers only prove nothing":      {of(Waived), Unproven, 3, 3},
		"a cell that was never judged":    {of(Pass, ""), Unproven, 3, 3},
		"a verdict nobody knows":          {of(Pass, "PASS"), Unproven, 3, 3},
		"a warning counts when strict":    {warned, Go, 0, 1},
		"information does not":            {informed, Go, 0, 0},
		"an unattributed deny does":       {unattributed, GoBut, 0, 1},
		"a fault, though a cell passed":   {fault, Unproven, 3, 3},
		"a fault hides no fail":           {failedAndFault, NoGo, 1, 1},
		"an unattributed deny that fails": {func() *Run { r := of(Fail); r.Cells[0].By = ByUnknown; return r }(), NoGo, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := x.run.Answer(); got != x.want {
				t.Errorf("answer %s, want %s", got, x.want)
			}
			if got := x.run.ExitCode(false); got != x.code {
				t.Errorf("exit code %d, want %d", got, x.code)
			}
			if got := x.run.ExitCode(true); got != x.strict {
				t.Errorf("strict exit code %d, want %d", got, x.strict)
			}
		})
	}
}

func TestCount(t *testing.T) {
	r := of(Pass, Pass, Fail, Inconclusive, Error, Skip, Waived, "")
	r.Cells[1].By, r.Cells[1].Weak = ByUnknown, true
	r.Cells[2].By = ByUnknown // no pass, so not an unattributed one
	r.Cells[5].Findings = []Finding{{Severity: Warn}, {Severity: Critical}, {Severity: Info}}
	want := Counts{Pass: 2, Weak: 1, Unattributed: 1, Fail: 1, Inconclusive: 1, Error: 2, Skip: 1, Waived: 1, Warnings: 2}
	if diff := cmp.Diff(want, r.Count()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	r.Fault = "no directory"
	want.Error++
	if diff := cmp.Diff(want, r.Count()); diff != "" {
		t.Errorf("with a fault, -want +got:\n%s", diff)
	}
}

func TestWorse(t *testing.T) {
	for i, a := range Verdicts {
		for j, b := range Verdicts {
			if got := a.Worse(b); got != (i < j) {
				t.Errorf("%s worse than %s: %v", a, b, got)
			}
		}
	}
	if Verdict("nonsense").Compare(Error) != 0 {
		t.Error("what is no verdict must be an error")
	}
}

func TestCellIDText(t *testing.T) {
	for _, want := range []CellID{
		{"non-domain-kms", "guest", "kms02"},
		{"kms-outbound", "kms01", "2001:db8::1:389"},
		{"gpo-linked", "directory", "gpo:KMS/Isolation"}, // a target may hold a slash
	} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got CellID
		if err := json.Unmarshal(b, &got); err != nil || got != want {
			t.Errorf("%s read back as %v, %v", b, got, err)
		}
	}
	var id CellID
	if err := id.UnmarshalText([]byte("check/vantage")); err == nil {
		t.Error("an id without a target was read")
	}
}

func TestClassLocal(t *testing.T) {
	for c, want := range map[Class]bool{
		NoRoute: true, Name: true, NotPermitted: true, Exhausted: true,
		Answered: false, Refused: false, Unreachable: false, Silent: false, Cut: false, Unknown: false, Sent: false,
	} {
		if c.Local() != want {
			t.Errorf("%s local: %v", c, !want)
		}
	}
}
