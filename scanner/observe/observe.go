package observe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/crew"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/redact"
)

// watchReady is how long a watch may take to be in place.
const watchReady = 5 * time.Second

// watchEnd is how long a watch may take to tell what it has seen, and to end.
const watchEnd = 30 * time.Second

// firstGo is how long controls go before what can be asked at any time.
const firstGo = 250 * time.Millisecond

// Observer gathers the observations of a run, from the vantages that it has entered.
type Observer struct {
	policy   *intent.Policy
	logins   *logins
	places   *places
	sources  sources
	clock    func() time.Duration
	progress func(string, ...any)

	crew *crew.Crew // makes the observations
	// pace is the progress at each vantage, whose calls may wait for each other.
	pace map[string]*belt.Progress
	// links is what is known of the link of each vantage before its windows.
	links *links
	// learnings are what is tried at addresses that vantages tell, by these vantages.
	learnings map[string]*learning
	// after are the needs that follow others, each by the index of that one.
	after map[int]int
	// ends are the addresses by which vantages came to hosts. They are known when the
	// windows are over.
	ends map[arrival]netip.Addr
}

// Observe observes every need once and returns the observations in the order
// of the needs, with the length of the denied window: of the longest one.
func (o *Observer) Observe(ctx context.Context, needs []run.Need) ([]run.Observation, time.Duration) {
	group := belt.NewGroup(ctx)
	defer group.End()
	ctx = group
	all := make([]run.Observation, len(needs))
	o.crew, o.pace, o.links = crew.New(), map[string]*belt.Progress{}, newLinks()
	defer o.crew.End()
	for _, n := range needs {
		o.pace[n.Vantage] = new(belt.Progress)
	}
	sorted := sortNeeds(needs)
	o.after = sorted.after
	brackets := sorted.brackets
	o.learnings = sorted.learnings
	limits := limitsOf(o.policy)

	until := make(chan struct{})
	// What a watch has seen is not lost when the run is stopped.
	watching, endWatching := context.WithCancelCause(context.WithoutCancel(ctx))
	defer endWatching(nil)
	var watches, rest, controls sync.WaitGroup
	o.watch(ctx, watching, needs, sorted.throughout, all, limits, until, &watches)

	o.progress("%d addresses and ports, each with its controls and the denied window between them; %d things at any time", len(brackets), len(sorted.first)+len(sorted.once))
	var first sync.WaitGroup
	o.ahead(ctx, needs, sorted.first, all, limits, &first)
	opening := newSteps()
	for _, b := range brackets {
		pass := opening.begin()
		controls.Add(1)
		rest.Add(1)
		b.opened = func() {
			pass()
			controls.Done()
		}
		b.ended = rest.Done
		o.crew.Do(func() { b.observe(ctx, o, needs, all, limits, stepBefore) })
	}
	for _, l := range o.learnings {
		rest.Add(1)
		o.crew.Do(func() {
			defer rest.Done()
			o.learn(ctx, l, needs, all, limits)
		})
	}
	o.yield(ctx, &controls)
	o.together(ctx, needs, sorted.once, all, same(limits))
	rest.Wait()
	first.Wait()
	o.ends = endsOf(all)
	o.together(ctx, needs, append(o.again(needs, sorted, all), sorted.back...), all, same(limits))
	o.alone(ctx, needs, sorted, all, limits)
	close(until)
	late := time.AfterFunc(watchEnd, func() { endWatching(&belt.OverdueError{Bound: watchEnd}) })
	defer late.Stop()
	watches.Wait()
	window := limits.Window
	for _, b := range brackets {
		window = max(window, b.length)
	}
	name(all)
	calibrate(o.policy, o.places.info, all)
	mark(o.policy, all)
	return all, window
}

// name gives observations their ids. All pass here, of every source, before
// anybody else sees them: what nobody is to see is taken out.
func name(all []run.Observation) {
	redact.Keys(all)
	for i := range all {
		all[i].ID = fmt.Sprintf("o%d", i+1)
	}
}

// yield lets the controls before the windows go first, for a moment: all that
// follows waits for them, and what is asked at any time can wait as well.
func (o *Observer) yield(ctx context.Context, controls *sync.WaitGroup) {
	done := make(chan struct{})
	go func() { controls.Wait(); close(done) }()
	late := time.NewTimer(firstGo)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
	case <-ctx.Done():
	}
}

// watch starts the watches and waits until each is in place or has failed.
func (o *Observer) watch(ctx, watching context.Context, needs []run.Need, which []int, all []run.Observation,
	limits probes.Limits, until chan struct{}, wg *sync.WaitGroup,
) {
	ready := make(chan struct{}, len(which))
	for _, i := range which {
		wg.Add(1)
		o.start(watching, &needs[i], limits, &probes.Env{Until: until, Ready: func() { ready <- struct{}{} }}, &all[i], wg.Done)
	}
	late := time.NewTimer(watchReady)
	defer late.Stop()
	for range which {
		select {
		case <-ready:
		case <-late.C:
			return // it says itself that it came late, or failed
		case <-ctx.Done():
			return
		}
	}
}

