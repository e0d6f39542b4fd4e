package local

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// The ICMP and ICMPv6 types that matter here (RFC 792, RFC 4443).
const (
	echoReply4    = 0
	unreachable4  = 3
	echoRequest4  = 8
	timeExceeded4 = 11
	badHeader4    = 12

	unreachable6  = 1
	tooBig6       = 2
	timeExceeded6 = 3
	badHeader6    = 4
	echoRequest6  = 128
	echoReply6    = 129
)

// IP protocol numbers.
const (
	protoICMP   = 1
	protoTCP    = 6
	protoUDP    = 17
	protoESP    = 50
	protoICMPv6 = 58
)

// echo is what an ICMP message says about an echo request: its answer, or an
// error that quotes it.
type echo struct {
	id, seq uint16
	data    []byte     // of an answer
	error   bool       // the message is an error
	typ     int        // of the error
	code    int        // of the error
	to      netip.Addr // of the quoted request; invalid in an answer
}

// parseEcho reads an ICMP (or, with v6, ICMPv6) message. It reports false for
// every message that has nothing to do with an echo request.
func parseEcho(b []byte, v6 bool) (echo, bool) {
	if len(b) < 8 {
		return echo{}, false
	}
	if b[0] == echoReply4 && !v6 || b[0] == echoReply6 && v6 {
		return echo{id: binary.BigEndian.Uint16(b[4:]), seq: binary.BigEndian.Uint16(b[6:]), data: b[8:]}, b[1] == 0
	}
	e := echo{error: true, typ: int(b[0]), code: int(b[1])}
	var (
		quoted []byte
		ok     bool
		asked  byte
	)
	if v6 {
		if b[0] < unreachable6 || b[0] > badHeader6 {
			return echo{}, false
		}
		quoted, e.to, ok = quoted6(b[8:])
		asked = echoRequest6
	} else {
		if b[0] != unreachable4 && b[0] != timeExceeded4 && b[0] != badHeader4 {
			return echo{}, false
		}
		quoted, e.to, ok = quoted4(b[8:])
		asked = echoRequest4
	}
	if !ok || len(quoted) < 8 || quoted[0] != asked || quoted[1] != 0 {
		return echo{}, false
	}
	e.id, e.seq = binary.BigEndian.Uint16(quoted[4:]), binary.BigEndian.Uint16(quoted[6:])
	return e, true
}

// quoted4 is the ICMP message that a quoted IPv4 datagram begins.
func quoted4(b []byte) ([]byte, netip.Addr, bool) {
	if len(b) < 20 || b[0]>>4 != 4 || b[9] != protoICMP {
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
	return b, to, next == protoICMPv6
}

// complain puts into r the ICMP error that its From sent about a packet to to: its
// class, its numbers, and what it says in words.
func complain(r *vantage.Reply, v6 bool, typ, code int, to netip.Addr) {
	name, refused := complaint4(typ, code)
	if v6 {
		name, refused = complaint6(typ, code)
	}
	r.Class = run.Unreachable
	if refused && r.From.WithZone("") == to.WithZone("") {
		r.Class = run.Refused
	}
	r.ICMP = run.ICMP{Type: uint8(typ), Code: uint8(code)} //nolint:gosec // both are octets of a packet
	r.Note = fmt.Sprintf("%s (type %d code %d)", name, typ, code)
}

// complaint4 names an ICMP error (RFC 792, 1122, 1812) and says whether, from
// the target itself, it is a refusal.
func complaint4(typ, code int) (name string, refused bool) {
	switch typ {
	case timeExceeded4:
		return "time to live exceeded", false
	case badHeader4:
		return "parameter problem", false
	}
	names := [...]string{
		"net unreachable", "host unreachable", "protocol unreachable", "port unreachable", "fragmentation needed", "source route failed",
		"net unknown", "host unknown", "source host isolated", "net administratively prohibited", "host administratively prohibited",
		"net unreachable for this service", "host unreachable for this service", "administratively prohibited", "host precedence violation", "precedence cutoff",
	}
	if typ == unreachable4 && code < len(names) {
		return names[code], code == 2 || code == 3
	}
	return "ICMP error", false
}

// complaint6 is complaint4 for ICMPv6 (RFC 4443 3.1 to 3.4).
func complaint6(typ, code int) (name string, refused bool) {
	switch typ {
	case tooBig6:
		return "packet too big", false
	case timeExceeded6:
		return "hop limit exceeded", false
	case badHeader6:
		return "parameter problem", code == 1 // unrecognized next header
	}
	names := [...]string{
		"no route to destination", "administratively prohibited", "beyond scope of source address", "address unreachable",
		"port unreachable", "source address failed policy", "route rejected",
	}
	if typ == unreachable6 && code < len(names) {
		return names[code], code == 4
	}
	return "ICMPv6 error", false
}
