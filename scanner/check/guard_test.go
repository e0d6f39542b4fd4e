package check_test

import (
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// with adds a check to the list for the time of a test.
func with(t *testing.T, c check.Check) {
	t.Helper()
	before := checks.All
	checks.All = append(slices.Clone(checks.All), c)
	t.Cleanup(func() { checks.All = before })
}

// asking gives a check one trial with one claim.
func asking(c *check.Check, needs func(*intent.Policy, *check.Trial) []run.Need, ask func(*check.Evidence) claim.Support) {
	c.Trials = check.ItsTarget
	c.Claims = func(*intent.Policy, *check.Trial) []check.Claim {
		return []check.Claim{{Code: reason.ClaimRead, Needs: needs, Ask: ask}}
	}
}

// pinged needs one ping of the first host.
func pinged(p *intent.Policy, _ *check.Trial) []run.Need {
	return []run.Need{check.ReachNeed("client", p.Hosts[0], p.Hosts[0].Addresses[0], check.Echo, run.Before)}
}

// A check that breaks, wherever, costs its own cells: they are errors, the run
// is no GO and names the check, and all other cells are as they were.
func TestACheckThatBreaks(t *testing.T) {
	healthy := newWorld().judged(t)
	belttest.Recover(t)
	one := []run.CellID{{Check: "odd", Vantage: "client", Target: "kms01"}}
	sound := check.Check{
		ID:    "odd",
		Cells: func(*intent.Policy) []run.CellID { return one },
	}
	asks := func(needs func(*intent.Policy, *check.Trial) []run.Need, ask func(*check.Evidence) claim.Support) func(*check.Check) {
		return func(c *check.Check) { asking(c, needs, ask) }
	}
	asking(&sound, pinged, func(e *check.Evidence) claim.Support { return claim.Shown(e.See(e.Needs()[0])) })
	for name, c := range map[string]struct {
		change func(*check.Check)
		broken bool
	}{
		"sound": {func(*check.Check) {}, false},
		"Cells": {func(c *check.Check) { c.Cells = func(*intent.Policy) []run.CellID { panic("cells") } }, true},
		"Trials": {func(c *check.Check) {
			c.Trials = func(*intent.Policy, run.CellID) ([]check.Trial, reason.List) { panic("trials") }
		}, true},
		"Needs":          {asks(func(*intent.Policy, *check.Trial) []run.Need { panic("needs") }, nil), true},
		"Ask":            {asks(pinged, func(*check.Evidence) claim.Support { var none []int; _ = none[1]; return claim.Support{} }), true},
		"Ask, nil":       {asks(pinged, nil), true},
		"one cell twice": {func(c *check.Check) { c.Cells = func(*intent.Policy) []run.CellID { return append(one, one...) } }, false},
		"a fail": {asks(pinged, func(e *check.Evidence) claim.Support {
			return claim.Broken(reason.List{reason.Quote("it fails")}, e.See(e.Needs()[0]))
		}), false},
	} {
		t.Run(name, func(t *testing.T) {
			odd := sound
			c.change(&odd)
			with(t, odd)
			w := newWorld()
			w.policy.Waivers = []intent.Waiver{waiver("domain-kms/client/kms01")} // has every check list its cells
			got := w.judged(t)
			if c.broken != slices.Equal(w.run.Broken, []string{"check odd"}) || !c.broken && len(w.run.Broken) > 0 {
				t.Errorf("broken: %v", w.run.Broken)
			}
			extra := 0
			for id, x := range got {
				switch {
				case x.ID.Check == "odd":
					extra++
					if c.broken && (x.Verdict != run.Error || !x.Reasons.Has(reason.OwnMistake, reason.CheckUnlisted)) {
						t.Errorf("%s is %s: %s", id, x.Verdict, x.Reasons.Key())
					}
				case x.Verdict != healthy[id].Verdict:
					t.Errorf("%s became %s", id, x.Verdict)
				}
			}
			if extra != 1 {
				t.Errorf("%d cells", extra)
			}
			for _, x := range got {
				w.run.Cells = append(w.run.Cells, x)
			}
			want := map[bool]run.Answer{true: run.Unproven, false: run.Go}[c.broken]
			if name == "a fail" {
				want = run.NoGo
			}
			if a := w.run.Answer(); a != want {
				t.Errorf("the answer is %s, want %s", a, want)
			}
		})
	}
}

// Of a run that was stopped a cell is decided where all that it needs was
// observed, or where what was observed is a fail.
func TestCellsOfARunThatWasStopped(t *testing.T) {
	for name, c := range map[string]struct {
		missing func(run.Need) bool // what was not observed any more
		open    bool                // the hosts answer everybody
		want    map[string]run.Verdict
	}{
		"nothing is missing": {func(run.Need) bool { return false }, false, map[string]run.Verdict{
			"domain-kms/client/kms01": run.Pass, "non-domain-kms/guest/kms01": run.Pass,
		}},
		"the window": {func(n run.Need) bool { return n.When == run.Window }, false, map[string]run.Verdict{
			"domain-kms/client/kms01": run.Pass, "non-domain-kms/guest/kms01": run.Error,
		}},
		"the controls after it": {func(n run.Need) bool { return n.When == run.After }, false, map[string]run.Verdict{
			"domain-kms/client/kms01": run.Pass, "non-domain-kms/guest/kms01": run.Error,
		}},
		"the controls after an open host": {func(n run.Need) bool { return n.When == run.After }, true, map[string]run.Verdict{
			"domain-kms/client/kms01": run.Pass, "non-domain-kms/guest/kms01": run.Fail,
		}},
		"everything": {func(run.Need) bool { return true }, true, map[string]run.Verdict{
			"domain-kms/client/kms01": run.Error, "non-domain-kms/guest/kms01": run.Error, "dns-srv/client/contoso.test": run.Error,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.run.Stopped = &run.Stop{Why: "interrupted"}
			w.answer = func(n run.Need, healthy run.Observation) run.Observation {
				switch {
				case c.missing(n):
					return run.Observation{Trouble: reason.One(reason.NotBegun), Stopped: true}
				case c.open && n.When == run.Window:
					return answered(n)
				}
				return healthy
			}
			got := w.judged(t)
			for id, want := range c.want {
				if x, there := got[id]; there && (x.Verdict != want || x.Stopped != (want == run.Error) || x.Stopped != x.Reasons.Has(reason.StoppedBefore)) {
					t.Errorf("%s is %s (%v), want %s", id, x.Verdict, x.Stopped, want)
				}
			}
			for _, x := range got {
				w.run.Cells = append(w.run.Cells, x)
			}
			if a := w.run.Answer(); a.Goes() || a == run.Unproven {
				t.Errorf("the answer is %s", a)
			}
		})
	}
}

// A check cannot make a pass: what it tells of a cell leaves the verdict as it was
// concluded.
func TestACheckCannotMakeAPass(t *testing.T) {
	odd := check.Check{
		ID: "odd",
		Cells: func(*intent.Policy) []run.CellID {
			return []run.CellID{{Check: "odd", Vantage: "client", Target: "kms01"}}
		},
		Tell: func(_ *check.Input, _ []*check.Judged, c *run.Cell) {
			c.Verdict, c.Weak, c.By = run.Pass, false, run.ByArrived
		},
	}
	asking(&odd, pinged, func(e *check.Evidence) claim.Support { return claim.Open(nil, e.See(e.Needs()[0])) })
	with(t, odd)
	if c := newWorld().judged(t)["odd/client/kms01"]; c.Verdict != run.Inconclusive || c.By != "" {
		t.Errorf("%s, by %q", c.Verdict, c.By)
	}
}