// together observes needs at the same time and returns when all are done.
func (o *Observer) together(ctx context.Context, needs []run.Need, which []int, all []run.Observation, limits func(int) probes.Limits) {
	var wg sync.WaitGroup
	env, crowd := new(probes.Env), newSteps()
	for _, i := range which {
		pass := crowd.begin()
		wg.Add(1)
		o.crew.Do(func() {
			o.hold(ctx, &needs[i], limits(i), env, &all[i], func(bool) {
				pass()
				o.follow(ctx, needs, i, all, limits(i), &wg)
				wg.Done()
			})
		})
	}
	wg.Wait()
}

// start has a member of the crew observe one need. What it puts into got is whole
// when done is called, whatever the probe does.
func (o *Observer) start(ctx context.Context, n *run.Need, limits probes.Limits, env *probes.Env, got *run.Observation, done func()) {
	o.crew.Do(func() { o.hold(ctx, n, limits, env, got, func(bool) { done() }) })
}

// hold observes one need, and puts into got what comes of it: what the probe says,
// or why it said nothing. Then it calls done, once, and says whether the probe was
// left behind; done is then called elsewhere, and hold returns late and false.
func (o *Observer) hold(ctx context.Context, n *run.Need, limits probes.Limits, env *probes.Env, got *run.Observation, done func(behind bool)) bool {
	began := o.clock()
	return belt.Hold(ctx, o.call(n, limits), func(ctx context.Context) *run.Observation {
		return o.one(ctx, n, limits, env)
	}, func(x *run.Observation, err error) {
		if err != nil {
			x = failed(n, began, reason.Of(err))
			x.End, x.Broke = o.clock(), errors.As(err, new(*belt.Panic))
		}
		stopped(ctx, x)
		o.links.heard(x)
		*got = *x
		done(err != nil && errors.As(err, new(*belt.LeftError)))
	}, nil)
}

// call says how long an observation may take.
func (o *Observer) call(n *run.Need, limits probes.Limits) belt.Call {
	if n.Probe == run.ProbeDirectory {
		return readingCall(n)
	}
	return belt.Call{Name: string(n.Probe) + " from " + n.Vantage, Bound: probes.Longest(*n, limits), Progress: o.pace[n.Vantage]}
}

// stopped marks what was not observed because the run was stopped. Silence that
// was cut short is none.
func stopped(ctx context.Context, x *run.Observation) {
	if ctx.Err() == nil || len(x.Trouble) == 0 && x.Class != run.Silent || overdue(ctx) != nil {
		return // overdue is a watch: it was not the run that ended
	}
	x.Class, x.Stopped = "", true
	if len(x.Trouble) == 0 {
		x.Trouble = reason.One(reason.SilenceCutShort)
	}
	x.Trouble = reason.One(reason.RunStopped, "words", context.Cause(ctx), "why", x.Trouble)
}

// failed is an observation that was over when it began.
func failed(n *run.Need, now time.Duration, why reason.List) *run.Observation {
	return &run.Observation{Need: *n, Start: now, End: now, Trouble: why}
}

// unlisted is what comes of needs that could not be listed.
func unlisted(n *run.Need, now time.Duration) *run.Observation {
	x := failed(n, now, reason.One(reason.NeedsUnlisted, "cell", n.Param))
	x.Broke = true
	return x
}

// one observes one need.
func (o *Observer) one(ctx context.Context, n *run.Need, limits probes.Limits, with *probes.Env) *run.Observation {
	if ctx.Err() != nil {
		return failed(n, o.clock(), reason.One(reason.NotBegun))
	}
	if n.Probe == run.ProbeUnlisted {
		return unlisted(n, o.clock())
	}
	if n.Probe == run.ProbeDirectory {
		o.progress("reading the directory of %s", n.Param)
		return readForest(ctx, o.policy, o.sources, n, o.clock)
	}
	not := func(why reason.List) *run.Observation {
		if with.Ready != nil {
			with.Ready()
		}
		return failed(n, o.clock(), why)
	}
	env, got := o.env(n, limits, with), new(run.Observation)
	switch {
	case env.At == nil:
		return not(o.places.of(n.Vantage).Trouble)
	case n.Peer != "" && env.Peer == nil:
		return not(o.places.of(n.Peer).Trouble)
	}
	got.Need = *n
	if n.Peer != "" && n.When == run.Once && unaddressed(n) {
		got.Need.Addr = o.end(n)
	}
	probes.All[n.Probe].Observe(ctx, env, got)
	got.Need = *n
	if len(got.Trouble) == 0 {
		return got
	}
	if o := overdue(ctx); o != nil {
		got.Trouble = reason.One(reason.ProbeFailed, "probe", n.Probe, "vantage", n.Vantage, "why", reason.Of(o))
	}
	return got
}

// overdue is the bound that ended a context, nil where another thing did.
func overdue(ctx context.Context) *belt.OverdueError {
	var o *belt.OverdueError
	_ = errors.As(context.Cause(ctx), &o)
	return o
}
