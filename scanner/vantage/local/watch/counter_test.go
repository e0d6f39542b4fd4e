package watch

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
)

// wired is a packet that passes.
type wired struct {
	at       time.Duration
	passage  run.Passage
	src, dst string // with ports; an echo has its identifier as the port of both
	kind     run.FlowKind
}

func (w wired) packet() *frame.Packet {
	src, dst := netip.MustParseAddrPort(w.src), netip.MustParseAddrPort(w.dst)
	p := &frame.Packet{Src: src.Addr(), Dst: dst.Addr(), SrcPort: src.Port(), DstPort: dst.Port(), Size: 60, Protocol: frame.TCP, Sequence: 1}
	switch w.kind {
	case run.FlowSYN:
		p.SYN = true
	case run.FlowSYNACK:
		p.SYN, p.ACK = true, true
	case run.FlowReset:
		p.RST = true
	case run.FlowRefusal:
		p.RST, p.ACK, p.Sequence = true, true, 0
	case run.FlowEcho, run.FlowEchoReply:
		*p = frame.Packet{Src: p.Src, Dst: p.Dst, Size: 60, Protocol: frame.ICMP, Identifier: p.SrcPort, Request: w.kind == run.FlowEcho, Reply: w.kind != run.FlowEcho}
	case run.FlowUDP, run.FlowIKE:
		p.Protocol = frame.UDP
	case run.FlowESP:
		*p = frame.Packet{Src: p.Src, Dst: p.Dst, Size: 60, Protocol: frame.ESP, SPI: 300}
	}
	if p.Dst.IsMulticast() {
		p.To[0] = 1
	}
	return p
}

const (
	aHost, aPeer = "198.18.2.2", "198.18.1.2"
	stranger     = "203.0.113.9"
	alias        = "198.18.2.77" // another address of the host
)

