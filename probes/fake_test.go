package probes

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	host4 = netip.MustParseAddr("198.18.0.10")
	host6 = netip.MustParseAddr("2001:db8::10")
)

// after is a reply that comes after a time, or silence when the time given is
// over before.
type after struct {
	d     time.Duration
	reply vantage.Reply
	err   error
}

// wait plays an after with the clock of the test's bubble.
func (a after) wait(ctx context.Context, timeout time.Duration) (vantage.Reply, error) {
	r, d, err := a.reply, a.d, a.err
	if r.Class == "" && err == nil || d > timeout {
		r, d, err = vantage.Reply{Class: run.Silent}, timeout, nil
	}
	select {
	case <-time.After(d):
		r.RTT = d
		return r, err
	case <-ctx.Done():
		return vantage.Reply{}, ctx.Err()
	}
}

// script answers call after call; the last entry is for all that follow.
type script[R any] struct {
	mu    sync.Mutex
	begun time.Time
	calls []R
	times []time.Duration // of the calls, since the first
	play  []after
	also  func(R, *vantage.Reply) // may make the reply fit the request
}

func (s *script[R]) call(ctx context.Context, r R, timeout time.Duration) (vantage.Reply, error) {
	s.mu.Lock()
	if s.begun.IsZero() {
		s.begun = time.Now()
	}
	a := s.play[min(len(s.calls), len(s.play)-1)]
	s.calls = append(s.calls, r)
	s.times = append(s.times, time.Since(s.begun))
	s.mu.Unlock()
	reply, err := a.wait(ctx, timeout)
	if s.also != nil && reply.Class == run.Answered {
		s.also(r, &reply)
	}
	return reply, err
}

type pings struct{ script[vantage.PingRequest] }

func (p *pings) Ping(ctx context.Context, r vantage.PingRequest) (vantage.Reply, error) {
	return p.call(ctx, r, r.Timeout)
}

type dialsFrom struct {
	script[vantage.DialFromRequest]
}

func (d *dialsFrom) DialFrom(ctx context.Context, r vantage.DialFromRequest) (vantage.Reply, error) {
	return d.call(ctx, r, r.Dial.Timeout)
}

type dials struct{ script[vantage.DialRequest] }

func (d *dials) Dial(ctx context.Context, r vantage.DialRequest) (vantage.Reply, error) {
	return d.call(ctx, r, r.Timeout)
}

type exchanges struct {
	script[vantage.DatagramRequest]
}

func (e *exchanges) Exchange(ctx context.Context, r vantage.DatagramRequest) (vantage.Reply, error) {
	return e.call(ctx, r, r.Timeout)
}

type sends struct{ script[vantage.SendRequest] }

func (s *sends) Send(ctx context.Context, r vantage.SendRequest) (vantage.Reply, error) {
	return s.call(ctx, r, time.Second)
}

// fakeEnv is an environment whose clock begins now. What is to be done earlier is done.
func fakeEnv(v *vantage.Vantage) Env {
	begun := time.Now()
	v.Name = "guest"
	if v.Via == nil {
		v.Via = map[vantage.Capability]string{
			vantage.CapPing: "local", vantage.CapTCP: "local", vantage.CapUDP: "local",
			vantage.CapRaw: "local", vantage.CapWatch: "local", vantage.CapRegistry: "local",
			vantage.CapClock: "local",
		}
	}
	return Env{At: v, Addresses: []netip.Addr{host4}, Earlier: answeredSlowly(ms), Clock: func() time.Duration { return time.Since(begun) }}
}

// observe makes the observation of a need.
func observe(ctx context.Context, env Env, need run.Need) run.Observation {
	o := run.Observation{Need: need}
	All[need.Probe].Observe(ctx, &env, &o)
	return o
}

func ask(p run.Probe, w run.When, port uint16) run.Need {
	n := run.Need{Vantage: "guest", When: w, Spec: run.Spec{Probe: p, Target: "kms01", Addr: host4, Port: port}}
	switch p {
	case run.ProbeAddresses:
		n.Param = "1688 135"
	case run.ProbeTCPFrom:
		n.Param = "53"
	}
	return n
}

func reply(c run.Class) vantage.Reply { return vantage.Reply{Class: c, From: host4, TTL: 63} }

func classes(tries []run.Try) []run.Class {
	list := make([]run.Class, 0, len(tries))
	for _, t := range tries {
		list = append(list, t.Class)
	}
	return list
}

// wellFormed checks what every observation promises.
func wellFormed(t *testing.T, o run.Observation) {
	t.Helper()
	n := 0
	for _, set := range []bool{o.Class != "", len(o.Missing) > 0, len(o.Trouble) > 0} {
		if set {
			n++
		}
	}
	if n != 1 {
		t.Errorf("class %q, missing %q, trouble %q: want exactly one", o.Class, o.Missing.Key(), o.Trouble.Key())
	}
	if o.End < o.Start {
		t.Errorf("ends at %v before it starts at %v", o.End, o.Start)
	}
	for _, try := range o.Tries {
		if try.Class == "" || try.Start < o.Start || try.Start > o.End {
			t.Errorf("try %+v in %v to %v", try, o.Start, o.End)
		}
	}
}

// quotes reports whether the probe failed, from the vantage of the tests, for a
// reason that has these words of somebody else.
func quotes(o run.Observation, words string) bool {
	return o.Trouble.Has(reason.ProbeFailed) && o.Trouble[0].Word("probe") == string(o.Need.Probe) && o.Trouble[0].Word("vantage") == "guest" &&
		strings.Contains(o.Trouble.Key(), words)
}
