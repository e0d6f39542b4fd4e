// Package simulate says what becomes of a packet between two ends: what each end
// does with it by the resultant policy that the directory gives it, or by what
// its own registry shows, and what comes of both together. It is the one place
// that says so; the checks and kmsiso explain ask it.
//
// It knows who the ends are and what decides at each. What the rules of one end
// mean is for package consec to say, and whether an answer is a good one is for
// the checks. It works on facts that were read and asks nobody; what they do not
// tell is unknown, with the reason.
package simulate

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Simulator answers for the packets of one deployment. It is for one goroutine
// at a time.
type Simulator struct {
	policy    *intent.Policy
	directory *rsop.Deployment
	vantages  map[string]*run.Vantage
	registry  func(vantage string) *Registry
	applied   map[string]applied
	ends      map[string]Endpoint
	known     map[asked]effect.Effect
	alone     map[*consec.Policy]*consec.Policy
}

// New makes the simulator of a policy. What is not known may be nil: the
// directory, where none is declared; the vantages as they were connected; and
// what a vantage's registry shows.
func New(p *intent.Policy, d *rsop.Deployment, vantages map[string]*run.Vantage, registry func(vantage string) *Registry) *Simulator {
	return &Simulator{policy: p, directory: d, vantages: vantages, registry: registry, applied: map[string]applied{},
		ends: map[string]Endpoint{}, known: map[asked]effect.Effect{}, alone: map[*consec.Policy]*consec.Policy{}}
}

// Protocol is what a packet speaks.
type Protocol string

// The protocols. An echo request is one of ICMP or ICMPv6, by its addresses.
const (
	TCP  Protocol = "tcp"
	UDP  Protocol = "udp"
	Echo Protocol = "icmp"
)

// number of the protocol in an IP header, between addresses such as this one.
func (p Protocol) number(a netip.Addr) uint8 {
	switch {
	case p == TCP:
		return 6
	case p == UDP:
		return 17
	case a.Is6():
		return 58
	}
	return 1
}

// Flow is what a packet is for: the protocol, and the destination's port, 0 for
// an echo request. The source's port is chosen freely.
type Flow struct {
	Protocol Protocol
	Port     uint16
}

// Outcome is what becomes of a packet between two ends.
type Outcome struct {
	// Verdict is unknown where several things may become of the packet; May
	// lists them, each once.
	Verdict run.OutcomeVerdict
	At      Side // where it is dropped or fails; "" for all other verdicts
	May     []Result
	// From and To are what the ends do.
	From, To Conduct
	// Negotiated says that the answer depends on whether the ends agree on IPsec.
	// Why says why they do not, or why that is not known.
	Negotiated bool
	Why        reason.List
	// Undocumented says that Microsoft leaves open which rule of To comes first,
	// and this is the looser reading.
	Undocumented bool
}

// Packet says what becomes of the first packet of a flow.
func (s *Simulator) Packet(from, to At, f Flow) Outcome {
	return s.meet(from, to, s.Sends(from, to.Seen(), f), s.Takes(to, from.Seen(), f))
}

// Trace is Packet with what each rule of both ends has to do with it.
func (s *Simulator) Trace(from, to At, f Flow) Outcome {
	return s.meet(from, to, s.trace(from, false, to.Seen(), f), s.trace(to, true, from.Seen(), f))
}

func (s *Simulator) meet(from, to At, sends, takes Conduct) Outcome {
	out := Outcome{Verdict: run.OutcomeUnknown, From: sends, To: takes, Undocumented: takes.Effect.Undocumented}
	agreed := tri.Unknown
	out.May = combine(sends.Acts, takes.Acts, func() tri.State {
		if !out.Negotiated {
			out.Negotiated = true
			if from.Policy != nil && to.Policy != nil && sends.wants() && takes.wants() {
				agreed, out.Why = s.agree(from, to, &out.From.Effect, &out.To.Effect)
			}
			if len(sends.Doubts)+len(takes.Doubts) > 0 {
				agreed = tri.Unknown // what is not known may be how to authenticate
			}
		}
		return agreed
	})
	if len(out.May) == 1 {
		out.Verdict, out.At = out.May[0].Verdict, out.May[0].At
	}
	return out
}

// Sends says what an end does with a packet that it sends to an address.
func (s *Simulator) Sends(from At, peer netip.Addr, f Flow) Conduct {
	return s.conduct(from, false, func() (effect.Effect, effect.Trace) {
		return s.Outbound(from.Policy, from.Addr, peer, f, from.Env), effect.Trace{}
	})
}

// Takes says what an end does with a packet that comes from an address.
func (s *Simulator) Takes(to At, peer netip.Addr, f Flow) Conduct {
	return s.conduct(to, true, func() (effect.Effect, effect.Trace) {
		return s.Inbound(to.Policy, to.Addr, peer, f, to.Env), effect.Trace{}
	})
}

func (s *Simulator) trace(at At, inbound bool, peer netip.Addr, f Flow) Conduct {
	return s.conduct(at, inbound, func() (effect.Effect, effect.Trace) {
		n := f.Protocol.number(at.Addr)
		if inbound {
			return effect.TraceInbound(at.Policy, at.Addr, peer, n, f.Port, at.Env)
		}
		return effect.TraceOutbound(at.Policy, at.Addr, peer, n, f.Port, at.Env)
	})
}
