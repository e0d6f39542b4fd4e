package scanner

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	odd "github.com/kmsiso/kmsiso/fixtures/hostile/place"
	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/checks"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/observe"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	hostAddr  = netip.MustParseAddr("198.18.10.30")
	filesAddr = netip.MustParseAddr("198.18.11.40")
)

// threePlaces is a policy with a member, an outsider and a second member, the
// limits those of the defaults.
func threePlaces() *intent.Policy {
	return &intent.Policy{
		Isolation: intent.Isolation{Stage: intent.StageRequire, Basis: intent.BasisHardened, Scope: intent.ScopeHost},
		Hosts:     []intent.Host{{Name: "kms01", Port: 1688, DHCP: "never", Addresses: []netip.Addr{hostAddr}}},
		Vantages: []intent.Vantage{
			{Name: "client", Role: intent.RoleDomain, Path: "lan"},
			{Name: "guest", Role: intent.RoleNonDomain, Alive: []string{filesAddr.String() + ":445"}},
			{Name: "odd", Role: intent.RoleDomain, Path: "lan"},
		},
		Limits: intent.Limits{Positive: intent.DefaultPositive, Window: intent.MinWindow, Connect: intent.DefaultConnect, Ports: intent.DefaultPorts},
	}
}

// at makes the ways into the three places, of which the last has a fault.
func at(fault odd.Fault, release <-chan struct{}) (map[string]*odd.Way, observe.Options) {
	ways := map[string]*odd.Way{
		"client": {Address: netip.MustParseAddr("198.18.20.20"), Reaches: []netip.Addr{hostAddr, filesAddr}},
		"guest":  {Address: netip.MustParseAddr("198.18.30.9"), Reaches: []netip.Addr{filesAddr}},
		"odd":    {Address: netip.MustParseAddr("198.18.20.21"), Reaches: []netip.Addr{hostAddr, filesAddr}, Fault: fault, Release: release},
	}
	return ways, observe.Options{Version: "1.2.3", Enter: func(v intent.Vantage) []vantage.Way {
		return []vantage.Way{ways[v.Name]}
	}}
}

// others are the verdicts of the cells that are not the odd one's.
func others(r *run.Run) map[string]string {
	got := map[string]string{}
	for _, c := range r.Cells {
		if c.ID.Vantage != "odd" {
			got[c.ID.String()] = string(c.Verdict)
		}
	}
	return got
}

// Whatever a way in does, the run ends in time, and what the others saw stays.
func TestARunEndsWhateverAWayInDoes(t *testing.T) {
	belttest.Recover(t)
	var healthy map[string]string
	synctest.Test(t, func(t *testing.T) {
		ways, o := at(odd.Good, nil)
		r, err := Verify(t.Context(), threePlaces(), o)
		if err != nil {
			t.Fatal(err)
		}
		if healthy = others(r); len(healthy) == 0 || len(r.Broken) > 0 || belt.Left() != 0 {
			t.Fatalf("the healthy run: %v, broken %v", healthy, r.Broken)
		}
		for name, w := range ways {
			if w.Opened.Load() != 1 || w.Closed.Load() != 1 {
				t.Errorf("%s: opened %d times, closed %d times", name, w.Opened.Load(), w.Closed.Load())
			}
		}
	})
	for _, fault := range odd.Faults {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				ways, o := at(fault, release)
				began := time.Now()
				r, err := Verify(t.Context(), threePlaces(), o)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took > 20*time.Minute {
					t.Errorf("it took %s", took)
				}
				if diff := cmp.Diff(healthy, others(r)); diff != "" {
					t.Errorf("cells of the other vantages (-healthy +got):\n%s", diff)
				}
				closing := fault == odd.DeafClose || fault == odd.PanicClose
				for _, c := range r.Cells {
					if c.ID.Vantage == "odd" && c.Verdict == run.Pass && !closing {
						t.Errorf("%s is a pass", c.ID)
					}
				}
				if r.Answer().Goes() && !closing {
					t.Error("GO")
				}
				if panics := fault == odd.PanicOpen || fault == odd.PanicCall; panics != (len(r.Broken) > 0) {
					t.Errorf("broken: %v", r.Broken)
				}
				close(release)
				synctest.Wait()
				time.Sleep(time.Hour)
				if belt.Left() != 0 {
					t.Errorf("%d calls left behind after all were released", belt.Left())
				}
				if w := ways["odd"]; fault == odd.DeafOpen && w.Closed.Load() != 1 {
					t.Error("what opened too late was not closed")
				}
			})
		})
	}
}

// leavingWay is how long a way may take to be closed.
const leavingWay = 10 * time.Second