func TestCounts(t *testing.T) {
	in, out, past := run.PassedIn, run.PassedOut, run.PassedForwarded
	for _, tt := range []struct {
		name   string
		own    bool // the watch of the host itself; else a mirror
		simple bool // answers to others are not asked for
		passes []wired
		want   []string // kind source destination count
	}{
		{"a host and a peer, whatever it is", false, true, []wired{
			{0, past, aPeer + ":1", aHost + ":1688", run.FlowSYN}, {1, past, aHost + ":1688", aPeer + ":1", run.FlowSYNACK},
			{2, past, aPeer + ":1", aHost + ":1688", run.FlowTCP}, {3, past, aPeer + ":1", aHost + ":1688", run.FlowTCP},
			{4, past, aPeer + ":0", aHost + ":0", run.FlowESP}, {4, past, aPeer + ":2", aHost + ":500", run.FlowIKE},
		}, []string{"tcp-syn 198.18.1.2:1 198.18.2.2:1688 1", "tcp-syn-ack 198.18.2.2:1688 198.18.1.2:1 1", "tcp 198.18.1.2:1 198.18.2.2:1688 2", "esp 198.18.1.2:0 198.18.2.2:0 1", "ike 198.18.1.2:2 198.18.2.2:500 1"}},
		{"others are not asked for", true, true, []wired{
			{0, in, stranger + ":1", aHost + ":1688", run.FlowSYN}, {1, out, aHost + ":1688", stranger + ":1", run.FlowSYNACK},
		}, nil},
		{"a stranger is answered", true, false, []wired{
			{0, in, stranger + ":1", aHost + ":1688", run.FlowSYN}, {1, in, stranger + ":1", aHost + ":1688", run.FlowSYN},
			{2, out, aHost + ":1688", stranger + ":1", run.FlowSYNACK}, {3, in, stranger + ":1", aHost + ":1688", run.FlowSYN},
			{4, in, stranger + ":1", aHost + ":1688", run.FlowTCP}, {5, out, aHost + ":1688", stranger + ":1", run.FlowTCP},
		}, []string{"tcp-syn 203.0.113.9:1 198.18.2.2:1688 3", "tcp-syn-ack 198.18.2.2:1688 203.0.113.9:1 1"}},
		{"a stranger is refused, seen at a mirror", false, false, []wired{
			{0, past, stranger + ":1", aHost + ":1688", run.FlowSYN}, {1, past, aHost + ":1688", stranger + ":1", run.FlowRefusal},
		}, []string{"tcp-syn 203.0.113.9:1 198.18.2.2:1688 1", "tcp-refusal 198.18.2.2:1688 203.0.113.9:1 1"}},
		{"a stranger is not answered", true, false, []wired{
			{0, in, stranger + ":1", aHost + ":1688", run.FlowSYN}, {1, in, stranger + ":7", aHost + ":7", run.FlowEcho}, {2, in, stranger + ":1", aHost + ":53", run.FlowUDP},
		}, nil},
		{"the answer to what was not seen", true, false, []wired{
			{1, out, aHost + ":7", stranger + ":7", run.FlowEchoReply},
		}, []string{"echo-reply 198.18.2.2:7 203.0.113.9:0 1"}},
		{"answers to what was not seen, and then was", true, false, []wired{
			{0, out, aHost + ":1688", stranger + ":1", run.FlowSYNACK}, {1, in, stranger + ":1", aHost + ":1688", run.FlowSYN},
			{2, out, aHost + ":1688", stranger + ":1", run.FlowSYNACK}, {3, in, stranger + ":1", aHost + ":1688", run.FlowSYN},
		}, []string{"tcp-syn-ack 198.18.2.2:1688 203.0.113.9:1 2", "tcp-syn 203.0.113.9:1 198.18.2.2:1688 2"}},
		{"the answer to what was too long ago", true, false, []wired{
			{0, in, stranger + ":1", aHost + ":53", run.FlowUDP}, {askedFor + 1, out, aHost + ":53", stranger + ":1", run.FlowUDP},
		}, []string{"udp 198.18.2.2:53 203.0.113.9:1 1"}},
		{"the host opens a connection in clear", true, false, []wired{
			{0, out, aHost + ":1", stranger + ":80", run.FlowSYN}, {1, in, stranger + ":80", aHost + ":1", run.FlowSYNACK},
			{2, out, aHost + ":1", stranger + ":80", run.FlowTCP}, {3, out, aHost + ":1", stranger + ":80", run.FlowReset},
		}, nil},
		{"the host asks", true, false, []wired{
			{0, out, aHost + ":9", stranger + ":9", run.FlowEcho}, {1, in, stranger + ":9", aHost + ":9", run.FlowEchoReply},
			{2, out, aHost + ":5353", "224.0.0.251:5353", run.FlowUDP}, {3, out, aHost + ":500", stranger + ":500", run.FlowIKE},
		}, nil},
		{"a connection of a stranger that was open before", true, false, []wired{
			{0, in, stranger + ":40000", aHost + ":3389", run.FlowTCP}, {1, out, aHost + ":3389", stranger + ":40000", run.FlowTCP}, {2, out, aHost + ":3389", stranger + ":40000", run.FlowTCP},
		}, []string{"tcp 198.18.2.2:3389 203.0.113.9:40000 2"}},
		{"a connection of the host that was open before", true, false, []wired{
			{0, in, stranger + ":3389", aHost + ":40000", run.FlowTCP}, {1, out, aHost + ":40000", stranger + ":3389", run.FlowTCP},
		}, nil},
		{"a connection that the host forwards", true, false, []wired{
			{0, out, "192.0.2.77:3389", stranger + ":40000", run.FlowTCP},
		}, nil},
		{"a connection of a stranger", true, false, []wired{
			{0, in, stranger + ":40000", aHost + ":3389", run.FlowSYN}, {1, out, aHost + ":3389", stranger + ":40000", run.FlowSYNACK},
			{2, out, aHost + ":3389", stranger + ":40000", run.FlowTCP},
		}, []string{"tcp-syn 203.0.113.9:40000 198.18.2.2:3389 1", "tcp-syn-ack 198.18.2.2:3389 203.0.113.9:40000 1"}},
		{"an answer under another address of the host", true, false, []wired{
			{0, in, aPeer + ":1", alias + ":1688", run.FlowSYN}, {1, out, alias + ":1688", aPeer + ":1", run.FlowSYNACK},
			{2, in, stranger + ":1", aHost + ":1688", run.FlowSYN}, {3, out, alias + ":1688", stranger + ":1", run.FlowSYNACK},
		}, []string{"tcp-syn 198.18.1.2:1 198.18.2.77:1688 1", "tcp-syn-ack 198.18.2.77:1688 198.18.1.2:1 1",
			"tcp-syn 203.0.113.9:1 198.18.2.2:1688 1", "tcp-syn-ack 198.18.2.77:1688 203.0.113.9:1 1"}},
		{"another machine answers, seen at a mirror", false, false, []wired{
			{0, past, aPeer + ":1", alias + ":1688", run.FlowSYN}, {1, past, alias + ":1688", aPeer + ":1", run.FlowSYNACK},
		}, nil},
		{"a ping by multicast", true, false, []wired{
			{0, in, stranger + ":7", "224.0.0.1:7", run.FlowEcho}, {1, out, aHost + ":7", stranger + ":7", run.FlowEchoReply},
		}, []string{"echo 203.0.113.9:7 224.0.0.1:0 1", "echo-reply 198.18.2.2:7 203.0.113.9:0 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := NewCounter(&vantage.WatchRequest{
				Hosts: []netip.Addr{netip.MustParseAddr(aHost)}, Peers: []netip.Addr{netip.MustParseAddr(aPeer)}, Answers: !tt.simple, Own: tt.own,
			})
			var sent int64
			for _, w := range tt.passes {
				c.Add(w.packet(), "eth0", w.passage, w.at)
				if w.passage == out && strings.HasPrefix(w.src, aHost+":") {
					sent++
				}
			}
			var got []string
			seen := c.Seen(run.WatchedInterface{Name: "eth0"})
			for _, f := range seen.Flows {
				got = append(got, line(f))
				if f.Bytes != 60*int64(f.Count) || f.MaxSize != 60 || f.Interface != "eth0" || f.Passage == "" {
					t.Errorf("%+v", f)
				}
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("kept %q, want %q", got, tt.want)
			}
			if got := seen.Interfaces[0].Out; got != sent {
				t.Errorf("%d packets went out, not %d", got, sent)
			}
		})
	}
}

