// Package vantage gives access to places on the network to observe from. A
// vantage offers capabilities (ping, TCP, UDP, raw datagrams, a watch on the
// wire, the registry); what a far end can do is learned when it is connected.
//
// A capability is one file: its request, what is answered, and an [Op] or a [Holding]
// by which a vantage offers it, a probe calls it and a far end carries it.
//
// It knows sockets, processes and the ways into other machines. It does not
// know policies, checks or verdicts: a call returns what became of one try.
package vantage

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Capability names what a vantage may be able to do. It is the key of
// [Vantage.Offers] and [Vantage.Missing], and the word a reader sees.
type Capability string

// Vantage is a connected place to observe from. A capability that is not among its
// offers has its reason in Missing.
type Vantage struct {
	Name string
	// Via is the way in for each capability, for evidence: "local",
	// "ssh guest.example.test".
	Via map[Capability]string

	Offers  Offers
	Missing map[Capability]reason.List
	// Lost says of a missing capability that a way which may have offered it
	// could not be opened: that is the tool's failure, no property of the place.
	Lost map[Capability]reason.List

	// OS is GOOS/GOARCH of the far end, or what is known of it.
	OS string
	// Addresses are its own unicast addresses, loopback and link-local left out.
	Addresses []netip.Addr
	// Resolvers are the name servers its system asks.
	Resolvers []netip.AddrPort
	// Interfaces are its network interfaces that are up, loopback left out, and
	// Gateways the next hops of its routes. Empty where the way in cannot tell.
	Interfaces []run.Interface
	Gateways   []netip.Addr

	// Reading is how the user's own configuration of the way in was read, for
	// evidence: "ssh -G of OpenSSH_9.2p1". Empty where there is none.
	Reading string

	// Close ends the connection and removes what was sent. Never nil.
	Close func() error
}

// Has reports whether a vantage offers a capability.
func (v *Vantage) Has(c Capability) bool { return v.Offers[c].call != nil }
