// Package probes turns a need into an observation: one file per probe.
//
// It knows what a vantage can do and what the protocols look like (package
// wire). It does not know policies or checks, and never says what an
// observation means: a probe returns facts, with the tries they rest on.
package probes

import (
	"context"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Env is what a probe works with.
type Env struct {
	At   *vantage.Vantage // where it observes from
	Peer *vantage.Vantage // ProbeESP: where it watches for what At sends
	// Clock is the time since the run began, on the controller's monotonic clock.
	Clock  func() time.Duration
	Limits Limits
	// Hosts and Peers are the ends whose flows are watched: the declared hosts'
	// addresses and all vantages' addresses. For ProbeFlows and ProbeESP.
	Hosts, Peers []netip.Addr
	// Addresses are those that ProbeAddresses tries.
	Addresses []netip.Addr
	// IsHost says that At is one of the declared hosts.
	IsHost bool
	// Quick reports whether anything was answered within a second so far, at each end
	// where the probe is. nil is yes.
	Quick func() bool
	// Earlier is the exchange of usual size, for ProbeLargeIKE.
	Earlier *run.Observation
	// Until ends ProbeFlows when it is closed.
	Until <-chan struct{}
	// Ready is called once, when the watch of ProbeFlows is in place or could not be
	// had. It is nil for other probes, and may be nil for this one.
	Ready func()
}

// Limits are how long things may take. A zero value is the default.
type Limits struct {
	// Positive is for a try that should succeed, 21 s: the time after which
	// Windows gives up a connection.
	Positive time.Duration
	// Window is the length T of the denied window, for needs of that moment,
	// 3.5 s: a dead neighbour shows as unreachable after 3.05 s.
	Window time.Duration
	// Transmissions is how many of the same packet a try of the denied window sends
	// at least, 3: more on a link that loses some.
	Transmissions int
	// Exchanges is how many connections a TCP need makes, once the first of them is
	// answered, 1: more where they measure a link.
	Exchanges int
	// ConnectRead is for the answer on a connection, 5 s.
	ConnectRead time.Duration
}

const (
	defaultPositive    = 21 * time.Second
	defaultWindow      = 3500 * time.Millisecond
	defaultConnectRead = 5 * time.Second
)

// transmissions is how many SYNs or echo requests are sent in the denied window.
func (l Limits) transmissions() int {
	return min(max(l.Transmissions, run.FewestTransmissions), run.MostTransmissions)
}

// connect is how long a connection may take to be made at a moment of the run.
func (l Limits) connect(w run.When) time.Duration {
	if w == run.Window {
		return orDefault(l.Window, defaultWindow)
	}
	return orDefault(l.Positive, defaultPositive)
}

// patience is how long an answer is waited for that comes within usual where the link is
// quick. Where nothing shows that it is, that may be as long as all else that should
// succeed takes.
func (e *Env) patience(usual time.Duration) time.Duration {
	if e.Quick == nil || e.Quick() {
		return usual
	}
	return max(usual, e.Limits.connect(run.Once))
}

func orDefault(d, standard time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return standard
}

// Func makes the observation of o.Need, which has begun, and puts it into o, all but
// its ID. It returns when the observation is whole or when ctx ends, which is an error of the
// observation. It gets pointers because a thousand probes wait at the same time,
// each on a stack of its own: large values on it are dear.
type Func func(ctx context.Context, env *Env, o *run.Observation)

// Probe is how observations of one kind are made.
type Probe struct {
	Make Func
	// Uses is the capability that it needs at Env.At. ProbeESP uses CapWatch at its
	// peer besides.
	Uses vantage.Capability
	// Sends lists what a need would send, at a moment other than the window; nil is
	// nothing.
	Sends func(run.Need) []Packets
	// Inward says that its need has no address.
	Inward bool
}

// All holds every probe.
var All = map[run.Probe]*Probe{
	run.ProbeICMP:      {Make: icmp, Uses: vantage.CapPing, Sends: sendsICMP},
	run.ProbeTCP:       {Make: tcp, Uses: vantage.CapTCP, Sends: sendsTCP},
	run.ProbeTCPFrom:   {Make: tcpFrom, Uses: vantage.CapTCPFrom, Sends: sendsTCP},
	run.ProbeRPC:       {Make: rpcBind, Uses: vantage.CapTCP, Sends: sendsRPC},
	run.ProbeIKE:       {Make: ike, Uses: vantage.CapUDP, Sends: sendsIKE},
	run.ProbeLargeIKE:  {Make: largeIKE, Uses: vantage.CapUDP, Sends: sendsLargeIKE},
	run.ProbeUDP:       {Make: udpService, Uses: vantage.CapUDP, Sends: sendsUDP},
	run.ProbeESP:       {Make: esp, Uses: vantage.CapRaw, Sends: sendsESP},
	run.ProbeFlows:     {Make: flows, Uses: vantage.CapWatch, Inward: true},
	run.ProbeSRV:       {Make: srv, Uses: vantage.CapUDP, Sends: sendsSRV, Inward: true},
	run.ProbeClock:     {Make: readClock, Uses: vantage.CapClock, Sends: sendsClock, Inward: true},
	run.ProbeAddresses: {Make: ownAddresses, Uses: vantage.CapTCP, Sends: sendsAddresses, Inward: true},
	run.ProbeRegistry:  {Make: readRegistry, Uses: vantage.CapRegistry, Sends: sendsRegistry, Inward: true},
}

// Observe makes the observation of o.Need. It is over at once where the vantage lacks
// the capability or the target has no address.
func (p *Probe) Observe(ctx context.Context, env *Env, o *run.Observation) {
	if p.begin(env, o) {
		p.Make(ctx, env, o)
		return
	}
	o.End = o.Start
	if env.Ready != nil {
		env.Ready()
	}
}

// begin reports whether an observation can be made.
func (p *Probe) begin(env *Env, o *run.Observation) bool {
	o.Via, o.Start = env.At.Via[p.Uses], env.Clock()
	switch has := env.At.Has(p.Uses); {
	case !has && env.At.Lost[p.Uses] != nil:
		o.Trouble = env.At.Lost[p.Uses]
	case !has:
		o.Missing = missing(env.At, p.Uses)
	case !p.Inward && !o.Need.Addr.IsValid():
		o.Class = run.Name
	default:
		return true
	}
	return false
}

// missing says why a vantage lacks a capability.
func missing(v *vantage.Vantage, c vantage.Capability) reason.List {
	if why := v.Missing[c]; why != nil {
		return why
	}
	return reason.One(reason.CapabilityNotOffered, "vantage", v.Name, "capability", c)
}

// failed ends an observation with an error of the tool. Its class and facts
// are dropped, its tries kept.
func failed(env *Env, o *run.Observation, err error) {
	*o = run.Observation{
		Need: o.Need, Via: o.Via, Start: o.Start, End: env.Clock(), Tries: o.Tries,
		Trouble: reason.One(reason.ProbeFailed, "probe", o.Need.Probe, "vantage", env.At.Name, "why", reason.Of(err)),
	}
}

// tryOf records one try that began at start and ended now.
func tryOf(env *Env, start time.Duration, r *vantage.Reply) run.Try {
	rtt := r.RTT
	if rtt == 0 {
		rtt = env.Clock() - start
	}
	return run.Try{Start: start, RTT: rtt, Class: r.Class, From: r.From, TTL: r.TTL, Attempt: r.Attempt, ICMP: r.ICMP, Note: r.Note}
}
