package scanner

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// longestWindow caps the denied window, however slow the controls are.
const longestWindow = 15 * time.Second

// lastSYN is when the kernel sends the third SYN of a connection; the answer to
// it must still find the window open.
const lastSYN = 3 * time.Second

// watchReady is how long a watch may take to be in place.
const watchReady = 5 * time.Second

// observer gathers observations in the order that proves a deny: allowed
// vantages before, denied ones in a window of their own, allowed ones after.
type observer struct {
	policy   *policy.Policy
	places   *places
	clock    func() time.Duration
	progress func(string, ...any)
}

// observe observes every need once and returns the observations in the order
// of the needs, with the length of the denied window.
func (o *observer) observe(ctx context.Context, needs []run.Need) ([]run.Observation, time.Duration) {
	all := make([]run.Observation, len(needs))
	at := map[run.When][]int{}
	for i, n := range needs {
		at[n.When] = append(at[n.When], i)
	}
	limits := probes.Limits{Positive: o.policy.Limits.Positive, Window: o.policy.Limits.Window}

	until := make(chan struct{})
	var throughout, once sync.WaitGroup
	o.watch(ctx, needs, at[run.Throughout], all, limits, until, &throughout)

	o.progress("asking %d things at any time, %d controls before", len(at[run.Once]), len(at[run.Before]))
	for _, i := range at[run.Once] {
		once.Go(func() { all[i] = o.one(ctx, needs[i], limits, probes.Env{}) })
	}
	o.together(ctx, needs, at[run.Before], all, limits)

	before := map[specAt]*run.Observation{}
	for _, i := range at[run.Before] {
		before[specAt{needs[i].Vantage, needs[i].Spec}] = &all[i]
	}
	limits.Window = o.window(before)
	if len(at[run.Window]) > 0 {
		o.progress("the denied window: %d tries for %s", len(at[run.Window]), limits.Window)
		o.together(ctx, needs, at[run.Window], all, limits)
	}
	var after []int
	for _, i := range at[run.After] {
		// Where nothing answered before, asking again proves nothing.
		if b := before[specAt{needs[i].Vantage, needs[i].Spec}]; b == nil || b.Class == run.Answered || b.Class == run.Refused {
			after = append(after, i)
		} else {
			now := o.clock()
			all[i] = run.Observation{Need: needs[i], Start: now, End: now, Error: "not asked again: it gave no answer before"}
		}
	}
	o.progress("%d controls after", len(after))
	o.together(ctx, needs, after, all, limits)
	once.Wait()
	close(until)
	throughout.Wait()
	for i := range all {
		all[i].ID = fmt.Sprintf("o%d", i+1)
	}
	return all, limits.Window
}

// specAt tells equal needs of different moments.
type specAt struct {
	vantage string
	run.Spec
}

// watch starts the watches and waits until each is in place or has failed.
func (o *observer) watch(ctx context.Context, needs []run.Need, which []int, all []run.Observation,
	limits probes.Limits, until chan struct{}, wg *sync.WaitGroup,
) {
	ready := make(chan struct{}, len(which))
	for _, i := range which {
		wg.Go(func() {
			all[i] = o.one(ctx, needs[i], limits, probes.Env{Until: until, Ready: func() { ready <- struct{}{} }})
		})
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
func (o *observer) together(ctx context.Context, needs []run.Need, which []int, all []run.Observation, limits probes.Limits) {
	var wg sync.WaitGroup
	for _, i := range which {
		wg.Go(func() { all[i] = o.one(ctx, needs[i], limits, probes.Env{}) })
	}
	wg.Wait()
}

// one observes one need.
func (o *observer) one(ctx context.Context, n run.Need, limits probes.Limits, env probes.Env) run.Observation {
	failed := func(text string) run.Observation {
		if env.Ready != nil {
			env.Ready()
		}
		now := o.clock()
		return run.Observation{Need: n, Start: now, End: now, Error: text}
	}
	env.At = o.places.connected[n.Vantage]
	if env.At == nil {
		return failed(o.places.of(n.Vantage).Error)
	}
	ask := n
	if n.Peer != "" {
		if env.Peer = o.places.connected[n.Peer]; env.Peer == nil {
			return failed(o.places.of(n.Peer).Error)
		}
		if !n.Addr.IsValid() {
			ask.Addr = firstIPv4(o.places.of(n.Peer).Addresses)
		}
	}
	env.Clock, env.Limits = o.clock, limits
	if n.Probe == run.ProbeFlows || n.Probe == run.ProbeESP {
		for _, h := range o.policy.Hosts {
			env.Hosts = append(env.Hosts, h.Addresses...)
		}
		env.Peers = o.places.addresses()
	}
	got := probes.All[n.Probe](ctx, env, ask)
	got.Need = n
	return got
}

func firstIPv4(addrs []netip.Addr) netip.Addr {
	if i := slices.IndexFunc(addrs, netip.Addr.Is4); i >= 0 {
		return addrs[i]
	}
	return netip.Addr{}
}

// window is the length of the denied window T: never below what the policy
// says, twice the slowest answer of a control, and long enough for an answer to
// the last try.
func (o *observer) window(before map[specAt]*run.Observation) time.Duration {
	var slowest time.Duration
	for _, b := range before {
		for _, t := range b.Tries {
			if t.Class == run.Answered && t.RTT > slowest {
				slowest = t.RTT
			}
		}
	}
	return min(max(o.policy.Limits.Window, 2*slowest, lastSYN+4*slowest), longestWindow)
}
