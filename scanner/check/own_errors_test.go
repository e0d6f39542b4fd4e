package check_test

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// A finding explains the cells that follow from it, and never an error of the
// tool, which would hide the error's reason.
func TestAnErrorIsNeverAConsequence(t *testing.T) {
	const cell = "domain-ping/client/kms01"
	ping := func(n run.Need) bool {
		return n.Vantage == "client" && n.Target == "kms01" && n.Probe == run.ProbeICMP
	}
	for name, broken := range map[string]func(run.Need) bool{
		"IKE is silent": func(n run.Need) bool { return n.Probe == run.ProbeIKE && n.Target == "kms01" },
		"the host is down": func(n run.Need) bool {
			return n.Target == "kms01" && (n.Probe == run.ProbeIKE || n.Probe == run.ProbeRPC || n.Probe == run.ProbeTCP || n.Probe == run.ProbeICMP)
		},
	} {
		for _, isError := range []bool{false, true} {
			w := newWorld()
			w.answer = func(n run.Need, healthy run.Observation) run.Observation {
				switch {
				case ping(n) && isError:
					return run.Observation{Need: n, Trouble: reason.List{reason.Quote("ping.exe's answer is not understood")}}
				case ping(n), broken(n):
					return silent(n)
				}
				return healthy
			}
			cells := w.judged(t)
			c, ok := cells[cell]
			switch {
			case !ok:
				t.Fatalf("no %s", cell)
			case isError && (c.Verdict != run.Error || c.CausedBy != nil || !c.Causes.Equal(c.Reasons)):
				t.Errorf("%s: the error is %s, because of %v, cause %q", name, c.Verdict, c.CausedBy, c.Causes.Key())
			case !isError && (c.Verdict == run.Error || c.CausedBy == nil):
				t.Errorf("%s: without the error the cell is %s, because of %v: no explanation is tested", name, c.Verdict, c.CausedBy)
			}
		}
	}
}

// One vantage that nobody got into is one root, whatever it could not test.
func TestALostVantageIsOneRoot(t *testing.T) {
	w := newWorld()
	for i := range w.run.Vantages {
		if w.run.Vantages[i].Name == "client" {
			w.run.Vantages[i].Trouble = reason.One(reason.NoWayIn, "vantage", "client", "why", reason.Quote("refused"))
		}
	}
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Vantage == "client" {
			return run.Observation{Need: n, Trouble: reason.List{reason.Quote("no way into vantage client: refused")}}
		}
		return healthy
	}
	roots := 0
	for _, c := range w.judged(t) {
		if c.ID.Vantage == "client" && c.Verdict == run.Error && c.CausedBy == nil {
			roots++
		}
	}
	if roots != 1 {
		t.Errorf("%d roots, want 1", roots)
	}
}
