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
	// IsHost says that At is one of the declared hosts.
	IsHost bool
	// Until ends ProbeFlows when it is closed.
	Until <-chan struct{}
	// Ready is called once by ProbeFlows, when the watch is in place or could
	// not be had. It may be nil.
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

func orDefault(d, standard time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return standard
}

// Func makes the observation of o.Need and puts it into o, all but its ID. It
// returns when the observation is whole or when ctx ends, which is an error of the
// observation. It gets pointers because a thousand probes wait at the same time,
// each on a stack of its own: large values on it are dear.
type Func func(ctx context.Context, env *Env, o *run.Observation)

// All holds every probe.
var All = map[run.Probe]Func{
	run.ProbeICMP:     icmp,
	run.ProbeTCP:      tcp,
	run.ProbeRPC:      rpcBind,
	run.ProbeIKE:      ike,
	run.ProbeESP:      esp,
	run.ProbeFlows:    flows,
	run.ProbeSRV:      srv,
	run.ProbeRegistry: registry,
}

// needed names the capability that each probe uses at Env.At.
var needed = map[run.Probe]vantage.Capability{
	run.ProbeICMP:     vantage.CapPing,
	run.ProbeTCP:      vantage.CapTCP,
	run.ProbeRPC:      vantage.CapTCP,
	run.ProbeIKE:      vantage.CapUDP,
	run.ProbeESP:      vantage.CapRaw,
	run.ProbeFlows:    vantage.CapWatch,
	run.ProbeSRV:      vantage.CapUDP,
	run.ProbeRegistry: vantage.CapRegistry,
}

// Required lists the capabilities that a probe uses at the vantage it observes
// from. ProbeESP uses CapWatch at its peer besides.
func Required(p run.Probe) []vantage.Capability {
	if c, ok := needed[p]; ok {
		return []vantage.Capability{c}
	}
	return nil
}

// begin starts an observation. It is already over (false) where the vantage lacks
// the capability or the target has no address.
func begin(env *Env, o *run.Observation, has bool) bool {
	capability := needed[o.Need.Probe]
	o.Via, o.Start = env.At.Via[capability], env.Clock()
	switch {
	case !has && env.At.Lost[capability] != nil:
		o.Trouble = env.At.Lost[capability]
	case !has:
		o.Missing = missing(env.At, capability)
	case addressed(o.Need.Probe) && !o.Need.Addr.IsValid():
		o.Class = run.Name
	default:
		return true
	}
	o.End = o.Start
	return false
}

// addressed reports whether a probe speaks to the address of its spec.
func addressed(p run.Probe) bool {
	return p != run.ProbeFlows && p != run.ProbeSRV && p != run.ProbeRegistry
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
