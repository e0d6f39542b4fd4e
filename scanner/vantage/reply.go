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

// AppendJSON appends the reply as JSON.
func (r *Reply) AppendJSON(b []byte) []byte { return write(b, r) }

// ReadJSON reads what AppendJSON appends. See [Plain].
func (r *Reply) ReadJSON(b []byte) bool { return read(b, r) }

func (r *Reply) fields(c *codec) {
	text(c, "class", &r.Class, always)
	address(c, "from", &r.From, ifSet)
	number(c, "ttl", &r.TTL, ifSet)
	c.octets("data", &r.Data, ifSet)
	number(c, "rtt", &r.RTT, always)
	address(c, "local", &r.Local, ifSet)
	c.flag("loopback", &r.Loopback)
	number(c, "sent", &r.Sent, ifSet)
	number(c, "answered", &r.Answered, ifSet)
	number(c, "took", &r.Took, ifSet)
	if c.field("icmp", r.ICMP != run.ICMP{}) {
		c.object((*icmp)(&r.ICMP))
	}
	text(c, "note", &r.Note, ifSet)
	text(c, "weak", &r.Weak, ifSet)
}

// icmp is an ICMP error on its way.
type icmp run.ICMP

func (i *icmp) fields(c *codec) {
	number(c, "type", &i.Type, always)
	number(c, "code", &i.Code, always)
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
