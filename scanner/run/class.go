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
