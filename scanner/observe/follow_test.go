package observe

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// negotiator answers IKE messages up to a size, or none.
type negotiator struct {
	most int

	mu   sync.Mutex
	sent []int // octets of each message
}

func (n *negotiator) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	n.mu.Lock()
	n.sent = append(n.sent, len(q.Send))
	n.mu.Unlock()
	r, wait := vantage.Reply{Class: run.Silent}, q.Timeout
	if len(q.Send) <= n.most {
		// An informational message with the notification NO-PROPOSAL-CHOSEN.
		r.Data = append(slices.Clone(q.Send[:8]), 1, 2, 3, 4, 5, 6, 7, 8, 11, 0x10, 5, 0, 0, 0, 0, 0, 0, 0, 0, 40)
		r.Data = append(r.Data, 0, 0, 0, 12, 0, 0, 0, 1, 1, 0, 0, 14)
		r.Class, wait = run.Answered, time.Millisecond
	}
	select {
	case <-time.After(wait):
		r.RTT = wait
		return r, nil
	case <-ctx.Done():
		return vantage.Reply{}, ctx.Err()
	}
}

// A larger exchange of IKE begins two seconds after the one that it follows, and in its
// protocol; nothing is sent where that one had no answer, and a run that is stopped does
// not wait for it.
func TestALargerExchangeFollows(t *testing.T) {
	small := run.Need{Vantage: "inside", When: run.Once, Spec: run.Spec{Probe: run.ProbeIKE, Target: "kms01", Addr: netip.MustParseAddr("198.18.10.30"), Port: 500}}
	large := small
	large.Probe = run.ProbeLargeIKE
	for _, c := range []struct {
		name  string
		most  int
		needs []run.Need
		stop  time.Duration // 0 is never
		ends  time.Duration
		want  func(first, next *run.Observation) bool
		sent  int
	}{
		{"both are answered", 4000, []run.Need{large, small}, 0, largeAfter + 2*time.Millisecond, func(first, next *run.Observation) bool {
			return first.Heard() && next.Heard() && next.Start == first.End+largeAfter && next.IKE.Protocol == first.IKE.Protocol && next.IKE.Size == 2000
		}, 2},
		{"the large one is silent", 1000, []run.Need{small, large}, 0, largeAfter + 5002*time.Millisecond, func(first, next *run.Observation) bool {
			return first.Heard() && next.Class == run.Silent && next.Start == first.End+largeAfter && next.IKE.AgainHeard == 6
		}, 1 + 12 + 6},
		{"both are silent", 0, []run.Need{small, large}, 0, 23 * time.Second, func(first, next *run.Observation) bool {
			return first.Class == run.Silent && next.Missing.Has(reason.LargeIKEWithoutSmall)
		}, 5},
		{"stopped between them", 4000, []run.Need{small, large}, time.Second, time.Second, func(first, next *run.Observation) bool {
			return first.Heard() && next.Trouble.Has(reason.RunStopped)
		}, 1},
		{"one that follows nothing", 4000, []run.Need{large}, 0, 0, func(_, next *run.Observation) bool {
			return next.Missing.Has(reason.LargeIKEWithoutSmall)
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.stop > 0 {
					time.AfterFunc(c.stop, cancel)
				}
				n := &negotiator{most: c.most}
				pl := &places{connected: map[string]*vantage.Vantage{
					"inside": {Name: "inside", Offers: vantage.Offering(vantage.UDP.By(n.Exchange)), Via: map[vantage.Capability]string{}},
				}}
				began := time.Now()
				p := &intent.Policy{Limits: intent.Limits{Positive: 21 * time.Second, Window: 3500 * time.Millisecond}}
				o := &Observer{policy: p, places: pl, clock: func() time.Duration { return time.Since(began) }, progress: func(string, ...any) {}}
				all, _ := o.Observe(ctx, c.needs)
				took := time.Since(began)
				of := func(need run.Need) *run.Observation {
					i := slices.Index(c.needs, need)
					return &all[max(i, 0)]
				}
				if first, next := of(small), of(large); !c.want(first, next) || len(n.sent) != c.sent {
					t.Errorf("%d sent: %+v\nthen %+v", len(n.sent), first, next)
				}
				if took != c.ends {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}
