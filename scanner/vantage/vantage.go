// Package vantage gives access to places on the network to observe from. A
// vantage offers capabilities (ping, TCP, UDP, raw datagrams, a watch on the
// wire, the registry); what a far end can do is learned when it is connected.
//
// It knows sockets, processes and the ways into other machines. It does not
// know policies, checks or verdicts: a call returns what became of one try.
package vantage

import (
	"context"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Capability names what a vantage may be able to do. It is the key of
// [Vantage.Missing] and the word a reader sees.
type Capability string

// The capabilities.
const (
	CapPing     Capability = "ping"
	CapTCP      Capability = "tcp"
	CapUDP      Capability = "udp"
	CapRaw      Capability = "raw"
	CapWatch    Capability = "watch"
	CapRegistry Capability = "registry"
)

// Capabilities lists all capabilities.
var Capabilities = []Capability{CapPing, CapTCP, CapUDP, CapRaw, CapWatch, CapRegistry}

// Vantage is a connected place to observe from. A capability that is not there
// is nil and has its reason in Missing.
type Vantage struct {
	Name string
	// Via is the way in for each capability, for evidence: "local",
	// "ssh guest.example.test".
	Via map[Capability]string

	Ping     Pinger
	TCP      Dialer
	UDP      Exchanger
	Raw      Sender
	Watch    Watcher
	Registry RegistryReader

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

// PingRequest is one ICMP or ICMPv6 echo request.
type PingRequest struct {
	To      netip.Addr    `json:"to"`
	Timeout time.Duration `json:"timeout"`
	Size    int           `json:"size,omitempty"` // octets of data; 0 is the default of 32
}

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

// DatagramRequest is one UDP datagram and the wait for one answer from the same
// address and port.
type DatagramRequest struct {
	To      netip.AddrPort `json:"to"`
	Send    []byte         `json:"send"`
	Timeout time.Duration  `json:"timeout"`
}

// SendRequest is one raw IP datagram; the vantage makes the IP header. There is
// no answer: the class is Sent where it left.
type SendRequest struct {
	To       netip.Addr `json:"to"`
	Protocol int        `json:"protocol"`
	Payload  []byte     `json:"payload"`
}

// WatchRequest asks for the flows between declared addresses that pass the
// vantage's Ethernet interfaces: one end in Hosts, the other in Peers. Loopback
// and tunnel interfaces are not watched, so what is seen is what the wire
// carries.
type WatchRequest struct {
	Hosts []netip.Addr `json:"hosts"`
	Peers []netip.Addr `json:"peers"`
	// Answers asks also for what a host answers to any other address (a connection
	// that is accepted or refused, an echo reply, UDP but that of IKE), with the
	// request where it was seen at most a minute before.
	Answers bool `json:"answers,omitempty"`
	// Own says that the watching machine is one of the hosts: with Answers, what it
	// sends is the host's, whatever address it bears.
	Own bool `json:"own,omitempty"`
}

// Seen is what a watch has seen so far, and where. Its flows have no owner yet.
type Seen struct {
	Flows      []run.Flow
	Interfaces []run.WatchedInterface
	// Overflow says that there was more than the watch keeps.
	Overflow bool
}

// Pinger sends one echo request.
type Pinger interface {
	Ping(context.Context, PingRequest) (Reply, error)
}

// Dialer makes one TCP connection.
type Dialer interface {
	Dial(context.Context, DialRequest) (Reply, error)
}

// Exchanger sends one datagram and waits for its answer.
type Exchanger interface {
	Exchange(context.Context, DatagramRequest) (Reply, error)
}

// Sender sends one raw IP datagram.
type Sender interface {
	Send(context.Context, SendRequest) (Reply, error)
}

// Watcher watches the wire. Watch returns when the watch is in place.
type Watcher interface {
	Watch(context.Context, WatchRequest) (Watch, error)
}

// Watch is a watch in place.
type Watch interface {
	// Flows returns what was seen so far. It may be called often.
	Flows(context.Context) (*Seen, error)
	// Close ends the watch. Packets that the system dropped before they could
	// be counted are an error: the flows are then incomplete.
	Close() error
}

// RegistryReader reads a registry key and everything below it. The error wraps
// [ErrNoKey] where the key is not there, and only there.
type RegistryReader interface {
	ReadRegistry(ctx context.Context, key string) ([]run.RegistryValue, error)
}
