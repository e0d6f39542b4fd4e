package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// daemon is a server at work.
type daemon struct {
	Server
	log         *slog.Logger
	registry    *prometheus.Registry
	runs        *prometheus.CounterVec
	stateErrors prometheus.Counter
	config      string // web configuration file; "" is none
	external    string // name in ExternalURL
	fqdn        fqdn
	asked       chan struct{} // a run, at once

	scraping sync.Mutex
	scrape   *scrape // the last answer; nil where it is no longer right

	mu      sync.RWMutex
	last    *shown // nil until there is one
	failure string // of the last attempt; empty where it was made
	began   time.Time
	behind  int // runs that did not return
}

// shown is a run with every form of it that is served, written once.
type shown struct {
	run                  *run.Run
	metrics, text, whole []byte
	packed               func() []byte // the metrics, compressed when first asked for
	kept                 bool          // made before this process began
}

// The outcomes of an attempt to make a run. What the run found is no matter
// here: a NO-GO is a run that was made.
const (
	outcomeMade    = "made"    // a run, judged
	outcomeFault   = "fault"   // a document that says why there is none
	outcomeError   = "error"   // no document, or one that could not be written
	outcomePanic   = "panic"   // the code broke
	outcomeOverrun = "overrun" // it had to be cancelled
)

var outcomes = []string{outcomeMade, outcomeFault, outcomeError, outcomePanic, outcomeOverrun}

// result is what came of an attempt.
type result struct {
	outcome string
	failure string // empty when made
	shown   *shown // nil where nothing can be shown
}

// loop makes runs until ctx is done, an interval apart and whenever one is asked
// for. The error says that too many never returned.
func (d *daemon) loop(ctx context.Context) error {
	for {
		next := time.Now().Add(d.Interval)
		if d.Jitter > 0 {
			next = next.Add(rand.N(d.Jitter))
		}
		if err := d.attempt(ctx); err != nil {
			return err
		}
		wait := time.NewTimer(time.Until(next))
		select {
		case <-wait.C:
		case <-d.asked:
			wait.Stop()
		case <-ctx.Done():
			wait.Stop()
			return nil
		}
	}
}

// attempt makes one run and records what came of it. A run that does not return
// within the grace after its deadline is left behind, so that the next one can
// begin. The error is of a run that is stuck when ctx is done, or when so much
// was left behind that only a restart gives it back.
func (d *daemon) attempt(ctx context.Context) error {
	d.mu.Lock()
	d.began = time.Now()
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.began = time.Time{}
		d.mu.Unlock()
	}()
	runCtx, cancel := context.WithTimeoutCause(ctx, d.Timeout, fmt.Errorf("past its deadline of %s", d.Timeout))
	defer cancel()
	done := make(chan result, 1)
	go func() { done <- d.try(runCtx) }()
	select {
	case r := <-done:
		d.settle(ctx, runCtx, r)
		return d.crowded()
	case <-runCtx.Done():
	}
	grace := time.NewTimer(d.Grace)
	defer grace.Stop()
	select {
	case r := <-done:
		d.settle(ctx, runCtx, r)
		return d.crowded()
	case <-grace.C:
	}
	stuck := fmt.Sprintf("the run did not return within %s after it was cancelled", d.Grace)
	if ctx.Err() != nil {
		return errors.New(stuck)
	}
	d.record(result{outcome: outcomeOverrun, failure: stuck + ", and was left behind"})
	d.leave(done)
	return d.crowded()
}

// leave counts a run that did not return, until it does.
func (d *daemon) leave(done <-chan result) {
	d.mu.Lock()
	d.behind++
	d.mu.Unlock()
	go func() {
		<-done // too late to be shown
		d.mu.Lock()
		d.behind--
		d.mu.Unlock()
	}()
}

// So many runs, and calls within runs, may be left behind: each holds memory and
// connections. With more a supervisor does better by starting the process anew.
const (
	mostRunsBehind  = 3
	mostCallsBehind = 1000
)

// crowded says that too much was left behind.
func (d *daemon) crowded() error {
	runs, calls := d.leftBehind()
	switch {
	case runs >= mostRunsBehind:
		return fmt.Errorf("%d runs never returned; %w", runs, errStuck)
	case calls >= mostCallsBehind:
		return fmt.Errorf("%d calls never returned; %w", calls, errStuck)
	}
	return nil
}

// leftBehind counts runs, and calls within runs, that have not returned.
func (d *daemon) leftBehind() (runs, calls int) {
	d.mu.RLock()
	runs = d.behind
	d.mu.RUnlock()
	if d.Left != nil {
		calls = d.Left()
	}
	return runs, calls
}

// settle records a run that returned, unless it was cut short by the end of
// the server.
func (d *daemon) settle(ctx, runCtx context.Context, r result) {
	if ctx.Err() != nil {
		return
	}
	if runCtx.Err() != nil && r.outcome != outcomePanic {
		r.outcome = outcomeOverrun
		r.failure = fmt.Sprintf("the run was cancelled after %s", d.Timeout)
	}
	d.record(r)
}

// try makes a run and writes every form of it. A panic is a result.
func (d *daemon) try(ctx context.Context) (res result) {
	if err := belt.Catch("run", func() { res = d.made(ctx) }); err != nil {
		return result{outcome: outcomePanic, failure: err.Error()}
	}
	return res
}

func (d *daemon) made(ctx context.Context) result {
	r := d.Run(ctx)
	if r == nil {
		return result{outcome: outcomeError, failure: "the run gave no document"}
	}
	s, err := d.show(r)
	switch {
	case err != nil:
		return result{outcome: outcomeError, failure: err.Error()}
	case r.Fault != "":
		return result{outcome: outcomeFault, failure: r.Fault, shown: s}
	}
	return result{outcome: outcomeMade, shown: s}
}

// show writes every form of a run.
func (d *daemon) show(r *run.Run) (*shown, error) {
	s := &shown{run: r}
	var whole bytes.Buffer
	if err := document.Write(&whole, r); err != nil {
		return nil, err
	}
	s.whole = whole.Bytes()
	var err error
	if s.metrics, err = d.Encode(r); err != nil {
		return nil, fmt.Errorf("write the metrics of the run: %w", err)
	}
	s.packed = sync.OnceValue(func() []byte { return deflated(s.metrics, true) })
	if d.Table != nil {
		if s.text, err = d.Table(r); err != nil {
			return nil, fmt.Errorf("write the table of the run: %w", err)
		}
	}
	return s, nil
}

// record makes a result visible. A run that was judged replaces the last one.
// One that was not leaves it, so that the series of its cells stay and alerts
// on them do not resolve; its fault is shown where there is nothing better.
func (d *daemon) record(r result) {
	d.runs.WithLabelValues(r.outcome).Inc()
	judged := r.shown != nil && r.shown.run.Fault == ""
	d.mu.Lock()
	d.failure = r.failure
	if judged || r.shown != nil && (d.last == nil || d.last.run.Fault != "") {
		d.last = r.shown
	}
	d.mu.Unlock()
	d.changed()
	if r.failure != "" {
		d.log.Warn("a run failed", "outcome", r.outcome, "reason", r.failure)
	} else {
		n := r.shown.run.Count()
		d.log.Info("a run was made", "answer", r.shown.run.Answer(), "cells", len(r.shown.run.Cells),
			"fail", n.Fail, "inconclusive", n.Inconclusive, "error", n.Error, "duration", r.shown.run.Duration)
	}
	if judged {
		d.keep(r.shown)
	}
}
