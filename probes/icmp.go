package probes

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	// pingTries is how many echo requests a positive control may need: the
	// first ones are lost while IPsec is negotiated, as the white paper says.
	pingTries = 5
	pingPace  = time.Second
	pingWait  = 2 * time.Second
)

// icmp sends echo requests. A positive control stops at the first answer; in
// the denied window three are spread over it, and each waits until its end.
func icmp(ctx context.Context, env *Env, o *run.Observation) {
	if !begin(env, o, env.At.Ping != nil) {
		return
	}
	var err error
	if o.Need.When == run.Window {
		o.Tries, err = pingThroughout(ctx, env, o)
	} else {
		err = pingUntilAnswered(ctx, env, o)
	}
	o.Class = best(o.Tries)
	if err != nil && o.Class != run.Answered {
		failed(env, o, err)
		return
	}
	o.End = env.Clock()
}

// pingUntilAnswered sends one request after the other, about a second apart.
func pingUntilAnswered(ctx context.Context, env *Env, o *run.Observation) error {
	begun := time.Now()
	limit := env.Limits.connect(o.Need.When)
	var sent time.Time
	for i := range pingTries {
		if i > 0 {
			if err := pause(ctx, pingPace-time.Since(sent)); err != nil {
				return err
			}
		}
		left := limit - time.Since(begun)
		if left <= 0 {
			return nil
		}
		sent = time.Now()
		start := env.Clock()
		r, err := env.At.Ping.Ping(ctx, vantage.PingRequest{To: o.Need.Addr, Timeout: min(left, pingWait)})
		if err != nil {
			return err
		}
		o.Tries = append(o.Tries, tryOf(env, start, &r))
		switch r.Class {
		case run.Answered:
			o.Weak = r.Weak
			return nil
		case run.Refused, run.NoRoute, run.NotPermitted, run.Name: // will be the same a second later
			return nil
		}
	}
	return nil
}

// pingThroughout spreads three requests over the window, or as many as the link
// asks for. The last ones have as long for their answer as the last SYN of a connect.
func pingThroughout(ctx context.Context, env *Env, o *run.Observation) ([]run.Try, error) {
	window := env.Limits.connect(run.Window)
	n := env.Limits.transmissions()
	at := make([]time.Duration, n)
	for i := range at {
		at[i] = window * 6 / 10 * time.Duration(i) / time.Duration(n-1)
	}
	s := stagger{
		begin: func(int) {},
		at:    at,
		try: func(ctx context.Context, i int) (vantage.Reply, error) {
			return env.At.Ping.Ping(ctx, vantage.PingRequest{To: o.Need.Addr, Timeout: window - at[i]})
		},
		decide: func(_ int, r *vantage.Reply) bool {
			if r.Class == run.Answered {
				o.Weak = r.Weak
			}
			return r.Class == run.Answered
		},
	}
	tries, _, err := s.run(ctx, env)
	return tries, err
}

// pause waits, unless ctx ends first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
