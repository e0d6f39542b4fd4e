package icmp

import (
	"fmt"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Tell puts into r the ICMP error that its From sent about a packet to to: its
// class, its numbers, and what it says in words.
func Tell(r *vantage.Reply, v6 bool, typ, code int, to netip.Addr) {
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
	case TimeExceeded4:
		return "time to live exceeded", false
	case BadHeader4:
		return "parameter problem", false
	}
	names := [...]string{
		"net unreachable", "host unreachable", "protocol unreachable", "port unreachable", "fragmentation needed", "source route failed",
		"net unknown", "host unknown", "source host isolated", "net administratively prohibited", "host administratively prohibited",
		"net unreachable for this service", "host unreachable for this service", "administratively prohibited", "host precedence violation", "precedence cutoff",
	}
	if typ == Unreachable4 && code < len(names) {
		return names[code], code == 2 || code == 3
	}
	return "ICMP error", false
}

// complaint6 is complaint4 for ICMPv6 (RFC 4443 3.1 to 3.4).
func complaint6(typ, code int) (name string, refused bool) {
	switch typ {
	case TooBig6:
		return "packet too big", false
	case TimeExceeded6:
		return "hop limit exceeded", false
	case BadHeader6:
		return "parameter problem", code == 1 // unrecognized next header
	}
	names := [...]string{
		"no route to destination", "administratively prohibited", "beyond scope of source address", "address unreachable",
		"port unreachable", "source address failed policy", "route rejected",
	}
	if typ == Unreachable6 && code < len(names) {
		return names[code], code == 4
	}
	return "ICMPv6 error", false
}
