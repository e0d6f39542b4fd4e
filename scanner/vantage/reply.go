package vantage

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Reply is what became of one try.
type Reply struct {
	Class run.Class     `json:"class"`
	From  netip.Addr    `json:"from,omitzero"` // who answered or complained
	TTL   int           `json:"ttl,omitempty"` // of the answer (IP TTL or hop limit); 0 unknown
	Data  []byte        `json:"data,omitempty"`
	RTT   time.Duration `json:"rtt"`
	run.Attempt
	// ICMP is the error that came back, where it was one and its numbers are known.
	ICMP run.ICMP `json:"icmp,omitzero"`
	// Note is the system's own words for a class other than answered.
	Note string `json:"note,omitempty"`
	// Weak says why an answer from this source proves nothing by itself.
	Weak string `json:"weak,omitempty"`
}

// longestWords is how long the words of a far end may be in a reply, in octets; the
// rest is cut off.
const longestWords = 4 << 10

// classes are all that a far end may say.
var classes = map[run.Class]bool{
	run.Answered: true, run.Refused: true, run.Unreachable: true, run.Silent: true, run.NoRoute: true,
	run.Name: true, run.NotPermitted: true, run.Exhausted: true, run.Cut: true, run.Sent: true,
}

// vetReply says what is wrong with the reply of a far end.
func vetReply(r *Reply) error {
	r.Note, r.Weak = shortened(r.Note), shortened(r.Weak)
	switch {
	case !classes[r.Class]:
		return &Odd{"class", string(r.Class)}
	case r.TTL < 0 || r.TTL > 255 || r.RTT < 0:
		return &Odd{"ttl", fmt.Sprint(r.TTL, " ", r.RTT)}
	case r.Sent < 0 || r.Answered < 0 || r.Answered > r.Sent:
		return &Odd{"answered", fmt.Sprint(r.Answered, " of ", r.Sent)}
	case r.ICMP != run.ICMP{} && r.Class != run.Refused && r.Class != run.Unreachable:
		return &Odd{"icmp", string(r.Class)}
	}
	return nil
}

func shortened(s string) string {
	if len(s) <= longestWords {
		return s
	}
	return strings.ToValidUTF8(s[:longestWords], "") + " ..."
}
