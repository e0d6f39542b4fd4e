package watch

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
)

// What a watch keeps at most. Beyond the flows it says that it overflowed; of
// packets one by one it keeps no more.
const (
	mostFlows   = 100_000
	mostOthers  = 10_000  // flows of the answers to addresses that are not listed, and of what they answer
	mostPackets = 200_000 // of all flows
	mostAsked   = 8_192   // requests that wait for an answer, in each of two generations
)

// askedFor is how long a request may wait for its answer.
const askedFor = 60 * time.Second

// Counter counts packets as a watch asks for it. The watch of this machine has one,
// and whoever plays wires that are not of this machine.
type Counter struct {
	hosts, peers map[netip.Addr]bool
	// answers says that what a host answers to others is kept as well, own that the
	// watching machine is a host: what it sends is.
	answers, own bool

	mu       sync.Mutex
	flows    map[key]*tally
	others   int
	packets  int
	overflow bool
	out      map[string]int64 // packets from a declared address that left the machine, by interface
	// young and old are the requests to a host that were not answered yet.
	young, old map[ask]*request
	turned     time.Duration // when young began
}

// NewCounter is a counter of the packets that a watch was asked for.
func NewCounter(q *vantage.WatchRequest) *Counter {
	return &Counter{
		hosts: set(q.Hosts), peers: set(q.Peers), answers: q.Answers, own: q.Own,
		flows: map[key]*tally{}, out: map[string]int64{}, young: map[ask]*request{},
	}
}

func set(as []netip.Addr) map[netip.Addr]bool {
	m := make(map[netip.Addr]bool, len(as))
	for _, a := range as {
		m[a.Unmap().WithZone("")] = true
	}
	return m
}

// key tells the flows apart.
type key struct {
	src, dst         netip.Addr
	kind             run.FlowKind
	srcPort, dstPort uint16
	spi              uint32
	passage          run.Passage
	on               string // the interface
	from, to         frame.Link
}

// tally counts one flow.
type tally struct {
	count, maxSize int
	bytes          int64
	first, last    time.Duration
	packets        []run.WirePacket
	unasked        bool // it answers what was not seen yet; UDP asks and answers alike
}

// ask is what an answer shows of its request. The address that was asked is not in
// it: a host may answer under another one.
type ask struct {
	kind             run.FlowKind
	peer             netip.Addr
	peerPort, atPort uint16
}

// request is a request that waits for its answer.
type request struct {
	key
	tally
}

