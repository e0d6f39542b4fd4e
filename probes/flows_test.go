package probes

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

func TestFlows(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lost  error
		wrong string
	}{
		{name: "whole"},
		{name: "packets lost", lost: errors.New("12 packets dropped"), wrong: reason.One(reason.FlowsIncomplete, "why", reason.Quote("12 packets dropped")).Key()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &segment{lost: tt.lost}
				until, ready := make(chan struct{}), 0
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Watch.By(w.Watch))})
				env.Hosts, env.Peers, env.Until = []netip.Addr{host4}, []netip.Addr{host6}, until
				env.IsHost = true
				w.slow = 2 * time.Second
				env.Ready = func() {
					ready++
					time.AfterFunc(7*time.Second, func() { close(until) })
					// The machine is busy: the last packets are counted a little later.
					time.AfterFunc(7*time.Second+watchTail/2, func() {
						w.flows = []run.Flow{{Src: host6, Dst: host4, Kind: run.FlowSYN, DstPort: 1688, Count: 2}}
					})
				}
				o := observe(t.Context(), env, ask(run.ProbeFlows, run.Throughout, 0))
				wellFormed(t, o)
				if ready != 1 || w.watching != 0 || o.End != 9*time.Second+watchTail {
					t.Errorf("ready %d times, %d watches left, ended at %v", ready, w.watching, o.End)
				}
				if !slices.Equal(w.request.Hosts, env.Hosts) || !slices.Equal(w.request.Peers, env.Peers) || !w.request.Answers || !w.request.Own {
					t.Errorf("watched %+v", w.request)
				}
				if tt.wrong != "" {
					if !quotes(o, tt.wrong) || o.Flows != nil || o.Watch != nil {
						t.Errorf("%+v", o)
					}
					return
				}
				if o.Class != run.Answered || len(o.Flows) != 1 {
					t.Errorf("%+v", o)
				}
				// It was asked for at 0 and in place at 2 s. Nothing shows yet that it holds.
				if w := o.Watch; w == nil || w.Start != time.Second || len(w.Interfaces) != 2 || !w.Overflow || w.Holds {
					t.Errorf("the watch is %+v", w)
				}
			})
		})
	}
}
