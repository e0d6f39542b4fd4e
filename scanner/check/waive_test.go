package check_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func waiver(cell string) intent.Waiver {
	return intent.Waiver{Cell: cell, Reason: "move", Owner: "ops", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Until: "2026-12-31"}
}

// openToAll makes a world in which every outsider gets in to kms01.
func openToAll() *world {
	w := newWorld()
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		outsider := n.Vantage == "guest" || n.Vantage == "annex"
		if outsider && n.Target == "kms01" && n.When == run.Window {
			return answered(n)
		}
		return healthy
	}
	return w
}

func TestAWaivedCellIsNoRoot(t *testing.T) {
	plain := openToAll().judged(t)
	var root run.CellID
	consequences := 0
	for _, c := range plain {
		if c.Verdict == run.Fail && c.CausedBy != nil {
			root = *c.CausedBy
			consequences++
		}
	}
	if consequences == 0 {
		t.Fatal("the world has no fail that follows from another")
	}
	w := openToAll()
	w.policy.Waivers = []intent.Waiver{waiver(root.String())}
	cells := w.judged(t)
	if c := cells[root.String()]; c.Verdict != run.Waived || len(c.Causes) == 0 || !strings.Contains(c.Waiver, "until 2026-12-31") {
		t.Errorf("the root is %s, cause %q, %q", c.Verdict, c.Causes.Key(), c.Waiver)
	}
	roots := 0
	for id, c := range cells {
		if c.CausedBy != nil && c.Verdict != run.Waived && cells[c.CausedBy.String()].Verdict == run.Waived {
			t.Errorf("%s is a consequence of what is waived", id)
		}
		if c.Verdict == run.Fail && c.CausedBy == nil {
			roots++
		}
		if c.Verdict != plain[id].Verdict && id != root.String() {
			t.Errorf("%s was %s and is %s", id, plain[id].Verdict, c.Verdict)
		}
	}
	if roots == 0 {
		t.Error("no fail is a cause by itself any more")
	}
}

func TestInconclusiveCellsCanBeWaived(t *testing.T) {
	cells := []run.Cell{
		{ID: run.CellID{Check: "a", Vantage: "v", Target: "t"}, Verdict: run.Inconclusive},
		{ID: run.CellID{Check: "b", Vantage: "v", Target: "t"}, Verdict: run.Error},
		{ID: run.CellID{Check: "c", Vantage: "v", Target: "t"}, Verdict: run.Fail},
		{ID: run.CellID{Check: "d", Vantage: "v", Target: "t"}, Verdict: run.Pass},
	}
	p := deployment()
	p.Waivers = []intent.Waiver{waiver("*/v/t"), waiver("d/v/t"), waiver("e/v/t")}
	uses := checks.Waive(p, &run.Run{Started: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}, cells)
	for i, want := range []run.Verdict{run.Waived, run.Error, run.Waived, run.Pass} {
		if cells[i].Verdict != want {
			t.Errorf("%s is %s, want %s", cells[i].ID, cells[i].Verdict, want)
		}
	}
	if uses[0].Waived != 2 || !uses[1].Covers || uses[1].Waived != 0 || uses[2].Covers {
		t.Errorf("used %+v", uses)
	}
}

func TestNamesInWaivers(t *testing.T) {
	for name, c := range map[string]struct{ cell, check, stray, blanket string }{
		"right":                      {"non-domain-kms/guest/kms01", "", "", ""},
		"a check that is none":       {"non-domain-kmss/guest/kms01", `did you mean "non-domain-kms"?`, "", ""},
		"a vantage that is none":     {"non-domain-kms/gest/kms01", "", `did you mean "guest"?`, ""},
		"a host that is none":        {"non-domain-kms/guest/kms1", "", "no host", ""},
		"everything":                 {"*/*/*", "", "", "non-domain"},
		"one check of all":           {"non-domain-ping/*/*", "", "", "non-domain-ping"},
		"one vantage of all hosts":   {"non-domain-kms/guest/*", "", "", "non-domain-kms"},
		"one host of all vantages":   {"non-domain-kms/*/kms01", "", "", ""},
		"all of a test that may die": {"esp-50/*/*", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := deployment()
			p.Waivers = []intent.Waiver{waiver(c.cell)}
			for what, got := range map[string][2]string{
				"unknown checks": {strings.Join(checks.UnknownChecks(p), "\n"), c.check},
				"stray names":    {strings.Join(checks.StrayWaivers(p), "\n"), c.stray},
				"blanket":        {strings.Join(checks.BlanketWaivers(p), "\n"), c.blanket},
			} {
				if got[1] == "" && got[0] != "" || !strings.Contains(got[0], got[1]) {
					t.Errorf("%s: %q, want %q", what, got[0], got[1])
				}
			}
		})
	}
}