// Add counts a packet that passed an interface, at a time since the watch began.
func (c *Counter) Add(p *frame.Packet, on string, passage run.Passage, at time.Duration) {
	kind := kindOf(p)
	if kind == "" {
		return
	}
	k := key{
		src: p.Src, dst: p.Dst, kind: kind, srcPort: p.SrcPort, dstPort: p.DstPort, spi: p.SPI,
		passage: passage, on: on, from: p.From, to: p.To,
	}
	if kind == run.FlowEcho || kind == run.FlowEchoReply {
		k.srcPort = p.Identifier
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	sent := c.hosts[k.src] || c.own && passage == run.PassedOut // by a host
	if c.hosts[k.src] && passage == run.PassedOut {
		c.out[on]++
	}
	y := c.flows[k]
	switch {
	case y != nil && y.unasked:
		y.unasked = !c.answered(&k, at)
	case y == nil:
		switch {
		case c.hosts[k.src] && c.peers[k.dst] || c.hosts[k.dst] && c.peers[k.src]:
			y = c.keep(&k, &tally{}, false)
		case !c.answers:
		case sent && answering(&k):
			if y = c.keep(&k, &tally{}, true); y != nil {
				y.unasked = !c.answered(&k, at) && kind != run.FlowUDP
			}
		case sent && c.goesOn(&k):
			y = c.keep(&k, &tally{}, true)
		case !sent && (c.hosts[k.dst] || c.own && passage == run.PassedIn):
			y = c.asked(&k, at)
		}
	}
	if y != nil {
		c.count(y, &k, p.Size, at)
	}
}

// keep makes a flow, or says that there are too many of them.
func (c *Counter) keep(k *key, y *tally, other bool) *tally {
	if len(c.flows) >= mostFlows || other && c.others >= mostOthers {
		c.overflow = true
		return nil
	}
	if other {
		c.others++
	}
	c.flows[*k] = y
	return y
}

// count adds a packet to a flow.
func (c *Counter) count(y *tally, k *key, size int, at time.Duration) {
	if y.count == 0 {
		y.first, y.last = at, at
	}
	y.count++
	y.bytes += int64(size)
	y.maxSize = max(y.maxSize, size)
	y.first, y.last = min(y.first, at), max(y.last, at)
	if (k.kind == run.FlowESP || k.kind == run.FlowUDPESP) && len(y.packets) < run.MostPackets && c.packets < mostPackets {
		y.packets = append(y.packets, run.WirePacket{At: at, Size: size})
		c.packets++
	}
}

// answering reports whether packets of a flow are such as answer a request, to one
// machine.
func answering(k *key) bool {
	switch k.kind {
	case run.FlowSYNACK, run.FlowRefusal, run.FlowEchoReply:
		return true
	case run.FlowUDP:
		return !k.dst.IsMulticast() && !k.to.IsGroup()
	}
	return false
}

// goesOn reports whether a packet is of a connection to a service of a host that began
// before the watch: the acceptance was not seen.
func (c *Counter) goesOn(k *key) bool {
	if k.kind != run.FlowTCP || !c.hosts[k.src] || !run.Serves(k.srcPort, k.dstPort) {
		return false
	}
	accepted := *k
	accepted.kind = run.FlowSYNACK
	return c.flows[accepted] == nil
}

// asked notes a packet that may be a request to a host, and gives its tally.
func (c *Counter) asked(k *key, at time.Duration) *tally {
	a := ask{k.kind, k.src, k.srcPort, k.dstPort}
	switch k.kind {
	case run.FlowSYN, run.FlowEcho, run.FlowUDP:
	default:
		return nil
	}
	if len(c.young) >= mostAsked || at-c.turned > askedFor {
		c.young, c.old, c.turned = map[ask]*request{}, c.young, at
	}
	r := c.find(a, at)
	if r == nil || r.key != *k {
		r = &request{key: *k}
	}
	delete(c.old, a)
	c.young[a] = r
	return &r.tally
}

// find is the request that waits for an answer, nil where it waits too long.
func (c *Counter) find(a ask, at time.Duration) *request {
	r := c.young[a]
	if r == nil {
		r = c.old[a]
	}
	if r == nil || at-r.last > askedFor {
		return nil
	}
	return r
}

// answered keeps the request that a flow of answers answers. It reports false where it
// was not seen: the next answer may be to one that was.
func (c *Counter) answered(k *key, at time.Duration) bool {
	a := ask{run.FlowSYN, k.dst, k.dstPort, k.srcPort}
	switch k.kind {
	case run.FlowEchoReply:
		a = ask{run.FlowEcho, k.dst, k.srcPort, 0}
	case run.FlowUDP:
		a.kind = run.FlowUDP
	}
	r := c.find(a, at)
	if r == nil {
		return false
	}
	delete(c.young, a)
	delete(c.old, a)
	c.keep(&r.key, &r.tally, true)
	return true
}

// Seen is what was counted so far, on these interfaces.
func (c *Counter) Seen(interfaces ...run.WatchedInterface) *vantage.Seen {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &vantage.Seen{Flows: make([]run.Flow, 0, len(c.flows)), Overflow: c.overflow}
	for k, y := range c.flows {
		s.Flows = append(s.Flows, run.Flow{
			Src: k.src, Dst: k.dst, Kind: k.kind, SrcPort: k.srcPort, DstPort: k.dstPort, SPI: k.spi,
			Passage: k.passage, Interface: k.on, From: net.HardwareAddr(k.from[:]).String(), To: net.HardwareAddr(k.to[:]).String(),
			Count: y.count, MaxSize: y.maxSize, Bytes: y.bytes, First: y.first, Last: y.last, Packets: slices.Clone(y.packets),
		})
	}
	slices.SortFunc(s.Flows, order)
	for _, i := range interfaces {
		i.Out = c.out[i.Name]
		s.Interfaces = append(s.Interfaces, i)
	}
	return s
}

// order sorts flows by what tells them apart.
func order(a, b run.Flow) int {
	return cmp.Or(
		a.Src.Compare(b.Src), a.Dst.Compare(b.Dst), strings.Compare(string(a.Kind), string(b.Kind)),
		cmp.Compare(a.DstPort, b.DstPort), cmp.Compare(a.SrcPort, b.SrcPort), cmp.Compare(a.SPI, b.SPI),
		strings.Compare(a.Interface, b.Interface), strings.Compare(string(a.Passage), string(b.Passage)),
		strings.Compare(a.From, b.From), strings.Compare(a.To, b.To),
	)
}
