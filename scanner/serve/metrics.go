package serve

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/kmsiso/kmsiso/scanner/run"
)

func desc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("kmsiso_serve_"+name, help, nil, nil)
}

// The families that speak of the daemon and of the age of what it shows.
var (
	descGo       = desc("go", "1 when the last run was made, is fresh (not older than an interval with its jitter and the longest a run may take) and answered GO. Alert on 0.")
	descFailed   = desc("last_run_failed", "1 when the last attempt to make a run failed; the series of the last judged run stay.")
	descAge      = desc("last_run_age_seconds", "Time since the run that is shown ended.")
	descKept     = desc("last_run_kept", "1 when the run that is shown was made before this process began.")
	descRunning  = desc("running_seconds", "How long the run under way has taken; 0 when there is none.")
	descRuns     = desc("runs_left_behind", "Runs that did not return after their deadline and have not since.")
	descCalls    = desc("calls_left_behind", "Calls of runs, to a way in, a directory or a resolver, that did not return after they were told to end and have not since.")
	descInterval = desc("interval_seconds", "Time from the start of one run to the start of the next, without jitter.")
)

// measure makes the registry of the daemon's own metrics.
func (d *daemon) measure() error {
	d.registry = prometheus.NewRegistry()
	d.runs = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "kmsiso_serve_runs_total",
		Help: "Attempts to make a run, by outcome; made counts whatever the run found.",
	}, []string{"outcome"})
	for _, o := range outcomes {
		d.runs.WithLabelValues(o) // there from the start, so that a rate of it is
	}
	d.stateErrors = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "kmsiso_serve_state_errors_total",
		Help: "Failures to write or to read the run that is kept across restarts.",
	})
	for _, c := range []prometheus.Collector{
		d.runs, d.stateErrors, now{d},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector(),
	} {
		if err := d.registry.Register(c); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return nil
}

// now collects what depends on the moment of the scrape.
type now struct{ d *daemon }

// Describe sends the families there can be.
func (n now) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descGo, descFailed, descAge, descKept, descRunning, descRuns, descCalls, descInterval} {
		ch <- d
	}
}

// Collect sends the series.
func (n now) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) { ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	d := n.d
	d.mu.RLock()
	last, failure, began := d.last, d.failure, d.began
	d.mu.RUnlock()
	gauge(descInterval, d.Interval.Seconds())
	runs, calls := d.leftBehind()
	gauge(descRuns, float64(runs))
	gauge(descCalls, float64(calls))
	gauge(descFailed, truth(failure != ""))
	gauge(descGo, truth(d.goes(last, failure)))
	running := 0.0
	if !began.IsZero() {
		running = time.Since(began).Seconds()
	}
	gauge(descRunning, running)
	if last != nil {
		gauge(descAge, age(last.run).Seconds())
		gauge(descKept, truth(last.kept))
	}
}

// goes is the one thing to alert on: what is shown is GO, and can be believed.
func (d *daemon) goes(last *shown, failure string) bool {
	return failure == "" && last != nil && last.run.Answer().Goes() &&
		age(last.run) <= d.Interval+d.Jitter+d.Timeout+d.Grace
}

// age is the time since a run ended.
func age(r *run.Run) time.Duration { return max(time.Since(r.Started.Add(r.Duration)), 0) }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
