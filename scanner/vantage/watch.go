package vantage

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// CapWatch is the capability of [Watch].
const CapWatch Capability = "watch"

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
	Flows      []run.Flow             `json:"flows,omitempty"`
	Interfaces []run.WatchedInterface `json:"interfaces"`
	// Overflow says that there was more than the watch keeps.
	Overflow bool `json:"overflow,omitempty"`
}

// Watching is a watch in place. Read returns what was seen so far; it may be called
// often. Close ends the watch: packets that the system dropped before they could be
// counted are an error, for the flows are then incomplete.
type Watching = Handle[*Seen]

// Watch watches the wire. The call returns when the watch is in place.
var Watch = declare(&Holding[WatchRequest, *Seen]{name: CapWatch, large: true, vet: vetSeen})

// passages and kinds are all that a far end may say of a flow.
var (
	passages = map[run.Passage]bool{run.PassedIn: true, run.PassedOut: true, run.PassedForwarded: true}
	kinds    = map[run.FlowKind]bool{
		run.FlowSYN: true, run.FlowSYNACK: true, run.FlowReset: true, run.FlowRefusal: true, run.FlowTCP: true,
		run.FlowEcho: true, run.FlowEchoReply: true, run.FlowIKE: true, run.FlowESP: true, run.FlowUDPESP: true, run.FlowUDP: true,
	}
)

// longestName is how long the name of an interface and a link address may be, in
// octets.
const longestName = 60

// vetSeen says what is wrong with what the watch of a far end says. A far end does
// not say whose the packets are.
func vetSeen(seen **Seen) error {
	if *seen == nil {
		return &Odd{"flows", "none"}
	}
	for _, i := range (*seen).Interfaces {
		if !isName(i.Name) || !isName(i.Link) || i.Out < 0 {
			return &Odd{"interface", i.Name}
		}
	}
	for i := range (*seen).Flows {
		switch f := &(*seen).Flows[i]; {
		case !kinds[f.Kind]:
			return &Odd{"flow.kind", string(f.Kind)}
		case !passages[f.Passage]:
			return &Odd{"flow.passage", string(f.Passage)}
		case !f.Src.IsValid() || !f.Dst.IsValid():
			return &Odd{"flow", "without ends"}
		case !isName(f.Interface) || !isName(f.From) || !isName(f.To):
			return &Odd{"flow.interface", f.Interface}
		case f.Count < 1 || f.MaxSize < 0 || f.Bytes < 0 || f.First < 0 || f.Last < f.First || len(f.Packets) > run.MostPackets:
			return &Odd{"flow.count", fmt.Sprint(f.Count)}
		case f.Own != "":
			return &Odd{"flow.own", f.Own}
		}
	}
	return nil
}

// isName reports whether a name is printable and not too long.
func isName(s string) bool {
	return len(s) <= longestName && !strings.ContainsFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) })
}
