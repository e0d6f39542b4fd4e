package run

// Class is what became of one try on the network. It says what was seen, never
// what it means.
type Class string

// The classes of a try. Everything a socket can report is one of these, or an
// error of the tool.
const (
	// Answered: the peer answered in the protocol that was spoken.
	Answered Class = "answered"
	// Refused: something said no (TCP reset, ICMP port or protocol unreachable
	// from the target's own address).
	Refused Class = "refused"
	// Unreachable: an ICMP error came from the path, or the neighbour did not
	// answer (which shows after about 3 s).
	Unreachable Class = "unreachable"
	// Silent: nothing came back in the time given. Only this can be part of a
	// proved deny.
	Silent Class = "silent"
	// NoRoute: the vantage has no route or no source address to the target.
	NoRoute Class = "no-route"
	// Name: the target's name has no address.
	Name Class = "name"
	// NotPermitted: the vantage's own system forbade the packet (EPERM, EACCES).
	NotPermitted Class = "not-permitted"
	// Exhausted: the vantage ran out of something (EMFILE, ENOBUFS, ports).
	Exhausted Class = "exhausted"
	// Cut: the answer began and did not end, or could not be read as what it
	// should be.
	Cut Class = "cut"
	// Unknown: who asked in our place did not say what became of it. It proves
	// nothing either way: it is neither an answer nor silence.
	Unknown Class = "unknown"
	// Sent: a datagram that has no answer left the vantage.
	Sent Class = "sent"
)

// Local reports whether the class speaks of the vantage itself, not of the
// network or the target: it proves nothing about either.
func (c Class) Local() bool {
	switch c {
	case NoRoute, Name, NotPermitted, Exhausted:
		return true
	}
	return false
}

// Spoke reports whether the peer said anything at all, if only no.
func (c Class) Spoke() bool { return c == Answered || c == Refused || c == Cut }

// ICMP is the type and code of an ICMP error, or of an ICMPv6 error where the
// address that was tried is an IPv6 one. The zero value is that none came, or
// that its numbers are not known: type 0 is an echo reply and never an error.
type ICMP struct {
	Type uint8 `json:"type"`
	Code uint8 `json:"code"`
}

// Prohibited reports whether whoever sent the error says that a filter forbids the
// packet: destination unreachable with code 9, 10 or 13 (RFC 1122 3.2.2.1,
// RFC 1812 5.2.7.1), or with six in ICMPv6 with code 1, 5 or 6 (RFC 4443 3.1).
func (i ICMP) Prohibited(six bool) bool {
	if six {
		return i.Type == 1 && (i.Code == 1 || i.Code == 5 || i.Code == 6)
	}
	return i.Type == 3 && (i.Code == 9 || i.Code == 10 || i.Code == 13)
}
