package probes

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// stagger is a series of tries that begin at fixed times and overlap.
type stagger struct {
	at []time.Duration // when each begins, since the first; ascending
	// begin prepares one, on the caller's goroutine.
	begin func(i int)
	// try makes one; it runs beside the others.
	try func(ctx context.Context, i int) (vantage.Reply, error)
	// decide looks at the reply to one, and may change it, on the caller's
	// goroutine. True ends the series: what has not begun is not sent.
	decide func(i int, r *vantage.Reply) bool
}

// outcome is one try that came to its end.
type outcome struct {
	i     int
	start time.Duration
	reply vantage.Reply
	err   error
}

// run makes the tries. It returns those that ended by themselves, in the order
// of their beginning, and how many were begun. The error is the first of the
// tool; it is nil when the series was decided. No goroutine is left behind.
func (s stagger) run(ctx context.Context, env Env) (tries []run.Try, begun int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		ended   = make(chan outcome, len(s.at))
		record  = make([]run.Try, len(s.at))
		first   = time.Now()
		next    = time.NewTimer(0)
		pending int
		decided bool
	)
	defer next.Stop()
	for {
		due, done := next.C, ctx.Done()
		if begun == len(s.at) || decided || ctx.Err() != nil {
			due, done = nil, nil // begin no more; those under way end by themselves
			if pending == 0 {
				break
			}
		}
		select {
		case <-due:
			i, start := begun, env.Clock()
			begun, pending = begun+1, pending+1
			s.begin(i)
			go func() {
				r, err := s.try(ctx, i)
				ended <- outcome{i, start, r, err}
			}()
			if begun < len(s.at) {
				next.Reset(s.at[begun] - time.Since(first))
			}
		case o := <-ended:
			pending--
			if o.err != nil {
				if err == nil && !decided {
					err = o.err
				}
				continue
			}
			if s.decide(o.i, &o.reply) {
				decided = true
				cancel()
			}
			record[o.i] = tryOf(env, o.start, o.reply)
		case <-done:
		}
	}
	for _, t := range record {
		if t.Class != "" {
			tries = append(tries, t)
		}
	}
	switch {
	case decided:
		err = nil
	case err == nil:
		err = ctx.Err()
	}
	return tries, begun, err
}
