package check

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Protocols as rules number them.
const (
	ProtoICMP   = 1
	ProtoTCP    = 6
	ProtoICMPv6 = 58
)

// TCP is the flow to a TCP port of a host.
func TCP(n uint16) simulate.Flow { return simulate.Flow{Protocol: simulate.TCP, Port: n} }

// FlowTo is the flow to a port of a cell, which may be echo.
func FlowTo(n Port) simulate.Flow {
	if n == Echo {
		return simulate.Flow{Protocol: simulate.Echo}
	}
	return TCP(uint16(n))
}

// Strangers are addresses, of the family of the given one, of the declared
// outsiders, or else one that stands for all.
func (in *Input) Strangers(like netip.Addr) []netip.Addr {
	var all []netip.Addr
	for _, v := range in.Policy.WithRole(intent.RoleNonDomain) {
		all = append(all, in.seen(v, like)...)
	}
	return in.OrStandIn(all, like)
}

// Peers are the addresses of a family that others see of the cell's vantage, or
// one that stands for it.
func (in *Input) Peers(like netip.Addr) []netip.Addr {
	v, ok := in.Policy.Vantage(in.Cell.Vantage)
	if !ok {
		return in.OrStandIn(nil, like)
	}
	return in.OrStandIn(in.seen(v, like), like)
}

// seen are the addresses of a family that others see of a vantage, as far as
// they are known.
func (in *Input) seen(v intent.Vantage, like netip.Addr) []netip.Addr {
	var all []netip.Addr
	for _, at := range in.Simulator.Places(in.Simulator.Vantage(v), like) {
		if !at.StandIn {
			all = AppendNew(all, at.Seen())
		}
	}
	return all
}

// OrStandIn are addresses, or one that stands for a machine whose own is not
// known. Where the policy names all that could stand for one, what is said of a
// machine there is said of every stranger.
func (in *Input) OrStandIn(addrs []netip.Addr, like netip.Addr) []netip.Addr {
	if len(addrs) > 0 {
		return addrs
	}
	a, _ := in.Simulator.StandIn(like)
	return []netip.Addr{a}
}
