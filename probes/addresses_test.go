package probes

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// elsewhere are machines at addresses: what listens there, and whether it speaks IKE.
type elsewhere struct {
	open   map[netip.AddrPort]run.Class
	broken netip.Addr // where calls fail
	mu     sync.Mutex
	asked  []string
}

func (w *elsewhere) note(what string, to netip.AddrPort) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, what+" "+to.String())
}

func (w *elsewhere) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	w.note("tcp", q.To)
	if q.To.Addr() == w.broken {
		return vantage.Reply{}, fmt.Errorf("the stream is broken")
	}
	r := vantage.Reply{Class: w.open[q.To], From: q.To.Addr(), TTL: 63}
	return after{d: ms, reply: r}.wait(ctx, q.Timeout)
}

func (w *elsewhere) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	w.note("udp", q.To)
	return after{}.wait(ctx, q.Timeout)
}

func (w *elsewhere) Ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	w.note("ping", netip.AddrPortFrom(q.To, 0))
	r := vantage.Reply{Class: w.open[netip.AddrPortFrom(q.To, 0)], From: q.To, TTL: 63}
	return after{d: ms, reply: r}.wait(ctx, q.Timeout)
}

func own(ports string, addrs ...string) (run.Need, []netip.Addr) {
	var all []netip.Addr
	for _, a := range addrs {
		all = append(all, netip.MustParseAddr(a))
	}
	return run.Need{Vantage: "guest", When: run.Window, Spec: run.Spec{Probe: run.ProbeAddresses, Target: "kms01", Peer: "kms01", Param: ports}}, all
}

// Each port of each address is tried, and what answers is asked for IKE.
func TestAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &elsewhere{open: map[netip.AddrPort]run.Class{netip.MustParseAddrPort("10.9.0.5:135"): run.Answered}, broken: netip.MustParseAddr("10.9.0.7")}
		env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(w.Dial), vantage.UDP.By(w.Exchange))})
		need, addrs := own("1688 135", "10.9.0.5", "10.9.0.6", "10.9.0.7")
		env.Addresses = addrs
		o := observe(t.Context(), env, need)
		wellFormed(t, o)
		var got []string
		for i := range o.Parts {
			p := o.Of(&o.Parts[i])
			got = append(got, fmt.Sprintf("%s %s %d %s %t", p.Need.Probe, p.Need.Addr, p.Need.Port, p.Class, len(p.Trouble) > 0))
			if p.ID != o.ID || p.Need.Target != "kms01" || p.Need.Vantage != "guest" || p.Need.When != run.Window || p.End < p.Start || p.End > o.End {
				t.Errorf("%+v", p)
			}
		}
		if want := []string{
			"tcp 10.9.0.5 1688 silent false", "tcp 10.9.0.5 135 answered false", "ike 10.9.0.5 500 silent false",
			"tcp 10.9.0.6 1688 silent false", "tcp 10.9.0.6 135 silent false",
			"tcp 10.9.0.7 1688  true", "tcp 10.9.0.7 135  true",
		}; !slices.Equal(got, want) || o.Class != run.Answered {
			t.Errorf("%s: %q", o.Class, got)
		}
		for _, not := range []string{"udp 10.9.0.6:500", "udp 10.9.0.7:500"} {
			if slices.Contains(w.asked, not) {
				t.Errorf("asked %s", not)
			}
		}
	})
}

// What is pinged is pinged by who can, and asked for IKE where it answers.
func TestAddressesThatArePinged(t *testing.T) {
	for _, can := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := &elsewhere{open: map[netip.AddrPort]run.Class{netip.MustParseAddrPort("[fe80::5%eth1]:0"): run.Answered}}
			v := &vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(w.Dial), vantage.UDP.By(w.Exchange))}
			if can {
				v.Offers.Add(vantage.Ping.By(w.Ping))
			}
			env := fakeEnv(v)
			need, addrs := own("0 1688", "fe80::5%eth1")
			env.Addresses = addrs
			o := observe(t.Context(), env, need)
			wellFormed(t, o)
			pinged, ike := slices.ContainsFunc(w.asked, func(s string) bool { return s == "ping [fe80::5%eth1]:0" }), slices.Contains(w.asked, "udp [fe80::5%eth1]:500")
			if pinged != can || ike != can || len(o.Parts) == 0 || o.Parts[0].Addr.Zone() != "eth1" || o.Of(&o.Parts[0]).Need.Addr.Zone() != "" {
				t.Errorf("asked %q: %+v", w.asked, o.Parts)
			}
		})
	}
}

// Where nothing is to be tried nothing is sent, and the observation is whole.
func TestNoAddresses(t *testing.T) {
	w := &elsewhere{}
	env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(w.Dial))})
	need, none := own("1688")
	env.Addresses = none
	o := observe(t.Context(), env, need)
	wellFormed(t, o)
	if o.Class != run.Answered || len(o.Parts)+len(w.asked) > 0 {
		t.Errorf("%+v", o)
	}
}

// A run that is stopped has not been silent; an answer that came until then counts.
func TestAddressesWhereTheRunIsStopped(t *testing.T) {
	for _, answered := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &elsewhere{open: map[netip.AddrPort]run.Class{}}
			if answered {
				w.open[netip.MustParseAddrPort("10.9.0.5:135")] = run.Answered
			}
			env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(w.Dial))})
			need, addrs := own("1688 135", "10.9.0.5")
			env.Addresses = addrs
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			o := observe(ctx, env, need)
			wellFormed(t, o)
			if answered != (o.Class == run.Answered) || answered && len(o.Parts) != 2 {
				t.Errorf("%+v", o)
			}
		})
	}
}