func line(f run.Flow) string {
	return string(f.Kind) + " " + netip.AddrPortFrom(f.Src, f.SrcPort).String() + " " + netip.AddrPortFrom(f.Dst, f.DstPort).String() + " " + strconv.Itoa(f.Count)
}

func TestACounterHasTimesAndBounds(t *testing.T) {
	q := vantage.WatchRequest{Hosts: []netip.Addr{netip.MustParseAddr(aHost)}, Peers: []netip.Addr{netip.MustParseAddr(aPeer)}, Answers: true}
	esp := wired{src: aPeer + ":0", dst: aHost + ":0", kind: run.FlowESP}.packet()
	c := NewCounter(&q)
	for i := range run.MostPackets + 5 {
		esp.Size = 60 + i%2
		c.Add(esp, "eth0", run.PassedIn, time.Duration(i+3))
	}
	c.Add(esp, "eth0", run.PassedIn, 1) // by another processor
	f := c.Seen().Flows[0]
	if f.Count != run.MostPackets+6 || len(f.Packets) != run.MostPackets || f.First != 1 || f.Last != run.MostPackets+7 || f.MaxSize != 61 ||
		f.Packets[0] != (run.WirePacket{At: 3, Size: 60}) || f.Packets[1] != (run.WirePacket{At: 4, Size: 61}) {
		t.Errorf("%d packets, %d kept, from %d to %d", f.Count, len(f.Packets), f.First, f.Last)
	}

	answer := wired{src: aHost + ":1", dst: stranger + ":1", kind: run.FlowSYNACK}.packet()
	for i := range mostOthers {
		answer.SrcPort, answer.DstPort = uint16(i), uint16(i/1000)
		c.Add(answer, "eth0", run.PassedIn, 0)
	}
	if s := c.Seen(); s.Overflow || len(s.Flows) != mostOthers+1 {
		t.Errorf("%d flows, overflow %t", len(s.Flows), s.Overflow)
	}
	answer.SrcPort = 60000
	c.Add(answer, "eth0", run.PassedIn, 0)
	if s := c.Seen(); !s.Overflow || len(s.Flows) != mostOthers+1 {
		t.Errorf("%d flows, overflow %t", len(s.Flows), s.Overflow)
	}

	c = NewCounter(&q)
	for i := range mostFlows + 1 {
		esp.SPI = uint32(i)
		c.Add(esp, "eth0", run.PassedIn, 0)
	}
	if s := c.Seen(); !s.Overflow || len(s.Flows) != mostFlows {
		t.Errorf("%d flows, overflow %t", len(s.Flows), s.Overflow)
	}

	// A scan fills what waits for an answer, and no more than that.
	c = NewCounter(&q)
	asked := wired{src: stranger + ":1", dst: aHost + ":1", kind: run.FlowSYN}.packet()
	for i := range 5 * mostAsked {
		asked.SrcPort, asked.DstPort = uint16(i), uint16(i>>16)
		c.Add(asked, "eth0", run.PassedIn, 0)
	}
	if s := c.Seen(); s.Overflow || len(s.Flows) != 0 || len(c.young)+len(c.old) > 2*mostAsked {
		t.Errorf("%d flows and %d requests, overflow %t", len(s.Flows), len(c.young)+len(c.old), s.Overflow)
	}
}
