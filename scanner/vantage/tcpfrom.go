package vantage

import (
	"errors"
	"time"
)

// CapTCPFrom is the capability of [TCPFrom].
const CapTCPFrom Capability = "tcp-from"

// DialFromRequest is one TCP connection from a source port.
type DialFromRequest struct {
	Dial DialRequest `json:"dial"`
	From uint16      `json:"from"` // the source port
}

// ErrSourcePort is of a source port that a machine does not give: it is in use, or the
// account may not have it. That is no failure of anybody, and nothing was sent.
var ErrSourcePort = errors.New("the source port is not to be had")

// TCPFrom makes one connection from a source port of choice. Nothing of it is left
// behind: it ends by a reset, so that the port is free for the next one.
var TCPFrom = declare(&Op[DialFromRequest, Reply]{
	name: CapTCPFrom, vet: vetReply,
	takes:  func(q *DialFromRequest) time.Duration { return TCP.takes(&q.Dial) },
	errors: map[string]error{"source-port": ErrSourcePort},
})
