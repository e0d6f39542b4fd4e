package run

import (
	"net/netip"
	"time"
)

// Try is one packet or connection and what became of it.
type Try struct {
	Start time.Duration `json:"start"`         // since the run began
	RTT   time.Duration `json:"rtt,omitempty"` // until the answer, or until giving up
	Class Class         `json:"class"`
	From  netip.Addr    `json:"from,omitzero"` // who answered, where that is known
	TTL   int           `json:"ttl,omitempty"` // IP TTL or hop limit of the answer; 0 unknown
	Attempt
	// ICMP is the error that From sent, where it was one and its numbers are known.
	ICMP ICMP `json:"icmp,omitzero"`
	// Note is the words of the system that tried. They are for people: nothing is
	// concluded from them.
	Note string `json:"note,omitempty"`
}

// Attempt is what the trying machine itself did, as far as its system tells. What
// is not known is the zero value, never a good one.
type Attempt struct {
	// Local is its own end: the source address, with the source port of TCP and UDP
	// or the identifier of an echo request.
	Local netip.AddrPort `json:"local,omitzero"`
	// Loopback says that the packets never left the machine.
	Loopback bool `json:"loopback,omitempty"`
	// Sent counts transmissions of the same thing: the SYNs of one connect, the
	// requests of one exchange. 0 is unknown.
	Sent int `json:"sent,omitempty"`
	// Answered says which transmission the answer is to, counted from 1. 0 is
	// unknown, or there was no answer.
	Answered int `json:"answered,omitempty"`
	// Took is the time from that transmission to the answer. 0 is unknown.
	Took time.Duration `json:"took,omitempty"`
}

// AnswerTime is how long an answer took, from the transmission that it answers
// where that is known, else from the first one. It is 0 of what was not answered.
func (t *Try) AnswerTime() time.Duration {
	switch {
	case t.Class != Answered && t.Class != Refused && t.Class != Cut:
		return 0
	case t.Took > 0:
		return t.Took
	}
	return t.RTT
}

// QuickestAnswer is the shortest time in which a try was answered, 0 where none was:
// the first answer of a connection may contain a negotiation.
func (o *Observation) QuickestAnswer() (best time.Duration) {
	for i := range o.Tries {
		if t := o.Tries[i].AnswerTime(); t > 0 && (best == 0 || t < best) {
			best = t
		}
	}
	return best
}

// Lost counts the transmissions that came to nothing, of all that were sent: those
// before the one that was answered, or all of them. Both are 0 where it is not
// known.
func (t *Try) Lost() (lost, sent int) {
	switch {
	case t.Answered > 0:
		return t.Answered - 1, t.Answered
	case t.Class == Silent:
		return t.Sent, t.Sent
	}
	return 0, 0
}
