package probes

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// watchTail is how long a watch goes on after the last probe has ended: what passed at
// the end may still wait to be counted, on a machine that is busy.
const watchTail = 250 * time.Millisecond

// flows watches the wire at env.At until env.Until is closed, for flows
// between env.Hosts and env.Peers, and for what hosts answer to others. The class
// is Answered where the watch lost nothing, whatever was seen; a watch that lost
// packets is an error. Whether it holds, and whose packets they are, is not said
// here.
func flows(ctx context.Context, env *Env, o *run.Observation) {
	ready := func() {
		if env.Ready != nil {
			env.Ready()
		}
	}
	asked := env.Clock()
	watch, err := vantage.Watch.At(env.At)(ctx, vantage.WatchRequest{Hosts: env.Hosts, Peers: env.Peers, Answers: true, Own: env.IsHost})
	placed := env.Clock()
	ready()
	if err != nil {
		failed(env, o, err)
		return
	}
	var seen *vantage.Seen
	select {
	case <-env.Until:
		if err = pause(ctx, watchTail); err == nil {
			seen, err = watch.Read(ctx)
		}
	case <-ctx.Done():
		err = ctx.Err()
	}
	if closed := watch.Close(); err == nil && closed != nil {
		err = reason.Wrap(closed, reason.FlowsIncomplete, "why", reason.Of(closed))
	}
	if err != nil {
		failed(env, o, err)
		return
	}
	o.Flows = seen.Flows
	// It began between the two moments; half of what lies between is the error.
	o.Watch = &run.Watch{Start: (asked + placed) / 2, Interfaces: seen.Interfaces, Overflow: seen.Overflow}
	o.Class = run.Answered
	o.End = env.Clock()
}
