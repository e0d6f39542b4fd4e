package probes

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

var everyProbe = []run.Probe{
	run.ProbeICMP, run.ProbeTCP, run.ProbeTCPFrom, run.ProbeUDP, run.ProbeRPC, run.ProbeIKE, run.ProbeLargeIKE, run.ProbeESP, run.ProbeFlows, run.ProbeSRV, run.ProbeRegistry, run.ProbeClock,
	run.ProbeAddresses,
}

func TestEveryProbeIsThere(t *testing.T) {
	if len(All) != len(everyProbe) {
		t.Errorf("%d probes, want %d", len(All), len(everyProbe))
	}
	for _, p := range everyProbe {
		if All[p] == nil || All[p].Make == nil || vantage.Named(All[p].Uses) == nil {
			t.Errorf("%s: %+v", p, All[p])
		}
	}
}

func TestMissingCapability(t *testing.T) {
	for _, p := range everyProbe {
		t.Run(string(p), func(t *testing.T) {
			env := fakeEnv(&vantage.Vantage{Missing: map[vantage.Capability]reason.List{All[p].Uses: {reason.Quote("needs root")}}})
			ready := 0
			if p == run.ProbeFlows {
				env.Ready = func() { ready++ }
			}
			o := observe(context.Background(), env, ask(p, run.Once, 1688))
			wellFormed(t, o)
			if !o.Missing.Equal(reason.List{reason.Quote("needs root")}) {
				t.Errorf("missing %s", o.Missing.Key())
			}
			if want := map[run.Probe]int{run.ProbeFlows: 1}[p]; ready != want {
				t.Errorf("ready was called %d times, want %d", ready, want)
			}
			env.At.Missing = nil
			if o := observe(context.Background(), env, ask(p, run.Once, 1688)); !o.Missing.Equal(reason.One(reason.CapabilityNotOffered, "vantage", "guest", "capability", All[p].Uses)) {
				t.Errorf("missing %s without a reason", o.Missing.Key())
			}
		})
	}
}

func TestLostCapability(t *testing.T) {
	for _, p := range everyProbe {
		c := All[p].Uses
		env := fakeEnv(&vantage.Vantage{Missing: map[vantage.Capability]reason.List{c: {reason.Quote("not there")}}})
		env.At.Lost = map[vantage.Capability]reason.List{c: reason.One(reason.ConnectionRefused)}
		o := observe(context.Background(), env, ask(p, run.Once, 1688))
		wellFormed(t, o)
		if !o.Trouble.Equal(reason.One(reason.ConnectionRefused)) {
			t.Errorf("%s: %+v", p, o)
		}
	}
}

// whole is a vantage that has every capability, each of which fails.
func whole(err error) *vantage.Vantage {
	fail := []after{{err: err}}
	return &vantage.Vantage{
		Offers: vantage.Offering(
			vantage.Ping.By((&pings{script[vantage.PingRequest]{play: fail}}).Ping), vantage.TCP.By((&dials{script[vantage.DialRequest]{play: fail}}).Dial),
			vantage.UDP.By((&exchanges{script[vantage.DatagramRequest]{play: fail}}).Exchange), vantage.Raw.By((&sends{script[vantage.SendRequest]{play: fail}}).Send),
			vantage.Watch.By(brokenWatcher{err}.Watch), vantage.Registry.By(registryOf{err: err}.ReadRegistry),
			vantage.Clock.By(clockOf{err: err}.ReadClock), vantage.TCPFrom.By((&dialsFrom{script[vantage.DialFromRequest]{play: fail}}).DialFrom),
		),
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort("198.18.0.5:53")},
	}
}

type brokenWatcher struct{ err error }

func (b brokenWatcher) Watch(context.Context, vantage.WatchRequest) (vantage.Watching, error) {
	return nil, b.err
}

func TestUnresolvedName(t *testing.T) {
	for _, p := range everyProbe {
		if All[p].Inward {
			continue
		}
		need := ask(p, run.Before, 1688)
		need.Addr = netip.Addr{}
		v := whole(errors.New("must not be called"))
		env := fakeEnv(v)
		env.Peer = v
		o := observe(context.Background(), env, need)
		wellFormed(t, o)
		if o.Class != run.Name || o.Tries != nil {
			t.Errorf("%s: %+v", p, o)
		}
	}
}

