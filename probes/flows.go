package probes

import (
	"context"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// flows watches the wire at env.At until env.Until is closed, for flows
// between env.Hosts and env.Peers. The class is Answered where the watch held,
// whatever was seen; a watch that lost packets is an error.
func flows(ctx context.Context, env Env, need run.Need) run.Observation {
	ready := func() {
		if env.Ready != nil {
			env.Ready()
		}
	}
	o, ok := begin(env, need, env.At.Watch != nil)
	if !ok {
		ready()
		return o
	}
	watch, err := env.At.Watch.Watch(ctx, vantage.WatchRequest{Hosts: env.Hosts, Peers: env.Peers})
	ready()
	if err != nil {
		return failed(env, o, err)
	}
	select {
	case <-env.Until:
		o.Flows, err = watch.Flows(ctx)
	case <-ctx.Done():
		err = ctx.Err()
	}
	if closed := watch.Close(); err == nil && closed != nil {
		err = reason.Wrap(closed, reason.FlowsIncomplete, "why", reason.Of(closed))
	}
	if err != nil {
		o.Flows = nil
		return failed(env, o, err)
	}
	o.Class = run.Answered
	o.End = env.Clock()
	return o
}
