package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// A reload begins a run at once; during a run it begins one as soon as that has
// ended, and never two at a time. Nothing but a reload calls the hook.
func TestReloadMakesARunNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs, reloads int
		ctx, cancel := context.WithCancel(t.Context())
		d := daemonOf(t, Server{Interval: time.Hour, Reload: func() error { reloads++; return nil }, Run: func(context.Context) *run.Run {
			runs++
			time.Sleep(time.Minute)
			return good()
		}})
		hup := make(chan os.Signal, 1)
		ended := make(chan error, 1)
		go func() { ended <- d.loop(ctx) }()
		go d.hangups(ctx, hup)

		time.Sleep(10 * time.Minute)
		if runs != 1 || reloads != 0 {
			t.Errorf("%d runs, %d reloads before any signal", runs, reloads)
		}
		hup <- syscall.SIGHUP
		time.Sleep(30 * time.Second)
		if runs != 2 || reloads != 1 {
			t.Errorf("%d runs, %d reloads after the signal", runs, reloads)
		}
		hup <- syscall.SIGHUP // during the run
		time.Sleep(time.Minute)
		if runs != 3 || reloads != 2 {
			t.Errorf("%d runs, %d reloads after a signal during a run", runs, reloads)
		}
		time.Sleep(70 * time.Minute)
		if runs != 4 || reloads != 2 {
			t.Errorf("%d runs, %d reloads an interval later", runs, reloads)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// A policy on a file system that is gone holds a reload up, and not for ever.
func TestReloadThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		d := daemonOf(t, Server{Interval: time.Hour, Reload: func() error { <-release; return nil }, Run: func(context.Context) *run.Run { return good() }})
		began := time.Now()
		if err := d.reload(t.Context(), "test"); err == nil || time.Since(began) != reloadTime || len(d.asked) != 1 {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

// Runs that never return are left behind, so that the next one starts; when
// there are too many the server ends, to be started anew.
func TestRunsThatNeverReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		began := time.Now()
		var starts []time.Duration
		d := daemonOf(t, Server{Interval: time.Hour, Timeout: 10 * time.Minute, Run: func(context.Context) *run.Run {
			starts = append(starts, time.Since(began))
			<-release
			return good()
		}})
		err := d.loop(t.Context())
		if !errors.Is(err, errStuck) || len(starts) != mostRunsBehind || starts[1] != time.Hour || starts[2] != 2*time.Hour {
			t.Errorf("runs at %v, then %v", starts, err)
		}
		if got := value(t, d, "kmsiso_serve_runs_total", outcomeOverrun); got != mostRunsBehind {
			t.Errorf("%v overruns", got)
		}
		if got := value(t, d, "kmsiso_serve_runs_left_behind", ""); got != mostRunsBehind {
			t.Errorf("%v left behind", got)
		}
		close(release)
		synctest.Wait()
		if got := value(t, d, "kmsiso_serve_runs_left_behind", ""); got != 0 {
			t.Errorf("%v left behind after all returned", got)
		}
	})
}

// One run that never returns changes nothing for those after it.
func TestTheRunAfterAStuckOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		n := 0
		ctx, cancel := context.WithCancel(t.Context())
		d := daemonOf(t, Server{Interval: time.Hour, Timeout: 10 * time.Minute, Run: func(context.Context) *run.Run {
			if n++; n == 1 {
				<-release
			}
			return good()
		}})
		ended := make(chan error, 1)
		go func() { ended <- d.loop(ctx) }()
		time.Sleep(30 * time.Minute)
		if value(t, d, "kmsiso_serve_last_run_failed", "") != 1 {
			t.Error("the stuck run does not show")
		}
		time.Sleep(time.Hour)
		if value(t, d, "kmsiso_serve_go", "") != 1 || value(t, d, "kmsiso_serve_runs_total", outcomeMade) != 1 {
			t.Error("the run after it does not count")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Calls that were left behind within runs end the server too, when they are many.
func TestTooManyCallsLeftBehind(t *testing.T) {
	calls := mostCallsBehind - 1
	d := daemonOf(t, Server{Interval: time.Hour, Left: func() int { return calls }, Run: func(context.Context) *run.Run { return good() }})
	if err := d.attempt(t.Context()); err != nil {
		t.Error(err)
	}
	calls++
	if err := d.attempt(t.Context()); !errors.Is(err, errStuck) {
		t.Errorf("%v", err)
	}
}

// The end of the context of the server is no error, whatever its cause, and is
// logged.
func TestTheEndIsLogged(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	var lines atomic.Int32
	s := Server{Interval: time.Hour, Encode: encode, Log: slog.New(countReason{&lines}), Run: func(context.Context) *run.Run {
		cancel(errors.New("terminated"))
		return good()
	}}
	if err := s.ServeOn(ctx, []net.Listener{l}, ""); err != nil {
		t.Error(err)
	}
	if lines.Load() != 1 {
		t.Errorf("%d lines say why", lines.Load())
	}
}

// countReason counts the lines whose reason is that of the test.
type countReason struct{ n *atomic.Int32 }

func (c countReason) Enabled(context.Context, slog.Level) bool { return true }
func (c countReason) WithAttrs([]slog.Attr) slog.Handler       { return c }
func (c countReason) WithGroup(string) slog.Handler            { return c }
func (c countReason) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "reason" && a.Value.String() == "terminated" {
			c.n.Add(1)
		}
		return true
	})
	return nil
}
