package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// good is a judged run that answers GO.
func good() *run.Run {
	return &run.Run{
		Version: "0.1.0", Name: "contoso.test", Started: time.Now(), Duration: time.Second,
		Cells: []run.Cell{{ID: run.CellID{Check: "domain-kms", Vantage: "client", Target: "kms01"}, Verdict: run.Pass}},
	}
}

// encode is the least of an exposition.
func encode(r *run.Run) ([]byte, error) {
	return fmt.Appendf(nil, "# HELP kmsiso_run_cells Cells.\n# TYPE kmsiso_run_cells gauge\nkmsiso_run_cells %d\n", len(r.Cells)), nil
}

// daemonOf makes a daemon that logs to nowhere.
func daemonOf(t *testing.T, s Server) *daemon {
	t.Helper()
	s.Log = slog.New(slog.DiscardHandler)
	if s.Encode == nil {
		s.Encode = encode
	}
	d, err := s.daemon()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// value is one of the daemon's own metrics, by its name and the value of its
// only label.
func value(t *testing.T, d *daemon, name, label string) float64 {
	t.Helper()
	families, err := d.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if label == "" || m.GetLabel()[0].GetValue() == label {
				return m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no %s %s", name, label)
	return 0
}

func TestRunsComeAtOnceThenAnIntervalApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var starts []time.Duration
		ctx, cancel := context.WithCancel(t.Context())
		d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run {
			starts = append(starts, time.Since(begin))
			time.Sleep(time.Minute)
			if len(starts) == 3 {
				time.Sleep(58 * time.Minute) // close to, not over, the next start
			}
			if len(starts) == 4 {
				cancel()
			}
			return good()
		}})
		if err := d.loop(ctx); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{0, time.Hour, 2 * time.Hour, 3 * time.Hour}
		if fmt.Sprint(starts) != fmt.Sprint(want) {
			t.Errorf("started at %v, want %v", starts, want)
		}
	})
}

func TestJitterStaysWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var starts []time.Time
		ctx, cancel := context.WithCancel(t.Context())
		d := daemonOf(t, Server{Interval: time.Hour, Jitter: 10 * time.Minute, Run: func(context.Context) *run.Run {
			if starts = append(starts, time.Now()); len(starts) == 50 {
				cancel()
			}
			return good()
		}})
		if err := d.loop(ctx); err != nil {
			t.Fatal(err)
		}
		gaps := make(map[time.Duration]bool)
		for i, s := range starts[1:] {
			gap := s.Sub(starts[i])
			gaps[gap] = true
			if gap < time.Hour || gap >= 70*time.Minute {
				t.Errorf("%s between two runs", gap)
			}
		}
		if len(gaps) < 10 {
			t.Errorf("only %d different gaps: that is no jitter", len(gaps))
		}
	})
}

// A run that takes longer than its deadline is cancelled and visible.
func TestOverrunIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		d := daemonOf(t, Server{Interval: time.Hour, Timeout: 10 * time.Minute, Grace: time.Minute, Run: func(ctx context.Context) *run.Run {
			switch n++; n {
			case 1: // ends when it is told
				<-ctx.Done()
			case 2: // ignores its context for a while
				time.Sleep(55 * time.Minute)
			}
			return good()
		}})
		ended := make(chan error, 1)
		go func() { ended <- d.loop(ctx) }()

		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if got := value(t, d, "kmsiso_serve_runs_total", outcomeOverrun); got != 1 {
			t.Errorf("%v overruns after the first, want 1", got)
		}
		if d.shows() == nil {
			t.Error("what a cancelled run brought back is not shown")
		}
		time.Sleep(61 * time.Minute) // into the second, past its grace
		synctest.Wait()
		if got := value(t, d, "kmsiso_serve_runs_total", outcomeOverrun); got != 2 {
			t.Errorf("%v overruns after the second, want 2", got)
		}
		if value(t, d, "kmsiso_serve_last_run_failed", "") != 1 || value(t, d, "kmsiso_serve_go", "") != 0 {
			t.Error("a stuck run does not show")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if value(t, d, "kmsiso_serve_last_run_failed", "") != 0 || value(t, d, "kmsiso_serve_go", "") != 1 {
			t.Error("the runs after it do not count")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestRunThatNeverReturnsIsAnErrorAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		d := daemonOf(t, Server{Interval: time.Hour, Run: func(context.Context) *run.Run {
			cancel()
			<-release
			return good()
		}})
		if err := d.loop(ctx); err == nil || !strings.Contains(err.Error(), "did not return within 10s") {
			t.Errorf("got %v", err)
		}
		close(release)
	})
}

