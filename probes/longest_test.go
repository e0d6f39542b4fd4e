package probes

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/belt/belttest"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// slow is a vantage that answers as late as it may: after the time of the call and
// all that a way in may add to it.
type slow struct{}

func (s slow) wait(ctx context.Context, d time.Duration) (vantage.Reply, error) {
	select {
	case <-time.After(d + overhead - time.Second):
		return vantage.Reply{Class: run.Silent, RTT: d}, nil
	case <-ctx.Done():
		return vantage.Reply{}, context.Cause(ctx)
	}
}

func (s slow) Ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	return s.wait(ctx, q.Timeout)
}

func (s slow) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	return s.wait(ctx, q.Timeout+q.Read)
}

func (s slow) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	return s.wait(ctx, q.Timeout)
}

// What is slow, and honest, is never cut.
func TestTheLongestIsLongEnough(t *testing.T) {
	for _, n := range []run.Need{
		{Spec: run.Spec{Probe: run.ProbeICMP}, When: run.Before},
		{Spec: run.Spec{Probe: run.ProbeICMP}, When: run.Window},
		{Spec: run.Spec{Probe: run.ProbeTCP, Port: 445}, When: run.Window},
		{Spec: run.Spec{Probe: run.ProbeTCP, Port: 445}, When: run.Before},
		{Spec: run.Spec{Probe: run.ProbeRPC, Port: 1688}, When: run.After},
		{Spec: run.Spec{Probe: run.ProbeIKE, Port: 500}, When: run.Once},
		{Spec: run.Spec{Probe: run.ProbeLargeIKE, Port: 500}, When: run.Once},
		{Spec: run.Spec{Probe: run.ProbeUDP, Port: 161}, When: run.Once},
		{Spec: run.Spec{Probe: run.ProbeSRV, Param: "contoso.test"}, When: run.Once},
	} {
		t.Run(string(n.Probe)+" "+string(n.When), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n.Addr = netip.MustParseAddr("198.18.10.30")
				at := slow{}
				env := Env{
					Quick:   func() bool { return false },
					Earlier: answeredSlowly(20 * time.Second),
					At: &vantage.Vantage{
						Name: "slow", Offers: vantage.Offering(vantage.Ping.By(at.Ping), vantage.TCP.By(at.Dial), vantage.UDP.By(at.Exchange)),
						Resolvers: []netip.AddrPort{netip.MustParseAddrPort("198.18.11.10:53"), netip.MustParseAddrPort("198.18.11.11:53")},
					},
				}
				began := time.Now()
				env.Clock = func() time.Duration { return time.Since(began) }
				bound := Longest(n, Limits{})
				got, err := belt.Do(t.Context(), belt.Call{Name: "slow", Bound: bound}, func(ctx context.Context) run.Observation {
					return observe(ctx, env, n)
				}, nil)
				if took := time.Since(began); err != nil || len(got.Trouble) > 0 || got.Class != run.Silent || took > bound {
					t.Errorf("after %s of %s: %v, %+v", took, bound, err, got)
				}
			})
		})
	}
}

// A panic in a later try of a series is one of the observation, not the end of
// the program.
func TestAPanicInALaterTry(t *testing.T) {
	belttest.Recover(t)
	synctest.Test(t, func(t *testing.T) {
		_, err := belt.Do(t.Context(), belt.Call{Name: "ike"}, func(ctx context.Context) int {
			s := stagger{
				at:     []time.Duration{0, time.Second},
				begin:  func(int) {},
				try:    func(context.Context, int) (vantage.Reply, error) { return vantage.Reply{Class: run.Silent}, nil },
				decide: func(i int, _ *vantage.Reply) bool { return i == 1 && []bool{}[i] },
			}
			_, _, _ = s.run(ctx, &Env{Clock: func() time.Duration { return 0 }})
			return 1
		}, nil)
		if !errors.As(err, new(*belt.Panic)) {
			t.Errorf("%v", err)
		}
	})
}
