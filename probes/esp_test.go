package probes

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// segment is a watch that sees what a Sender of the same test lets through.
type segment struct {
	mu       sync.Mutex
	through  func(vantage.SendRequest) bool
	flows    []run.Flow
	lost     error // of Close
	failing  error // of Flows
	request  vantage.WatchRequest
	slow     time.Duration // of Watch
	watching int
}

func (w *segment) Watch(_ context.Context, r vantage.WatchRequest) (vantage.Watching, error) {
	time.Sleep(w.slow)
	w.request = r
	w.watching++
	return w, nil
}

func (w *segment) Read(ctx context.Context) (*vantage.Seen, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &vantage.Seen{
		Flows: slices.Clone(w.flows), Overflow: true,
		Interfaces: []run.WatchedInterface{{Name: "eth0"}, {Name: "br0"}},
	}, errors.Join(w.failing, ctx.Err())
}

func (w *segment) Close() error { w.watching--; return w.lost }

func (w *segment) Send(_ context.Context, r vantage.SendRequest) (vantage.Reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.through(r) {
		for _, on := range []string{"eth0", "br0"} { // each packet passes both
			w.flows = append(w.flows, run.Flow{
				Src: netip.MustParseAddr("203.0.113.9"), Dst: r.To, Kind: run.FlowESP, Interface: on,
				SPI: binary.BigEndian.Uint32(r.Payload), Count: 1, MaxSize: 20 + len(r.Payload),
			})
		}
	}
	return vantage.Reply{Class: run.Sent}, nil
}

func TestESP(t *testing.T) {
	tests := []struct {
		name    string
		through func(vantage.SendRequest) bool
		lost    error
		failing error
		class   run.Class
		small   int
		large   int
		wrong   string
		end     time.Duration
	}{
		{name: "passes", through: func(vantage.SendRequest) bool { return true }, class: run.Answered, small: 3, large: 2},
		{name: "passes on a watch that lost other packets", through: func(vantage.SendRequest) bool { return true }, lost: errors.New("ring full"), class: run.Answered, small: 3, large: 2},
		{name: "blocked", through: func(vantage.SendRequest) bool { return false }, class: run.Silent, end: 1500 * ms},
		{name: "blocked above a size", through: func(r vantage.SendRequest) bool { return len(r.Payload) < 1000 }, class: run.Answered, small: 3, end: 1500 * ms},
		{name: "nothing seen by a watch that lost packets", through: func(vantage.SendRequest) bool { return false }, lost: errors.New("ring full"), wrong: "ring full"},
		{name: "watch fails", through: func(vantage.SendRequest) bool { return true }, failing: errors.New("far end is gone"), wrong: reason.One(reason.WatchFailed, "why", reason.Quote("far end is gone")).Key()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &segment{through: tt.through, lost: tt.lost, failing: tt.failing}
				w.flows = []run.Flow{{Dst: host4, Kind: run.FlowESP, SPI: 300, Count: 9}, {Dst: host6, Kind: run.FlowTCP, Count: 9}}
				mine := netip.MustParseAddr("198.18.0.20")
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Raw.By(w.Send)), Addresses: []netip.Addr{mine}})
				env.Peer = &vantage.Vantage{Offers: vantage.Offering(vantage.Watch.By(w.Watch)), Name: "kms01"}
				env.Peers = []netip.Addr{netip.MustParseAddr("203.0.113.9")}
				o := observe(t.Context(), env, ask(run.ProbeESP, run.Once, 0))
				wellFormed(t, o)
				if w.watching != 0 {
					t.Error("the watch was left open")
				}
				if !slices.Equal(w.request.Hosts, []netip.Addr{host4}) || !slices.Equal(w.request.Peers, []netip.Addr{mine, env.Peers[0]}) {
					t.Errorf("watched %+v", w.request)
				}
				if tt.wrong != "" {
					if !quotes(o, tt.wrong) || o.ESP != nil {
						t.Errorf("%+v", o)
					}
					return
				}
				want := run.ESP{SPI: o.ESP.SPI, Small: 3, SmallSeen: tt.small, Large: 2, LargeSeen: tt.large, LargeSize: 1400}
				if o.Class != tt.class || *o.ESP != want || o.ESP.SPI < 256 || o.End != tt.end {
					t.Errorf("%s %+v at %v", o.Class, *o.ESP, o.End)
				}
			})
		})
	}
}

