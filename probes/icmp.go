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
	// pingWait is the least that is waited for one answer where requests are sent
	// one after the other.
	pingWait = 2 * time.Second
)

// icmp sends echo requests. A positive control stops at the first answer; in
// the denied window three are spread over it, and each waits until its end.
func icmp(ctx context.Context, env *Env, o *run.Observation) {
	var err error
	switch {
	case o.Need.When == run.Window:
		err = pingThroughout(ctx, env, o)
	case env.At.Offers.InTurn(vantage.CapPing):
		err = pingInTurn(ctx, env, o)
	default:
		err = pingUntilAnswered(ctx, env, o)
	}
	o.Class = best(o.Tries)
	if err != nil && o.Class != run.Answered {
		failed(env, o, err)
		return
	}
	o.End = env.Clock()
}

// pingUntilAnswered sends a request each second, a few of them, and waits for an
// answer to any as long as a control may take.
func pingUntilAnswered(ctx context.Context, env *Env, o *run.Observation) error {
	limit := env.Limits.connect(o.Need.When)
	var at []time.Duration
	for i := range time.Duration(pingTries) {
		if i == 0 || i*pingPace < limit {
			at = append(at, i*pingPace)
		}
	}
	return pingAt(ctx, env, o, at, limit, final)
}

// final reports whether a reply will be the same a second later.
func final(c run.Class) bool {
	switch c {
	case run.Answered, run.Refused, run.NoRoute, run.NotPermitted, run.Name:
		return true
	}
	return false
}

// lastPing is when the last request of the denied window is sent at the latest: with
// the third SYN of a connect. What follows is for its answer, on a slow link a long
// time.
const lastPing = 3050 * time.Millisecond

// pingThroughout spreads three requests over the beginning of the window, or as many
// as the link asks for. The last ones have as long for their answer as the last SYN of
// a connect.
func pingThroughout(ctx context.Context, env *Env, o *run.Observation) error {
	window := env.Limits.connect(run.Window)
	at := make([]time.Duration, env.Limits.transmissions())
	for i := range at {
		at[i] = min(window*6/10, lastPing) * time.Duration(i) / time.Duration(len(at)-1)
	}
	return pingAt(ctx, env, o, at, window, func(c run.Class) bool { return c == run.Answered })
}

// pingAt sends requests at their times and waits for all of them until the end, or
// until a reply ends it.
func pingAt(ctx context.Context, env *Env, o *run.Observation, at []time.Duration, end time.Duration, ends func(run.Class) bool) (err error) {
	s := stagger{
		begin:    func(int) {},
		overtake: true,
		at:       at,
		try: func(ctx context.Context, i int) (vantage.Reply, error) {
			return vantage.Ping.At(env.At)(ctx, vantage.PingRequest{To: o.Need.Addr, Timeout: end - at[i]})
		},
		decide: func(_ int, r *vantage.Reply) bool {
			if r.Class == run.Answered {
				o.Weak = r.Weak
			}
			return ends(r.Class)
		},
	}
	o.Tries, _, err = s.run(ctx, env)
	return err
}

// pingInTurn sends a request when the one before it is done with. All together may
// take as long as a control may.
func pingInTurn(ctx context.Context, env *Env, o *run.Observation) error {
	begun := time.Now()
	limit := env.Limits.connect(o.Need.When)
	wait := max(pingWait, limit/pingTries)
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
		r, err := vantage.Ping.At(env.At)(ctx, vantage.PingRequest{To: o.Need.Addr, Timeout: min(left, wait)})
		if err != nil {
			return err
		}
		o.Tries = append(o.Tries, tryOf(env, start, &r))
		if r.Class == run.Answered {
			o.Weak = r.Weak
		}
		if final(r.Class) {
			return nil
		}
	}
	return nil
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
