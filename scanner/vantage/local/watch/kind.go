package watch

import (
	"encoding/binary"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
)

// EtherTypes, and the IPv6 headers that come before the payload (RFC 8200).
const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
	etherVLAN = 0x8100
	etherQinQ = 0x88a8

	nextHopByHop    = 0
	nextRouting     = 43
	nextFragment    = 44
	nextDestination = 60
)

// The ports that IPsec uses (RFC 7296 2, RFC 3948).
const (
	portIKE  = 500
	portNATT = 4500
)

// kindOf tells the kind of a packet, "" where a watch does not count it. The SPI of
// ESP in UDP goes into p.
func kindOf(p *frame.Packet) run.FlowKind {
	switch p.Protocol {
	case frame.TCP:
		return segment(p)
	case frame.ESP:
		return run.FlowESP
	case frame.UDP:
		return datagram(p)
	case frame.ICMP, frame.ICMPv6:
		switch {
		case p.Request:
			return run.FlowEcho
		case p.Reply:
			return run.FlowEchoReply
		}
	}
	return ""
}

// segment tells the segments of TCP apart. A reset that answers a SYN has the
// sequence number 0 and acknowledges the SYN (RFC 9293 3.10.7.1).
func segment(p *frame.Packet) run.FlowKind {
	switch {
	case p.RST && p.ACK && p.Sequence == 0:
		return run.FlowRefusal
	case p.RST:
		return run.FlowReset
	case p.SYN && p.ACK:
		return run.FlowSYNACK
	case p.SYN:
		return run.FlowSYN
	}
	return run.FlowTCP
}

// datagram tells IKE from ESP in UDP: on port 4500 four zero octets mark IKE,
// a single octet 255 keeps a NAT open (RFC 3948 2.2, 2.3).
func datagram(p *frame.Packet) run.FlowKind {
	switch {
	case p.SrcPort == portIKE || p.DstPort == portIKE:
		return run.FlowIKE
	case p.SrcPort != portNATT && p.DstPort != portNATT:
		return run.FlowUDP
	case len(p.Payload) < 4:
		return ""
	}
	if p.SPI = binary.BigEndian.Uint32(p.Payload); p.SPI == 0 {
		return run.FlowIKE
	}
	return run.FlowUDPESP
}