// A run that is stopped is judged: what fails stays a fail, nothing else passes
// that was not observed, and replay keeps it.
func TestAStoppedRunIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		open   bool // the host answers the outsider
		after  time.Duration
		answer run.Answer
	}{
		"at once":                         {false, 0, run.Stopped},
		"while controls are asked":        {false, time.Second, run.Stopped},
		"after it, and the host is open":  {true, 100 * time.Second, run.NoGo},
		"before anything of an open host": {true, 0, run.Stopped},
		"a little later":                  {false, 2 * time.Second, run.Stopped},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				if c.after == 0 {
					cancel(errors.New("interrupted"))
				}
				timer := time.AfterFunc(c.after, func() { cancel(errors.New("interrupted")) })
				defer timer.Stop()
				release := make(chan struct{})
				defer close(release)
				ways, o := at(odd.DeafCall, release)
				if c.open {
					ways["guest"].Reaches = append(ways["guest"].Reaches, hostAddr)
				}
				began := time.Now()
				r, err := Verify(ctx, threePlaces(), o)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began) - c.after; took > belt.Grace+leavingWay+belt.Grace {
					t.Errorf("it took %s to stop", took)
				}
				again, err := Replay(r)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range []*run.Run{r, again} {
					if r.Stopped == nil || r.Answer() != c.answer || r.Decided() >= len(r.Cells) {
						t.Errorf("%s (%+v), %d of %d cells", r.Answer(), r.Stopped, r.Decided(), len(r.Cells))
					}
					if want := map[run.Answer]int{run.NoGo: 1, run.Stopped: 3}[c.answer]; r.ExitCode(false) != want {
						t.Errorf("exit code %d, want %d", r.ExitCode(false), want)
					}
					for _, x := range r.Cells {
						if x.Stopped && x.Verdict != run.Error {
							t.Errorf("%s was not decided and is %s", x.ID, x.Verdict)
						}
						if c.after == 0 && x.Verdict == run.Pass {
							t.Errorf("%s passes, and nothing was observed", x.ID)
						}
					}
				}
				if diff := cmp.Diff(r.Cells, again.Cells); diff != "" {
					t.Errorf("replay (-run +replay):\n%s", diff)
				}
			})
		})
	}
}

// Where a check cannot say what it needs the run says so, and replay does too.
func TestNeedsThatCannotBeListed(t *testing.T) {
	belttest.Recover(t)
	before := checks.All
	checks.All = append(slices.Clone(before), check.Check{
		ID: "odd",
		Cells: func(*intent.Policy) []run.CellID {
			return []run.CellID{{Check: "odd", Vantage: "client", Target: "kms01"}}
		},
		Trials: func(*intent.Policy, run.CellID) ([]check.Trial, reason.List) { panic("trials") },
	})
	t.Cleanup(func() { checks.All = before })
	synctest.Test(t, func(t *testing.T) {
		_, o := at(odd.Good, nil)
		r, err := Verify(t.Context(), threePlaces(), o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Replay(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []*run.Run{r, again} {
			i := slices.IndexFunc(r.Cells, func(c run.Cell) bool { return c.ID.Check == "odd" })
			if i < 0 || r.Cells[i].Verdict != run.Error || !slices.Equal(r.Broken, []string{"check odd"}) || r.Answer().Goes() {
				t.Errorf("%s, broken %v, cell %d", r.Answer(), r.Broken, i)
			}
		}
	})
}

// A resolver that ignores its context costs the name it was asked for.
func TestALookupThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		p := threePlaces()
		p.Vantages[1].Alive = []string{"deaf.contoso.test:445", "files.contoso.test:445"}
		began := time.Now()
		p, _ = p.Resolve(t.Context(), func(ctx context.Context, name string) ([]netip.Addr, error) {
			return heldLookup(ctx, name, func(context.Context) ([]netip.Addr, error) {
				if name == "deaf.contoso.test" {
					<-release
				}
				return []netip.Addr{filesAddr}, nil
			})
		})
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("it took %s", took)
		}
		if !p.Pins["deaf.contoso.test"].Trouble.Has(reason.NameUnresolved) || !slices.Equal(p.Pins["files.contoso.test"].Addrs, []netip.Addr{filesAddr}) {
			t.Errorf("%+v", p.Pins)
		}
	})
}

// Names are looked up side by side: however many no server answers for, they
// take as long as one, and what is found does not depend on the order.
func TestNamesAreLookedUpSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := threePlaces()
		p.Vantages[1].Alive = nil
		for i := range 200 {
			p.Vantages[1].Alive = append(p.Vantages[1].Alive, fmt.Sprintf("files%d.contoso.test:445", i))
		}
		began := time.Now()
		p, _ = p.Resolve(t.Context(), func(ctx context.Context, name string) ([]netip.Addr, error) {
			if name == "files7.contoso.test" {
				return []netip.Addr{filesAddr}, nil
			}
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("it took %s", took)
		}
		if len(p.Pins) != 200 || !slices.Equal(p.Pins["files7.contoso.test"].Addrs, []netip.Addr{filesAddr}) || !p.Pins["files8.contoso.test"].Trouble.Has(reason.NameUnresolved) {
			t.Errorf("%d pins", len(p.Pins))
		}
	})
}
