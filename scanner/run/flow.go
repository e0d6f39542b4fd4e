package run

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Flow counts the packets of one kind from one end to another, as one Ethernet
// interface of the watching vantage carried them.
type Flow struct {
	Src     netip.Addr `json:"src"`
	Dst     netip.Addr `json:"dst"`
	Kind    FlowKind   `json:"kind"`
	SrcPort uint16     `json:"srcPort,omitempty"` // TCP and UDP; the identifier of echo
	DstPort uint16     `json:"dstPort,omitempty"` // TCP and UDP
	SPI     uint32     `json:"spi,omitempty"`     // ESP kinds
	// Passage says which way the packets passed the interface.
	Passage Passage `json:"passage,omitempty"`
	// Interface carried the packets, From and To are their link addresses.
	Interface string `json:"interface,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	// Own is the observation whose packets these are, where kmsiso sent them, or
	// where they answer what it sent to a watched vantage of its own.
	Own string `json:"own,omitempty"`

	Count   int   `json:"count"`
	MaxSize int   `json:"maxSize"`         // octets of the largest IP datagram
	Bytes   int64 `json:"bytes,omitempty"` // octets of all IP datagrams
	// First and Last are the times of the first and of the last packet, by the clock
	// of the watching vantage, since the watch was in place.
	First time.Duration `json:"first,omitempty"`
	Last  time.Duration `json:"last,omitempty"`
	// Packets are those of an ESP kind one by one, at most [MostPackets].
	Packets []WirePacket `json:"packets,omitempty"`
}

// Serves reports whether the port that sends looks like that of a service, and the other
// one like that which the system of a client chose.
func Serves(src, dst uint16) bool {
	const wellKnown, chosen = 1024, 32768
	return src < chosen && dst >= wellKnown && src < dst
}

// Packets counts the packets of the flows that are meant. A packet that passed several
// interfaces, as of a router or a bridge, is one: the interface counts that carried
// most of those between two ends.
func Packets(flows []Flow, meant func(*Flow) bool) (sum int) {
	type between struct {
		src, dst netip.Addr
		spi      uint32
	}
	on := map[between]map[string]int{}
	for i := range flows {
		f := &flows[i]
		if !meant(f) {
			continue
		}
		b := between{f.Src, f.Dst, f.SPI}
		if on[b] == nil {
			on[b] = map[string]int{}
		}
		on[b][f.Interface] += f.Count
	}
	for _, counts := range on {
		sum += slices.Max(slices.Collect(maps.Values(counts)))
	}
	return sum
}

// WirePacket is one packet of a [Flow].
type WirePacket struct {
	At   time.Duration // as [Flow].First
	Size int           // octets of the IP datagram
}

// MostPackets bounds the packets that are kept of one flow.
const MostPackets = 4096

// FlowKind is the kind of packets a [Flow] counts.
type FlowKind string

// The kinds of packets a watch tells apart.
const (
	FlowSYN       FlowKind = "tcp-syn"
	FlowSYNACK    FlowKind = "tcp-syn-ack"
	FlowReset     FlowKind = "tcp-rst"     // RST
	FlowRefusal   FlowKind = "tcp-refusal" // RST with ACK and sequence number 0: it answers a SYN (RFC 9293 3.10.7.1)
	FlowTCP       FlowKind = "tcp"         // any other TCP segment
	FlowEcho      FlowKind = "echo"        // ICMP or ICMPv6 echo request
	FlowEchoReply FlowKind = "echo-reply"
	FlowIKE       FlowKind = "ike"     // UDP 500, or 4500 with the non-ESP marker
	FlowESP       FlowKind = "esp"     // IP protocol 50
	FlowUDPESP    FlowKind = "udp-esp" // ESP in UDP 4500
	FlowUDP       FlowKind = "udp"     // any other UDP
)

// Passage says which way packets passed an interface.
type Passage string

// The ways.
const (
	PassedIn        Passage = "in"        // to the watching machine
	PassedOut       Passage = "out"       // sent by the watching machine
	PassedForwarded Passage = "forwarded" // for others: a router, a mirror port
)

// Watch is how a watch stood.
type Watch struct {
	// Start is when it was in place, since the run began. The times of flows count
	// from there.
	Start time.Duration `json:"start"`
	// Interfaces are those that were watched.
	Interfaces []WatchedInterface `json:"interfaces"`
	// Overflow says that there was more than a watch keeps: it does not hold.
	Overflow bool `json:"overflow,omitempty"`
	// Holds says that it is shown to see what it is to see: at a host on each interface
	// with a declared address a packet of the host that went out; at a mirror packets
	// of an allowed vantage to each of its hosts, and packets back. Why says by what,
	// or what is missing.
	Holds bool        `json:"holds"`
	Why   reason.List `json:"why,omitempty"`
}

// WatchedInterface is an Ethernet interface that was watched.
type WatchedInterface struct {
	Name      string       `json:"name"`
	Link      string       `json:"link,omitempty"` // its link address
	Addresses []netip.Addr `json:"addresses,omitempty"`
	// Out counts the packets from a declared address that left the watching machine
	// here.
	Out int64 `json:"out,omitempty"`
}
