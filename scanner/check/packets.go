package check

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Protocols as rules number them.
const (
	protoICMP   = 1
	protoTCP    = 6
	protoICMPv6 = 58
)

// tcp is the flow to a TCP port of a host, flowTo that to a port of a cell,
// which may be echo.
func tcp(n uint16) simulate.Flow { return simulate.Flow{Protocol: simulate.TCP, Port: n} }

func flowTo(n port) simulate.Flow {
	if n == echo {
		return simulate.Flow{Protocol: simulate.Echo}
	}
	return tcp(uint16(n))
}

// strangers are addresses, of the family of the given one, of the declared
// outsiders, or else one that stands for all.
func (in *Input) strangers(like netip.Addr) []netip.Addr {
	var all []netip.Addr
	for _, v := range in.Policy.WithRole(policy.RoleNonDomain) {
		all = append(all, in.seen(v, like)...)
	}
	return in.orStandIn(all, like)
}

// peers are the addresses of a family that others see of the cell's vantage, or
// one that stands for it.
func (in *Input) peers(like netip.Addr) []netip.Addr {
	v, ok := in.Policy.Vantage(in.Cell.Vantage)
	if !ok {
		return in.orStandIn(nil, like)
	}
	return in.orStandIn(in.seen(v, like), like)
}

// seen are the addresses of a family that others see of a vantage, as far as
// they are known.
func (in *Input) seen(v policy.Vantage, like netip.Addr) []netip.Addr {
	var all []netip.Addr
	for _, at := range in.sim.Places(in.sim.Vantage(v), like) {
		if !at.StandIn {
			all = appendAddr(all, at.Seen())
		}
	}
	return all
}

// orStandIn are addresses, or one that stands for a machine whose own is not
// known. Where the policy names all that could stand for one, what is said of a
// machine there is said of every stranger.
func (in *Input) orStandIn(addrs []netip.Addr, like netip.Addr) []netip.Addr {
	if len(addrs) > 0 {
		return addrs
	}
	a, _ := in.sim.StandIn(like)
	return []netip.Addr{a}
}

func appendAddr(to []netip.Addr, a netip.Addr) []netip.Addr {
	for _, have := range to {
		if have == a {
			return to
		}
	}
	return append(to, a)
}
