package vantage

import (
	"net/netip"
	"time"
)

// CapTCP is the capability of [TCP].
const CapTCP Capability = "tcp"

// DialRequest is one TCP connection. With Send set, the octets are written and
// one answer, delimited by Frame, is read into [Reply.Data]; then it is closed.
// The class is that of the connect; an answer that does not come whole is Cut.
type DialRequest struct {
	To      netip.AddrPort `json:"to"`
	Timeout time.Duration  `json:"timeout"` // for the connect
	Send    []byte         `json:"send,omitempty"`
	Frame   Frame          `json:"frame,omitzero"`
	Read    time.Duration  `json:"read,omitempty"` // for the answer
}

// Frame says how long an answer on a stream is: a header of Header octets that
// holds a 16-bit little-endian length of the whole at octet Length.
type Frame struct {
	Header int `json:"header"`
	Length int `json:"length"`
	Max    int `json:"max"` // a longer answer is Cut
}

// AppendJSON appends the request as JSON.
func (q *DialRequest) AppendJSON(b []byte) []byte { return write(b, q) }

// ReadJSON reads what AppendJSON appends. See [Plain].
func (q *DialRequest) ReadJSON(b []byte) bool { return read(b, q) }

func (q *DialRequest) fields(c *codec) {
	address(c, "to", &q.To, always)
	number(c, "timeout", &q.Timeout, always)
	c.octets("send", &q.Send, ifSet)
	if c.field("frame", q.Frame != Frame{}) {
		c.object(&q.Frame)
	}
	number(c, "read", &q.Read, ifSet)
}

func (f *Frame) fields(c *codec) {
	number(c, "header", &f.Header, always)
	number(c, "length", &f.Length, always)
	number(c, "max", &f.Max, always)
}

// TCP makes one connection.
var TCP = declare(&Op[DialRequest, Reply]{
	name: CapTCP, vet: vetReply,
	takes: func(q *DialRequest) time.Duration { return max(0, q.Timeout) + max(0, q.Read) },
})
