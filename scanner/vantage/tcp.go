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

// TCP makes one connection.
var TCP = declare(&Op[DialRequest, Reply]{
	name: CapTCP, vet: vetReply,
	takes: func(q *DialRequest) time.Duration { return max(0, q.Timeout) + max(0, q.Read) },
})
