package observe

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// wire is a member that connects and a host that watches itself: what the one sends,
// the other sees.
type wire struct {
	mu       sync.Mutex
	asked    vantage.WatchRequest
	flows    []run.Flow
	out      int64
	overflow bool
}

func (w *wire) Dial(_ context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	local := netip.MustParseAddrPort("198.18.20.20:5000")
	w.flows = append(w.flows,
		run.Flow{Src: local.Addr(), Dst: q.To.Addr(), Kind: run.FlowSYN, SrcPort: 5000, DstPort: q.To.Port(), Passage: run.PassedIn, Count: 1},
		run.Flow{Src: local.Addr(), Dst: q.To.Addr(), Kind: run.FlowSYN, SrcPort: 5009, DstPort: q.To.Port(), Passage: run.PassedIn, Count: 1})
	w.out++
	return vantage.Reply{Class: run.Answered, From: q.To.Addr(), RTT: time.Millisecond, Attempt: run.Attempt{Local: local}}, nil
}

func (w *wire) Watch(_ context.Context, q vantage.WatchRequest) (vantage.Watching, error) {
	w.asked = q
	return w, nil
}

func (w *wire) Read(context.Context) (*vantage.Seen, error) {
	host := netip.MustParseAddr("198.18.10.30")
	return &vantage.Seen{Flows: w.flows, Overflow: w.overflow,
		Interfaces: []run.WatchedInterface{{Name: "eth0", Addresses: []netip.Addr{host}, Out: w.out}}}, nil
}

func (w *wire) Close() error { return nil }

// TestWatchesAreCalibratedAndMarked holds that both are done to what observe gives,
// the one before the other.
func TestWatchesAreCalibratedAndMarked(t *testing.T) {
	connect := tcpNeed("inside", run.Once)
	watch := run.Need{Vantage: "kms01", When: run.Throughout, Spec: run.Spec{Probe: run.ProbeFlows}}
	for _, tt := range []struct {
		name  string
		wire  *wire
		holds bool
		why   reason.Code
	}{
		{"a watch that saw the host send", &wire{}, true, reason.SendingSeen},
		{"a watch that saw more than it keeps", &wire{overflow: true}, false, reason.WatchOverflow},
		{"a watch that did not see the host send", &wire{out: -1}, false, reason.SendingUnseen},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := tt.wire
				p := &intent.Policy{
					Hosts:    []intent.Host{{Name: "kms01", Addresses: []netip.Addr{connect.Addr}}},
					Vantages: []intent.Vantage{{Name: "inside", Role: intent.RoleDomain}, {Name: "kms01", Role: intent.RoleKMSHost, Host: "kms01"}},
				}
				p = intent.New(*p)
				places := &places{
					connected: map[string]*vantage.Vantage{
						"inside": {Name: "inside", Offers: vantage.Offering(vantage.TCP.By(w.Dial))},
						"kms01":  {Name: "kms01", Offers: vantage.Offering(vantage.Watch.By(w.Watch))},
					},
					info: []run.Vantage{{Name: "inside", Addresses: []netip.Addr{netip.MustParseAddr("198.18.20.20")}}, {Name: "kms01"}},
				}
				began := time.Now()
				o := &Observer{policy: p, places: places, clock: func() time.Duration { return time.Since(began) }, progress: func(string, ...any) {}}
				all, _ := o.Observe(t.Context(), []run.Need{watch, connect})
				if !w.asked.Answers || !w.asked.Own || len(w.asked.Hosts) != 1 || len(w.asked.Peers) != 1 {
					t.Errorf("asked for %+v", w.asked)
				}
				got := all[0]
				if got.Watch == nil || got.Watch.Holds != tt.holds || !got.Watch.Why.Has(tt.why) {
					t.Fatalf("the watch is %+v", got.Watch)
				}
				if len(got.Flows) != 2 || got.Flows[0].Own != all[1].ID || got.Flows[1].Own != "" {
					t.Errorf("the flows are %+v, and the connection is %s", got.Flows, all[1].ID)
				}
			})
		})
	}
}