func TestOutcomes(t *testing.T) {
	belttest.Recover(t)
	fault := good()
	fault.Fault, fault.Cells = "ssh guest: no route", nil
	for name, x := range map[string]struct {
		run     func(context.Context) *run.Run
		encode  func(*run.Run) ([]byte, error)
		outcome string
		failure string
		replace bool // the run that was shown before
	}{
		"made":               {run: func(context.Context) *run.Run { return good() }, outcome: outcomeMade, replace: true},
		"no document":        {run: func(context.Context) *run.Run { return nil }, outcome: outcomeError, failure: "no document"},
		"fault":              {run: func(context.Context) *run.Run { return fault }, outcome: outcomeFault, failure: "no route"},
		"panic":              {run: func(context.Context) *run.Run { panic("index out of range") }, outcome: outcomePanic, failure: "index out of range"},
		"cannot be encoded":  {run: func(context.Context) *run.Run { return good() }, encode: func(*run.Run) ([]byte, error) { return nil, errors.New("bad label") }, outcome: outcomeError, failure: "bad label"},
		"panic when encoded": {run: func(context.Context) *run.Run { return good() }, encode: func(*run.Run) ([]byte, error) { panic("nil map") }, outcome: outcomePanic, failure: "nil map"},
	} {
		t.Run(name, func(t *testing.T) {
			d := daemonOf(t, Server{Interval: time.Hour, Run: x.run, Encode: x.encode})
			before := &shown{run: good()}
			d.last = before
			if err := d.attempt(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, o := range outcomes {
				want := 0.0
				if o == x.outcome {
					want = 1
				}
				if got := value(t, d, "kmsiso_serve_runs_total", o); got != want {
					t.Errorf("%v times %s, want %v", got, o, want)
				}
			}
			if !strings.Contains(d.failure, x.failure) || (x.failure == "") != (d.failure == "") {
				t.Errorf("failure %q, want %q in it", d.failure, x.failure)
			}
			if got := d.last != before; got != x.replace {
				t.Errorf("the run shown was replaced: %v", got)
			}
			wantGo := truth(x.outcome == outcomeMade)
			if got := value(t, d, "kmsiso_serve_go", ""); got != wantGo {
				t.Errorf("kmsiso_serve_go %v, want %v", got, wantGo)
			}
		})
	}
}

func TestFaultIsShownWhereThereIsNothingBetter(t *testing.T) {
	r := good()
	r.Fault, r.Cells = "kmsiso.yaml: no such file", nil
	d := daemonOf(t, Server{Interval: time.Hour, StateDir: t.TempDir(), Run: func(context.Context) *run.Run { return r }})
	if err := d.attempt(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := d.shows(); s == nil || s.run != r {
		t.Errorf("shown: %v", s)
	}
	if _, err := os.Stat(filepath.Join(d.StateDir, keptName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a fault was kept: %v", err)
	}
}

func TestGoNeedsAFreshRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := daemonOf(t, Server{Interval: time.Hour, Jitter: time.Minute, Timeout: 30 * time.Minute, Run: func(context.Context) *run.Run { return good() }})
		if err := d.attempt(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(91 * time.Minute)
		if value(t, d, "kmsiso_serve_go", "") != 1 {
			t.Error("a run that may still be the last one is called stale")
		}
		time.Sleep(2 * time.Minute)
		if value(t, d, "kmsiso_serve_go", "") != 0 {
			t.Error("a stale run still says GO")
		}
		if got := value(t, d, "kmsiso_serve_last_run_age_seconds", ""); got < 92*60 || got > 94*60 {
			t.Errorf("age %v", got)
		}
	})
}

func TestBadFields(t *testing.T) {
	ok := func(context.Context) *run.Run { return good() }
	for name, s := range map[string]Server{
		"nothing to run":  {Encode: encode, Interval: time.Hour},
		"no way to write": {Run: ok, Interval: time.Hour},
		"no interval":     {Run: ok, Encode: encode},
		"too short":       {Run: ok, Encode: encode, Interval: 9 * time.Second},
		"negative jitter": {Run: ok, Encode: encode, Interval: time.Hour, Jitter: -1},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Serve(t.Context(), Web{Listen: []string{"127.0.0.1:0"}}); err == nil {
				t.Error("started")
			}
		})
	}
}
