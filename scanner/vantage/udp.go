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
}

// UDP sends one datagram and waits for its answer.
var UDP = declare(&Op[DatagramRequest, Reply]{
	name: CapUDP, vet: vetReply,
	takes: func(q *DatagramRequest) time.Duration { return q.Timeout },
})