func TestToolFailure(t *testing.T) {
	for _, p := range everyProbe {
		synctest.Test(t, func(t *testing.T) {
			v := whole(errors.New("the far end is gone"))
			env := fakeEnv(v)
			env.Peer = v
			o := observe(t.Context(), env, ask(p, run.Before, 1688))
			wellFormed(t, o)
			if !quotes(o, "the far end is gone") {
				t.Errorf("%s: error %q", p, o.Trouble.Key())
			}
		})
	}
}

func TestEndOfContext(t *testing.T) {
	for _, p := range everyProbe {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		v := whole(context.Canceled)
		v.Offers.Add(vantage.Watch.By((&segment{}).Watch))
		env := fakeEnv(v)
		env.Peer = v
		for _, w := range []run.When{run.Before, run.Window} {
			o := observe(ctx, env, ask(p, w, 1688))
			wellFormed(t, o)
			if !quotes(o, context.Canceled.Error()) {
				t.Errorf("%s %s: %+v", p, w, o)
			}
		}
	}
}

func TestBest(t *testing.T) {
	tests := []struct {
		name  string
		tries []run.Class
		want  run.Class
	}{
		{"no try", nil, ""},
		{"all silent", []run.Class{run.Silent, run.Silent}, run.Silent},
		{"one answer wins", []run.Class{run.Silent, run.Refused, run.Answered}, run.Answered},
		{"a refusal before an unreachable", []run.Class{run.Unreachable, run.Refused}, run.Refused},
		{"silence is not proved beside a local trouble", []run.Class{run.Silent, run.NotPermitted, run.Silent}, run.NotPermitted},
		{"exhausted once", []run.Class{run.Silent, run.Exhausted}, run.Exhausted},
		{"cut before local", []run.Class{run.NoRoute, run.Cut}, run.Cut},
	}
	for _, tt := range tests {
		tries := make([]run.Try, 0, len(tt.tries))
		for _, c := range tt.tries {
			tries = append(tries, run.Try{Class: c})
		}
		if got := best(tries); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDescribe(t *testing.T) {
	for _, p := range everyProbe {
		n := 0
		for _, k := range Describe(ask(p, run.Window, 500), Limits{}) {
			if k.Kind == "" || k.Count < 1 || k.Size < 0 {
				t.Errorf("%s: %+v", p, k)
			}
			n += k.Count
		}
		want := map[run.Probe]int{
			run.ProbeICMP: 3, run.ProbeTCP: 1, run.ProbeTCPFrom: 1, run.ProbeUDP: 4, run.ProbeRPC: 2, run.ProbeIKE: 5, run.ProbeLargeIKE: largeTries + againTries, run.ProbeESP: 5,
			run.ProbeFlows: 0, run.ProbeSRV: 3 * dnsTries, run.ProbeRegistry: 1, run.ProbeClock: 1,
			run.ProbeAddresses: (2 + 5) * run.MostAddresses,
		}[p]
		if n != want {
			t.Errorf("%s: %d packets, want %d", p, n, want)
		}
	}
	if got := Describe(ask(run.ProbeICMP, run.Before, 0), Limits{})[0]; got.Count != 5 || got.Lossy != 0 {
		t.Errorf("positive control: %+v", got)
	}
	if a, b := Describe(ask(run.ProbeIKE, run.Once, 500), Limits{}), Describe(ask(run.ProbeIKE, run.Once, 4500), Limits{}); b[0].Size != a[0].Size+4 || a[0].Size != 28+164 {
		t.Errorf("IKE sizes %d and %d", a[0].Size, b[0].Size)
	}
	if k := Describe(ask(run.ProbeLargeIKE, run.Once, 500), Limits{}); k[0].Size != 2028 {
		t.Errorf("large IKE is described as %+v", k)
	}
}

// However bad the link is, no more is sent than was described.
func TestNoMoreIsSentThanDescribed(t *testing.T) {
	for _, p := range []run.Probe{run.ProbeICMP, run.ProbeTCP, run.ProbeRPC} {
		synctest.Test(t, func(t *testing.T) {
			need := ask(p, run.Window, 1688)
			echoes, connects := &pings{script[vantage.PingRequest]{play: []after{{}}}}, &dials{script[vantage.DialRequest]{play: []after{{}}}}
			env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By(echoes.Ping), vantage.TCP.By(connects.Dial))})
			env.Limits.Transmissions = 1000
			wellFormed(t, observe(t.Context(), env, need))
			if got, want := len(echoes.calls)+len(connects.calls), Describe(need, Limits{})[0].Lossy; got != want {
				t.Errorf("%s: sent %d times, described as %d", p, got, want)
			}
		})
	}
}
