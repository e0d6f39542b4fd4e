package icmp

import (
	"encoding/binary"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
)

// The ICMP and ICMPv6 types that matter here (RFC 792, RFC 4443).
const (
	EchoReply4    = 0
	Unreachable4  = 3
	EchoRequest4  = 8
	TimeExceeded4 = 11
	BadHeader4    = 12

	Unreachable6  = 1
	TooBig6       = 2
	TimeExceeded6 = 3
	BadHeader6    = 4
	EchoRequest6  = 128
	EchoReply6    = 129
)

// Echo is what an ICMP message says about an echo request: its answer, or an
// error that quotes it.
type Echo struct {
	ID, Seq uint16
	Data    []byte     // of an answer
	Error   bool       // the message is an error
	Type    int        // of the error
	Code    int        // of the error
	To      netip.Addr // of the quoted request; invalid in an answer
}

// ParseEcho reads an ICMP (or, with v6, ICMPv6) message. It reports false for
// every message that has nothing to do with an echo request.
func ParseEcho(b []byte, v6 bool) (Echo, bool) {
	if len(b) < 8 {
		return Echo{}, false
	}
	if b[0] == EchoReply4 && !v6 || b[0] == EchoReply6 && v6 {
		return Echo{ID: binary.BigEndian.Uint16(b[4:]), Seq: binary.BigEndian.Uint16(b[6:]), Data: b[8:]}, b[1] == 0
	}
	e := Echo{Error: true, Type: int(b[0]), Code: int(b[1])}
	var (
		quoted []byte
		ok     bool
		asked  byte
	)
	if v6 {
		if b[0] < Unreachable6 || b[0] > BadHeader6 {
			return Echo{}, false
		}
		quoted, e.To, ok = quoted6(b[8:])
		asked = EchoRequest6
	} else {
		if b[0] != Unreachable4 && b[0] != TimeExceeded4 && b[0] != BadHeader4 {
			return Echo{}, false
		}
		quoted, e.To, ok = quoted4(b[8:])
		asked = EchoRequest4
	}
	if !ok || len(quoted) < 8 || quoted[0] != asked || quoted[1] != 0 {
		return Echo{}, false
	}
	e.ID, e.Seq = binary.BigEndian.Uint16(quoted[4:]), binary.BigEndian.Uint16(quoted[6:])
	return e, true
}

// quoted4 is the ICMP message that a quoted IPv4 datagram begins.
func quoted4(b []byte) ([]byte, netip.Addr, bool) {
	if len(b) < 20 || b[0]>>4 != 4 || b[9] != byte(frame.ICMP) {
		return nil, netip.Addr{}, false
	}
	n := int(b[0]&0xf) * 4
	if n < 20 || n > len(b) || binary.BigEndian.Uint16(b[6:])&0x1fff != 0 {
		return nil, netip.Addr{}, false
	}
	return b[n:], netip.AddrFrom4([4]byte(b[16:20])), true
}

// quoted6 is the ICMPv6 message that a quoted IPv6 datagram begins. An echo
// request of ours has no extension header but, where it is long, a fragment
// header.
func quoted6(b []byte) ([]byte, netip.Addr, bool) {
	if len(b) < 40 || b[0]>>4 != 6 {
		return nil, netip.Addr{}, false
	}
	to, next, b := netip.AddrFrom16([16]byte(b[24:40])), b[6], b[40:]
	if next == 44 {
		if len(b) < 8 || binary.BigEndian.Uint16(b[2:])&^7 != 0 {
			return nil, netip.Addr{}, false
		}
		next, b = b[0], b[8:]
	}
	return b, to, next == byte(frame.ICMPv6)
}
