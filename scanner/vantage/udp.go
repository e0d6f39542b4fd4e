package vantage

import (
	"net/netip"
	"time"
)

// CapUDP is the capability of [UDP].
const CapUDP Capability = "udp"

// DatagramRequest is one UDP datagram and the wait for one answer from the same
// address and port.
type DatagramRequest struct {
	To      netip.AddrPort `json:"to"`
	Send    []byte         `json:"send"`
	Timeout time.Duration  `json:"timeout"`
	// From is the source port, 0 for any. The error is [ErrSourcePort] where the machine
	// does not give it.
	From uint16 `json:"from,omitempty"`
}

// AppendJSON appends the request as JSON.
func (q *DatagramRequest) AppendJSON(b []byte) []byte { return write(b, q) }

// ReadJSON reads what AppendJSON appends. See [Plain].
func (q *DatagramRequest) ReadJSON(b []byte) bool { return read(b, q) }

func (q *DatagramRequest) fields(c *codec) {
	address(c, "to", &q.To, always)
	c.octets("send", &q.Send, always)
	number(c, "timeout", &q.Timeout, always)
	number(c, "from", &q.From, ifSet)
}

// UDP sends one datagram and waits for its answer.
var UDP = declare(&Op[DatagramRequest, Reply]{
	name: CapUDP, vet: vetReply,
	takes:  func(q *DatagramRequest) time.Duration { return q.Timeout },
	errors: map[string]error{"source-port": ErrSourcePort},
})
