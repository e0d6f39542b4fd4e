package vantage

import (
	"net/netip"
)

// CapRaw is the capability of [Raw].
const CapRaw Capability = "raw"

// SendRequest is one raw IP datagram; the vantage makes the IP header. There is
// no answer: the class is Sent where it left.
type SendRequest struct {
	To       netip.Addr `json:"to"`
	Protocol int        `json:"protocol"`
	Payload  []byte     `json:"payload"`
}

// Raw sends one raw IP datagram.
var Raw = declare(&Op[SendRequest, Reply]{name: CapRaw, vet: vetReply})
