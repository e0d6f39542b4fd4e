package local

import (
	"encoding/binary"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/run"
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

// The flags octet of a TCP header, and the two flags.
const (
	flagsAt        = 13
	flagSYN        = 0x02
	flagRST        = 0x04
	flagACK        = 0x10
	flagSYNACK     = flagSYN | flagACK
	tcpHeaderBytes = 20
)

// decode reads the beginning of an Ethernet frame. It reports false for what a
// watch does not count: other protocols, and every fragment but the first. The
// flow counts one packet, whose size is what its IP header says.
func decode(frame []byte) (run.Flow, bool) {
	if len(frame) < 14 {
		return run.Flow{}, false
	}
	kind, b := binary.BigEndian.Uint16(frame[12:]), frame[14:]
	for range 2 {
		if kind != etherVLAN && kind != etherQinQ {
			break
		}
		if len(b) < 4 {
			return run.Flow{}, false
		}
		kind, b = binary.BigEndian.Uint16(b[2:]), b[4:]
	}
	switch kind {
	case etherIPv4:
		return decode4(b)
	case etherIPv6:
		return decode6(b)
	}
	return run.Flow{}, false
}

func decode4(b []byte) (run.Flow, bool) {
	if len(b) < 20 || b[0]>>4 != 4 {
		return run.Flow{}, false
	}
	n, size := int(b[0]&0xf)*4, int(binary.BigEndian.Uint16(b[2:]))
	if n < 20 || size < n || n > len(b) || binary.BigEndian.Uint16(b[6:])&0x1fff != 0 {
		return run.Flow{}, false
	}
	f := run.Flow{
		Src: netip.AddrFrom4([4]byte(b[12:16])), Dst: netip.AddrFrom4([4]byte(b[16:20])),
		Count: 1, MaxSize: size,
	}
	return f, payload(&f, b[9], b[n:min(len(b), size)], echoRequest4, protoICMP)
}

func decode6(b []byte) (run.Flow, bool) {
	if len(b) < 40 || b[0]>>4 != 6 {
		return run.Flow{}, false
	}
	size := 40 + int(binary.BigEndian.Uint16(b[4:]))
	f := run.Flow{
		Src: netip.AddrFrom16([16]byte(b[8:24])), Dst: netip.AddrFrom16([16]byte(b[24:40])),
		Count: 1, MaxSize: size,
	}
	next, b := b[6], b[40:min(len(b), size)]
	for range 8 {
		var n int
		switch next {
		case nextHopByHop, nextRouting, nextDestination:
			if len(b) < 8 {
				return run.Flow{}, false
			}
			n = 8 + 8*int(b[1])
		case nextFragment:
			if len(b) < 8 || binary.BigEndian.Uint16(b[2:])&^7 != 0 {
				return run.Flow{}, false
			}
			n = 8
		default:
			return f, payload(&f, next, b, echoRequest6, protoICMPv6)
		}
		if n > len(b) {
			return run.Flow{}, false
		}
		next, b = b[0], b[n:]
	}
	return run.Flow{}, false
}

// payload reads what the IP header announces as protocol, and says whether it
// is of a kind that is counted.
func payload(f *run.Flow, protocol byte, b []byte, echoRequest byte, icmp byte) bool {
	switch protocol {
	case protoTCP:
		if len(b) < flagsAt+1 {
			return false
		}
		f.DstPort, f.Kind = binary.BigEndian.Uint16(b[2:]), run.FlowTCP
		if b[flagsAt]&flagSYNACK == flagSYN {
			f.Kind = run.FlowSYN
		}
		return true
	case protoESP:
		if len(b) < 4 {
			return false
		}
		f.SPI, f.Kind = binary.BigEndian.Uint32(b), run.FlowESP
		return true
	case protoUDP:
		return datagram(f, b)
	case icmp:
		f.Kind = run.FlowEcho
		return len(b) >= 2 && b[0] == echoRequest && b[1] == 0
	}
	return false
}

// datagram tells IKE from ESP in UDP: on port 4500 four zero octets mark IKE,
// a single octet 255 keeps a NAT open (RFC 3948 2.2, 2.3).
func datagram(f *run.Flow, b []byte) bool {
	if len(b) < 8 {
		return false
	}
	src, dst := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	f.DstPort = dst
	switch {
	case src == portIKE || dst == portIKE:
		f.Kind = run.FlowIKE
		return true
	case src != portNATT && dst != portNATT, len(b) < 12:
		return false
	}
	f.SPI, f.Kind = binary.BigEndian.Uint32(b[8:]), run.FlowUDPESP
	if f.SPI == 0 {
		f.Kind = run.FlowIKE
	}
	return true
}
