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
func flows(ctx context.Context, env *Env, o *run.Observation) {
	ready := func() {
		if env.Ready != nil {
			env.Ready()
		}
	}
	if !begin(env, o, env.At.Watch != nil) {
		ready()
		return
	}
	watch, err := env.At.Watch.Watch(ctx, vantage.WatchRequest{Hosts: env.Hosts, Peers: env.Peers})
	ready()
	if err != nil {
		failed(env, o, err)
		return
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
		failed(env, o, err)
		return
	}
	o.Class = run.Answered
	o.End = env.Clock()
}