func TestESPNotSent(t *testing.T) {
	w := &segment{}
	raw := &sends{script[vantage.SendRequest]{play: []after{{reply: vantage.Reply{Class: run.NotPermitted}}}}}
	env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Raw.By(raw.Send))})
	env.Peer = &vantage.Vantage{Offers: vantage.Offering(vantage.Watch.By(w.Watch)), Name: "kms01"}
	o := observe(t.Context(), env, ask(run.ProbeESP, run.Once, 0))
	wellFormed(t, o)
	if o.Class != run.NotPermitted || o.ESP.Small != 0 || w.watching != 0 {
		t.Errorf("%+v", o)
	}
}

func TestESPSizes(t *testing.T) {
	for _, to := range []netip.Addr{host4, host6} {
		w := &segment{through: func(vantage.SendRequest) bool { return true }}
		raw := &sends{script[vantage.SendRequest]{play: []after{{reply: vantage.Reply{Class: run.Sent}}}}}
		env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Raw.By(raw.Send))})
		facts := run.ESP{SPI: 256}
		o := run.Observation{Need: run.Need{Spec: run.Spec{Addr: to}}}
		if err := sendESP(t.Context(), &env, &o, &facts); err != nil || w.watching != 0 {
			t.Fatal(err)
		}
		header := map[bool]int{true: 20, false: 40}[to.Is4()]
		for i, c := range raw.calls {
			if large := i >= 3; large && header+len(c.Payload) != 1400 || !large && len(c.Payload) > 100 {
				t.Errorf("%s: datagram %d has %d octets", to, i, header+len(c.Payload))
			}
			if binary.BigEndian.Uint32(c.Payload[4:]) != uint32(i+1) || c.Protocol != 50 {
				t.Errorf("%s: datagram %d: %x", to, i, c.Payload[:8])
			}
		}
	}
}

func TestESPWithoutPeer(t *testing.T) {
	env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Raw.By((&segment{}).Send))})
	o := observe(t.Context(), env, ask(run.ProbeESP, run.Once, 0))
	wellFormed(t, o)
	env.Peer = &vantage.Vantage{Name: "kms01", Missing: map[vantage.Capability]reason.List{vantage.CapWatch: {reason.Quote("needs root")}}}
	o2 := observe(t.Context(), env, ask(run.ProbeESP, run.Once, 0))
	wellFormed(t, o2)
	if !o.Missing.Has(reason.SecondEndMissing) || !o2.Missing.Equal(reason.One(reason.SecondEndTrouble, "vantage", "kms01", "why", reason.Quote("needs root"))) {
		t.Errorf("%s, %s", o.Missing.Key(), o2.Missing.Key())
	}
	env.Peer.Lost = map[vantage.Capability]reason.List{vantage.CapWatch: reason.One(reason.ConnectionRefused)}
	o3 := observe(t.Context(), env, ask(run.ProbeESP, run.Once, 0))
	wellFormed(t, o3)
	if !o3.Trouble.Equal(reason.One(reason.SecondEndTrouble, "vantage", "kms01", "why", reason.One(reason.ConnectionRefused))) {
		t.Errorf("%+v", o3)
	}
}

// gone fails at everything.
type gone struct{ segment }

func (*gone) Send(context.Context, vantage.SendRequest) (vantage.Reply, error) {
	return vantage.Reply{}, errors.New("far end is gone")
}

func (*gone) Watch(context.Context, vantage.WatchRequest) (vantage.Watching, error) {
	return nil, errors.New("far end is gone")
}

func TestESPWhoseEndsFail(t *testing.T) {
	why := reason.Quote("far end is gone")
	for _, c := range []struct {
		raw interface {
			Send(context.Context, vantage.SendRequest) (vantage.Reply, error)
		}
		peer interface {
			Watch(context.Context, vantage.WatchRequest) (vantage.Watching, error)
		}
		want reason.Reason
	}{
		{&gone{}, &segment{}, reason.New(reason.SendFailed, "why", why)},
		{&segment{}, &gone{}, reason.New(reason.WatchFailed, "vantage", "kms01", "why", why)},
	} {
		env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Raw.By(c.raw.Send))})
		env.Peer = &vantage.Vantage{Offers: vantage.Offering(vantage.Watch.By(c.peer.Watch)), Name: "kms01"}
		o := observe(t.Context(), env, ask(run.ProbeESP, run.Once, 0))
		wellFormed(t, o)
		if !quotes(o, c.want.Key()) {
			t.Errorf("%s, want %s", o.Trouble.Key(), c.want.Key())
		}
	}
}
