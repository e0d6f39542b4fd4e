package vantage

import (
	"net/netip"
	"time"
)

// CapPing is the capability of [Ping].
const CapPing Capability = "ping"

// PingRequest is one ICMP or ICMPv6 echo request.
type PingRequest struct {
	To      netip.Addr    `json:"to"`
	Timeout time.Duration `json:"timeout"`
	Size    int           `json:"size,omitempty"` // octets of data; 0 is the default of 32
}

// AppendJSON appends the request as JSON.
func (q *PingRequest) AppendJSON(b []byte) []byte { return write(b, q) }

// ReadJSON reads what AppendJSON appends. See [Plain].
func (q *PingRequest) ReadJSON(b []byte) bool { return read(b, q) }

func (q *PingRequest) fields(c *codec) {
	address(c, "to", &q.To, always)
	number(c, "timeout", &q.Timeout, always)
	number(c, "size", &q.Size, ifSet)
}

// Ping sends one echo request.
var Ping = declare(&Op[PingRequest, Reply]{
	name: CapPing, vet: vetReply,
	takes: func(q *PingRequest) time.Duration { return q.Timeout },
})
