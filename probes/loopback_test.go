package probes

import (
	"context"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local"
)

// loopback is the real local vantage; what it reaches is on 127.0.0.1.
func loopback(t *testing.T) Env {
	t.Helper()
	v, err := local.Way{}.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v.Name = "here"
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	begun := time.Now()
	return Env{At: v, Clock: func() time.Duration { return time.Since(begun) }}
}

func there(p run.Probe, at netip.AddrPort) run.Need {
	return run.Need{When: run.Once, Spec: run.Spec{Probe: p, Addr: at.Addr(), Port: at.Port()}}
}

// serve answers each TCP connection of a listener with what respond makes of
// the first octets, and ends with the test.
func serve(t *testing.T, respond func([]byte) []byte) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b := make([]byte, 72)
			if _, err := io.ReadFull(c, b); err == nil {
				c.Write(respond(b))
			}
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func TestLoopbackTCP(t *testing.T) {
	env := loopback(t)
	at := serve(t, func([]byte) []byte { return nil })
	for _, w := range []run.When{run.Before, run.Window} {
		need := there(run.ProbeTCP, at)
		need.When = w
		o := observe(t.Context(), env, need)
		wellFormed(t, o)
		if o.Class != run.Answered {
			t.Errorf("%s: open port: %+v", w, o)
		}
	}
	o := observe(t.Context(), env, there(run.ProbeTCP, closedPort(t)))
	wellFormed(t, o)
	if o.Class != run.Refused {
		t.Errorf("closed port: %+v", o)
	}
}

// closedPort is a TCP port on which nothing listens any more.
func closedPort(t *testing.T) netip.AddrPort {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func TestLoopbackRPC(t *testing.T) {
	env := loopback(t)
	kms := string(wire.Bind(wire.KMSInterface))
	at := serve(t, func(b []byte) []byte {
		if string(b) == kms {
			return bound(t, bindAck).reply.Data
		}
		return bound(t, bindReject).reply.Data
	})
	o := observe(t.Context(), env, there(run.ProbeRPC, at))
	wellFormed(t, o)
	if o.Class != run.Answered || o.RPC == nil || o.RPC.Bind != "accepted" || o.RPC.Asked != 72 || o.RPC.Heard != 60 {
		t.Errorf("KMS host: %+v %+v", o, o.RPC)
	}
	control := there(run.ProbeRPC, at)
	control.Param = run.RandomInterface
	if o = observe(t.Context(), env, control); o.RPC == nil || o.RPC.Bind != "rejected" {
		t.Errorf("random interface: %+v %+v", o, o.RPC)
	}
	half := serve(t, func([]byte) []byte { return bound(t, bindAck).reply.Data[:30] })
	o = observe(t.Context(), env, there(run.ProbeRPC, half))
	wellFormed(t, o)
	if o.Class != run.Cut || o.RPC != nil {
		t.Errorf("half an answer: %+v", o)
	}
	o = observe(t.Context(), env, there(run.ProbeRPC, closedPort(t)))
	wellFormed(t, o)
	if o.Class != run.Refused {
		t.Errorf("closed port: %+v", o)
	}
}

func TestLoopbackIKE(t *testing.T) {
	env := loopback(t)
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 2048)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if b[18] == 0xf3 { // AuthIP and nothing else
				c.WriteTo(isakmp(b[:n]), from)
			}
		}
	}()
	at := c.LocalAddr().(*net.UDPAddr).AddrPort()
	o := observe(t.Context(), env, there(run.ProbeIKE, at))
	wellFormed(t, o)
	if o.Class != run.Answered || o.IKE.Protocol != "authip" || len(o.IKE.Asked) != 3 {
		t.Errorf("%+v %+v", o, o.IKE)
	}
	c.Close()
	<-done
	o = observe(t.Context(), env, there(run.ProbeIKE, at))
	wellFormed(t, o)
	if o.Class != run.Refused || len(o.IKE.Asked) != 1 {
		t.Errorf("%+v %+v", o, o.IKE)
	}
}

func TestLoopbackICMP(t *testing.T) {
	env := loopback(t)
	o := observe(t.Context(), env, there(run.ProbeICMP, netip.MustParseAddrPort("127.0.0.1:0")))
	wellFormed(t, o)
	if why := env.At.Missing[vantage.CapPing]; why != nil {
		if !o.Missing.Equal(why) {
			t.Errorf("%+v, want what the vantage says: %s", o, why)
		}
		return
	}
	if o.Class != run.Answered || len(o.Tries) != 1 {
		t.Errorf("%+v", o)
	}
}

// BenchmarkTCP is the cost of one observation without that of the vantage.
func BenchmarkTCP(b *testing.B) {
	v := &vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(instant{}.Dial)), Name: "here"}
	begun := time.Now()
	env := Env{At: v, Clock: func() time.Duration { return time.Since(begun) }}
	need := there(run.ProbeTCP, netip.MustParseAddrPort("198.18.0.10:1688"))
	b.ReportAllocs()
	for b.Loop() {
		observe(b.Context(), env, need)
	}
}

// BenchmarkPingWindow is the cost of three echo requests of the denied window.
func BenchmarkPingWindow(b *testing.B) {
	v := &vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By(instant{}.Ping)), Name: "here"}
	begun := time.Now()
	env := Env{At: v, Limits: Limits{Window: 3}, Clock: func() time.Duration { return time.Since(begun) }}
	need := there(run.ProbeICMP, netip.MustParseAddrPort("198.18.0.10:0"))
	need.When = run.Window
	b.ReportAllocs()
	for b.Loop() {
		observe(b.Context(), env, need)
	}
}

// instant is silent at once.
type instant struct{}

func (instant) Dial(context.Context, vantage.DialRequest) (vantage.Reply, error) {
	return vantage.Reply{Class: run.Silent}, nil
}

func (instant) Ping(context.Context, vantage.PingRequest) (vantage.Reply, error) {
	return vantage.Reply{Class: run.Silent}, nil
}
