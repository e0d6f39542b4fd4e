package observe

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// scripted answers dials after a time, or is silent until they give up. It
// stands for a network only where the order of questions is tested.
type scripted struct {
	after  time.Duration // 0 is silence
	silent uint16        // a port where it is silent all the same
	// lossy says that it counts its SYNs, and that of every sixth connection the first
	// one is lost.
	lossy bool

	mu    sync.Mutex
	begun []time.Time
}

func (s *scripted) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	s.mu.Lock()
	s.begun = append(s.begun, time.Now())
	which := 1
	if len(s.begun)%6 == 0 {
		which = 2
	}
	s.mu.Unlock()
	r := vantage.Reply{Class: run.Answered, RTT: s.after, From: q.To.Addr()}
	if s.lossy {
		r.Attempt = run.Attempt{Sent: which, Answered: which, Took: s.after}
	}
	wait := s.after
	if wait == 0 || wait > q.Timeout || q.To.Port() == s.silent {
		wait, r = q.Timeout, vantage.Reply{Class: run.Silent, RTT: q.Timeout}
	}
	select {
	case <-time.After(wait):
		return r, nil
	case <-ctx.Done():
		return vantage.Reply{}, ctx.Err()
	}
}

func tcpNeed(v string, when run.When) run.Need {
	return run.Need{Vantage: v, When: when, Spec: run.Spec{Probe: run.ProbeTCP, Target: "kms01", Addr: netip.MustParseAddr("198.18.10.30"), Port: 445}}
}

// observed runs the needs against two scripted vantages.
func observed(t *testing.T, inside, outside *scripted, needs []run.Need) (map[run.Need]run.Observation, time.Duration) {
	t.Helper()
	p := &intent.Policy{Limits: intent.Limits{Positive: 21 * time.Second, Window: 3500 * time.Millisecond}}
	pl := &places{connected: map[string]*vantage.Vantage{
		"inside":  {Name: "inside", Offers: vantage.Offering(vantage.TCP.By(inside.Dial)), Via: map[vantage.Capability]string{}},
		"outside": {Name: "outside", Offers: vantage.Offering(vantage.TCP.By(outside.Dial)), Via: map[vantage.Capability]string{}},
	}, info: []run.Vantage{{Name: "lost", Trouble: reason.One(reason.NoWayIn, "vantage", "lost")}}}
	began := time.Now()
	o := &Observer{policy: p, places: pl, clock: func() time.Duration { return time.Since(began) }, progress: func(string, ...any) {}}
	all, window := o.Observe(t.Context(), needs)
	if len(all) != len(needs) {
		t.Fatalf("%d observations of %d needs", len(all), len(needs))
	}
	got := map[run.Need]run.Observation{}
	for i, x := range all {
		if x.Need != needs[i] || x.ID == "" || x.Class == "" && len(x.Trouble) == 0 {
			t.Errorf("observation %d is %+v", i, x)
		}
		got[x.Need] = x
	}
	return got, window
}

func TestDeniedWindowStandsBetweenItsControls(t *testing.T) {
	before, window, after := tcpNeed("inside", run.Before), tcpNeed("outside", run.Window), tcpNeed("inside", run.After)
	for _, tt := range []struct {
		name   string
		answer time.Duration // of the control
		window time.Duration // T
	}{
		{"quick", 5 * time.Millisecond, 3800 * time.Millisecond},
		{"a control slow enough to lengthen T", time.Second, 7300 * time.Millisecond},
		{"a control as slow as Windows gives it time", 20 * time.Second, 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, length := observed(t, &scripted{after: tt.answer}, &scripted{}, []run.Need{after, window, before})
				b, w, a := got[before], got[window], got[after]
				if w.Start < b.End || a.Start < w.End {
					t.Errorf("before %s-%s, window %s-%s, after %s-%s", b.Start, b.End, w.Start, w.End, a.Start, a.End)
				}
				if w.Class != run.Silent || w.End-w.Start != tt.window || length != tt.window {
					t.Errorf("the window was %s long (%s), T %s, want %s", w.End-w.Start, w.Class, length, tt.window)
				}
				if a.Class != run.Answered {
					t.Errorf("after: %+v", a)
				}
			})
		})
	}
}

func TestWhatGaveNoAnswerIsNotAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inside := &scripted{}
		got, _ := observed(t, inside, &scripted{}, []run.Need{tcpNeed("inside", run.Before), tcpNeed("outside", run.Window), tcpNeed("inside", run.After)})
		if !got[tcpNeed("inside", run.After)].Trouble.Equal(reason.One(reason.ControlNotRepeated)) || len(inside.begun) != 1 {
			t.Errorf("asked %d times, after: %+v", len(inside.begun), got[tcpNeed("inside", run.After)])
		}
		if got[tcpNeed("outside", run.Window)].Class != run.Silent {
			t.Error("the denied window was not tried, and a host that answers outsiders would go unseen")
		}
	})
}

func TestNeedsOfALostVantageAreErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := tcpNeed("lost", run.Window)
		got, _ := observed(t, &scripted{}, &scripted{}, []run.Need{n})
		if !got[n].Trouble.Equal(reason.One(reason.NoWayIn, "vantage", "lost")) || got[n].Class != "" {
			t.Errorf("%+v", got[n])
		}
	})
}

func TestAnInterruptedRunObservesNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		p := &intent.Policy{Limits: intent.Limits{Positive: 21 * time.Second, Window: 3500 * time.Millisecond}}
		pl := &places{connected: map[string]*vantage.Vantage{"outside": {Name: "outside", Offers: vantage.Offering(vantage.TCP.By((&scripted{}).Dial)), Via: map[vantage.Capability]string{}}}}
		began := time.Now()
		o := &Observer{policy: p, places: pl, clock: func() time.Duration { return time.Since(began) }, progress: func(string, ...any) {}}
		n := tcpNeed("outside", run.Window)
		all, _ := o.Observe(ctx, []run.Need{n})
		if took := time.Since(began); !all[0].Trouble.Has(reason.RunStopped) || all[0].Class == run.Silent || took > 2*time.Second {
			t.Errorf("after %s: %+v", took, all[0])
		}
	})
}

// deaf answers nobody, whatever becomes of the call, until it is released.
type deaf struct{ release chan struct{} }

func (d deaf) Dial(context.Context, vantage.DialRequest) (vantage.Reply, error) {
	<-d.release
	return vantage.Reply{Class: run.Answered}, nil
}

// A way in that never comes back costs its own observation: the next steps of its
// address and port are made, and only once.
func TestABracketGoesOnWithoutWhatIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		inside := &scripted{after: time.Millisecond}
		needs := []run.Need{tcpNeed("deaf", run.Before), tcpNeed("outside", run.Window), tcpNeed("inside", run.After)}
		p := &intent.Policy{Limits: intent.Limits{Positive: 21 * time.Second, Window: 3500 * time.Millisecond}}
		pl := &places{connected: map[string]*vantage.Vantage{
			"deaf":    {Name: "deaf", Offers: vantage.Offering(vantage.TCP.By(deaf{release}.Dial)), Via: map[vantage.Capability]string{}},
			"inside":  {Name: "inside", Offers: vantage.Offering(vantage.TCP.By(inside.Dial)), Via: map[vantage.Capability]string{}},
			"outside": {Name: "outside", Offers: vantage.Offering(vantage.TCP.By((&scripted{}).Dial)), Via: map[vantage.Capability]string{}},
		}}
		began := time.Now()
		o := &Observer{policy: p, places: pl, clock: func() time.Duration { return time.Since(began) }, progress: func(string, ...any) {}}
		all, _ := o.Observe(t.Context(), needs)
		if !all[0].Trouble.Has(reason.CallLeft) || all[0].Class != "" || belt.Left() != 1 {
			t.Errorf("the deaf one: %+v, %d left behind", all[0], belt.Left())
		}
		if all[1].Class != run.Silent || all[1].Start < all[0].End || all[2].Class != run.Answered || all[2].Start < all[1].End {
			t.Errorf("the others: %+v", all[1:])
		}
		left := all[0]
		close(release)
		synctest.Wait()
		if len(inside.begun) != 1 || belt.Left() != 0 || !all[0].Trouble.Equal(left.Trouble) || all[0].Class != "" {
			t.Errorf("after it came: asked %d times, %d left, %+v", len(inside.begun), belt.Left(), all[0])
		}
	})
}
