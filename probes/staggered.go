package probes

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// stagger is a series of tries that begin at fixed times and overlap.
type stagger struct {
	at []time.Duration // when each begins, since the first; ascending from 0
	// begin prepares one. Never two of begin and decide run at a time.
	begin func(i int)
	// try makes one; it runs beside the others.
	try func(ctx context.Context, i int) (vantage.Reply, error)
	// decide looks at the reply to one, and may change it. True ends the series:
	// what has not begun is not sent.
	decide func(i int, r *vantage.Reply) bool
	// overtake says that an answer to one tells of those that began before it and
	// have none yet that they were lost: they are silent tries, not forgotten ones.
	overtake bool
}

// paced are the times of n tries, each so long after the one before.
func paced(n int, pace time.Duration) []time.Duration {
	at := make([]time.Duration, n)
	for i := range at {
		at[i] = time.Duration(i) * pace
	}
	return at
}

// series is a stagger under way.
type series struct {
	stagger
	env    *Env
	cancel context.CancelFunc

	others sync.WaitGroup // tries but the first: those begun and the next one
	began  time.Time

	mu      sync.Mutex
	next    *time.Timer // begins the next try; nil where none is to begin
	over    bool        // none begins any more
	record  []run.Try
	waiting []bool // those begun that have not ended
	begun   int
	decided bool
	err     error // the first of the tool
}

// run makes the tries. It returns those that ended by themselves, in the order
// of their beginning, and how many were begun. The error is the first of the
// tool; it is nil when the series was decided. No goroutine is left behind.
//
// The first try is made by the caller's own goroutine: as a rule it is answered,
// and nothing else was needed.
func (s stagger) run(ctx context.Context, env *Env) (tries []run.Try, begun int, err error) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &series{stagger: s, env: env, cancel: cancel, began: time.Now(), record: make([]run.Try, len(s.at)), waiting: make([]bool, len(s.at))}
	r.arm(inner, 1)
	r.one(inner, 0)
	if !r.ended() {
		defer context.AfterFunc(ctx, r.halt)()
	}
	r.others.Wait()
	if p := new(belt.Panic); errors.As(r.err, &p) {
		panic(p.Value) // on this goroutine, where it is an error of the whole observation
	}
	for _, t := range r.record {
		if t.Class != "" {
			tries = append(tries, t)
		}
	}
	switch {
	case r.decided:
		r.err = nil
	case r.err == nil:
		r.err = ctx.Err()
	}
	return tries, r.begun, r.err
}

// arm has a try begin at its time, and then the one after it.
func (r *series) arm(ctx context.Context, i int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next = nil; r.over || i == len(r.at) {
		return
	}
	r.others.Add(1)
	r.next = time.AfterFunc(time.Until(r.began.Add(r.at[i])), func() {
		defer r.others.Done()
		r.arm(ctx, i+1)
		if err := belt.Catch("probe", func() { r.one(ctx, i) }); err != nil {
			r.mu.Lock()
			r.err = err
			r.mu.Unlock()
		}
	})
}

// one makes one try, unless the series is over.
func (r *series) one(ctx context.Context, i int) {
	start, ok := r.start(ctx, i)
	if !ok {
		return
	}
	reply, err := r.try(ctx, i)

	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[i] = false
	switch {
	case err == nil:
		if r.decide(i, &reply) {
			r.decided = true
			r.cancel()
			r.stop()
			r.overtaken(i, &reply)
		}
		r.record[i] = tryOf(r.env, start, &reply)
	case r.err == nil && !r.decided:
		r.err = err
	}
}

// overtaken records those that an answer to a later one overtook. Where the vantage
// counts what it sends, each was sent once.
func (r *series) overtaken(by int, reply *vantage.Reply) {
	if !r.overtake || reply.Class != run.Answered {
		return
	}
	now := r.env.Clock()
	for i := range r.record[:by] {
		if r.waiting[i] {
			t := &r.record[i]
			t.Class, t.RTT, t.Sent = run.Silent, now-t.Start, min(reply.Sent, 1)
		}
	}
}

// start begins one try, unless the series is over.
func (r *series) start(ctx context.Context, i int) (at time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.decided || ctx.Err() != nil {
		return 0, false
	}
	r.begun = max(r.begun, i+1)
	r.begin(i)
	r.record[i].Start, r.waiting[i] = r.env.Clock(), true
	return r.record[i].Start, true
}

// ended reports whether no try begins any more.
func (r *series) ended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over
}

// halt keeps what has not begun from beginning.
func (r *series) halt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop()
}

func (r *series) stop() {
	r.over = true
	if r.next != nil && r.next.Stop() {
		r.others.Done()
	}
	r.next = nil
}
