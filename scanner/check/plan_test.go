package check_test

import (
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Whatever comes of the observations, no judge looks at what its cell did not
// plan: it would break, which fails the test.
func TestJudgesLookAtWhatTheyPlanned(t *testing.T) {
	became := []func(run.Need) run.Observation{
		answered, silent,
		func(n run.Need) run.Observation { return tried(n, run.Refused, time.Millisecond) },
		func(n run.Need) run.Observation {
			return run.Observation{Need: n, Missing: reason.List{reason.Quote("cannot")}}
		},
		func(n run.Need) run.Observation {
			return run.Observation{Need: n, Trouble: reason.List{reason.Quote("failed")}}
		},
		func(n run.Need) run.Observation { o := answered(n); o.Weak = "told by a text"; return o },
	}
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 9))
		w := newWorld()
		if seed%2 == 0 {
			w = toldWorld(nil, []*told{nil, appliedTold(nil)}[random.IntN(2)])
		}
		isolation := &w.policy.Isolation
		isolation.Stage = []intent.Stage{intent.StageRequire, intent.StageRequest}[random.IntN(2)]
		isolation.Scope = []intent.Scope{intent.ScopeHost, intent.ScopeKMSPort}[random.IntN(2)]
		for i := range w.policy.Vantages {
			if random.IntN(3) == 0 {
				w.policy.Vantages[i].Alive = nil
			}
		}
		before := w.answer
		w.answer = func(n run.Need, healthy run.Observation) run.Observation {
			if before != nil {
				healthy = before(n, healthy)
			}
			if n.Probe == run.ProbeDirectory || random.IntN(3) > 0 {
				return healthy
			}
			return became[random.IntN(len(became))](n)
		}
		w.judged(t)
	}
}

// A cell rests on what its plan names: where another observation changes or is
// lost, the cell stays what it was.
func TestCellsRestOnTheirPlan(t *testing.T) {
	changed, kept := 0, 0
	look := func(t *testing.T, p *intent.Policy, r *run.Run, step int) {
		pl := checks.NewPlan(p, r.Audit)
		healthy := pl.Judge(r)
		for i := 0; i < len(r.Observations); i += step {
			n := r.Observations[i].Need
			lost, failed := []run.Observation(nil), []run.Observation{{ID: r.Observations[i].ID, Need: n, Trouble: reason.List{reason.Quote("changed")}}}
			for _, become := range [][]run.Observation{lost, failed} {
				other := *r
				other.Observations = slices.Concat(r.Observations[:i:i], become, r.Observations[i+1:])
				for k, c := range pl.Judge(&other) {
					if pl.LooksAt(c.ID, n) {
						changed++
						continue
					}
					kept++
					if !reflect.DeepEqual(healthy[k], c) {
						t.Errorf("%s does not plan %+v, and changed with it:\n%s", c.ID, n, cmp.Diff(healthy[k], c))
					}
				}
			}
		}
	}
	for name, w := range map[string]*world{"no directory": newWorld(), "told": toldWorld(nil, nil), "told and applied": toldWorld(nil, appliedTold(boundaryTold))} {
		t.Run(name, func(t *testing.T) {
			w.judged(t)
			look(t, w.declared(), w.run, 2)
		})
	}
	for _, doc := range []string{"fault_udp500-blocked"} {
		t.Run(doc, func(t *testing.T) {
			r, p := recorded(t, filepath.Join("../../fixtures/baseline/testdata/runs", doc+".json.gz"))
			look(t, p, r, 20)
		})
	}
	if changed == 0 || kept == 0 {
		t.Errorf("%d cells planned what changed, %d did not", changed, kept)
	}
}

// What a check looks at and did not plan breaks it, be it observed or not; what
// it planned and nobody observed is an error that says so.
func TestWhatWasNotPlanned(t *testing.T) {
	belttest.Recover(t)
	id := run.CellID{Check: "odd", Vantage: "client", Target: "kms01"}
	ping := func(p *intent.Policy) run.Need { return pinged(p, &check.Trial{})[0] }
	for name, c := range map[string]struct {
		plan   bool
		look   func(*check.Evidence, run.Need) *run.Observation
		lost   bool
		broken bool
		unseen bool
	}{
		"see":                          {plan: true, look: (*check.Evidence).See},
		"peek":                         {plan: true, look: (*check.Evidence).Peek},
		"see what was not planned":     {look: (*check.Evidence).See, broken: true},
		"peek at what was not planned": {look: (*check.Evidence).Peek, broken: true},
		"see what nobody observed":     {plan: true, look: (*check.Evidence).See, lost: true, unseen: true},
		"peek at what nobody observed": {plan: true, look: (*check.Evidence).Peek, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			var got *run.Observation
			odd := check.Check{ID: "odd", Cells: func(*intent.Policy) []run.CellID { return []run.CellID{id} }}
			asking(&odd, func(p *intent.Policy, t *check.Trial) []run.Need {
				if !c.plan {
					return nil
				}
				return pinged(p, t)
			}, func(e *check.Evidence) claim.Support {
				if got = c.look(e, ping(e.Policy)); got == nil {
					return claim.Open(reason.One(reason.NotObserved))
				}
				if s, made := claim.Unmade(got); !made {
					return s
				}
				return claim.Shown(got)
			})
			with(t, odd)
			w := newWorld()
			w.judged(t)
			w.run.Observations = slices.DeleteFunc(w.run.Observations, func(o run.Observation) bool { return c.lost && o.Need == ping(w.policy) })
			got = nil
			cells := checks.NewPlan(w.declared(), false).Judge(w.run)
			cell := cells[len(cells)-1]
			if broken := slices.Equal(w.run.Broken, []string{"check odd"}); broken != c.broken || broken && cell.Verdict != run.Error {
				t.Errorf("broken: %v, the cell is %s", w.run.Broken, cell.Verdict)
			}
			if !c.broken && (got != nil && got.Trouble.Has(reason.NotObserved)) != c.unseen || c.unseen && cell.Verdict != run.Error {
				t.Errorf("it saw %+v, and the cell is %s", got, cell.Verdict)
			}
		})
	}
}

// What a cell may look at besides its needs is not observed for its sake.
func TestAlsoAsksForNothing(t *testing.T) {
	w := toldWorld(nil, nil)
	want := checks.NewPlan(w.declared(), false).Needs()
	odd := check.Check{
		ID: "odd",
		Cells: func(*intent.Policy) []run.CellID {
			return []run.CellID{{Check: "odd", Vantage: "client", Target: "kms01"}}
		},
		Also: func(p *intent.Policy, id run.CellID) []run.Need {
			return append(check.DirectoryNeeds(p, id), check.RegistryNeed("guest", check.KeyFirewall))
		},
	}
	asking(&odd, pinged, func(e *check.Evidence) claim.Support {
		if e.Input.Peek(check.RegistryNeed("guest", check.KeyFirewall)) != nil || e.Input.Peek(check.DirectoryNeed("contoso.test")) == nil {
			return claim.Broken(reason.List{reason.Quote("it saw the wrong thing")})
		}
		return claim.Shown(e.See(e.Needs()[0]))
	})
	with(t, odd)
	if diff := cmp.Diff(want, checks.NewPlan(w.declared(), false).Needs(), cmp.Comparer(func(a, b run.Need) bool { return a == b })); diff != "" {
		t.Errorf("needs:\n%s", diff)
	}
	if c := w.judged(t)["odd/client/kms01"]; c.Verdict != run.Pass {
		t.Errorf("%s: %s", c.Verdict, c.Reasons.Key())
	}
}
