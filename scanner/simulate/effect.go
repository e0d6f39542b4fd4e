package simulate

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
)

// asked is all that decides what the rules of one end do with a packet.
type asked struct {
	policy                 *consec.Policy
	inbound                bool
	own, peer              netip.Addr
	flow                   Flow
	profile, interfaceType string
	version                consec.Version
	os                     consec.OS
	versionKnown, osKnown  bool
}

// Inbound is what a policy does with a packet that comes to a machine at an
// address of its own from peer, worked out once.
func (s *Simulator) Inbound(p *consec.Policy, own, peer netip.Addr, f Flow, env effect.Env) effect.Effect {
	return s.effect(asked{policy: p, inbound: true, own: own, peer: peer, flow: f}, env)
}

// Outbound is what a policy does with a packet that a machine at an address of
// its own sends to peer, worked out once.
func (s *Simulator) Outbound(p *consec.Policy, own, peer netip.Addr, f Flow, env effect.Env) effect.Effect {
	return s.effect(asked{policy: p, own: own, peer: peer, flow: f}, env)
}

func (s *Simulator) effect(k asked, env effect.Env) effect.Effect {
	k.profile, k.interfaceType = env.Profile, env.InterfaceType
	if env.Version != nil {
		k.version, k.versionKnown = *env.Version, true
	}
	if env.OS != nil {
		k.os, k.osKnown = *env.OS, true
	}
	ask := func() effect.Effect {
		n := k.flow.Protocol.number(k.own)
		if k.inbound {
			return effect.Inbound(k.policy, k.own, k.peer, n, k.flow.Port, env)
		}
		return effect.Outbound(k.policy, k.own, k.peer, n, k.flow.Port, env)
	}
	if env.Interface != "" || env.Service != "" || env.Keywords != nil {
		return ask() // no end has one of these
	}
	e, there := s.known[k]
	if !there {
		e = ask()
		s.known[k] = e
	}
	return e
}

// Alone is a policy as if the machine had settings and rules from GPOs only, so
// that what the GPOs say of the firewall is known.
func (s *Simulator) Alone(p *consec.Policy) *consec.Policy {
	alone := s.alone[p]
	if alone == nil {
		other := *p
		other.LocalKnown = true
		alone = &other
		s.alone[p] = alone
	}
	return alone
}
