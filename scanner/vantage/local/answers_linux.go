package local

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// answers sees the TCP segments that answer a SYN. A middlebox that answers in the
// host's name shows by another TTL than the host's own answers, and no TCP
// socket tells the TTL of either.
//
// The raw sockets get a segment before TCP does, so it is on its way to us
// when a connect ends.
type answers struct {
	conns []net.PacketConn
	done  sync.WaitGroup

	mu      sync.Mutex
	remotes map[netip.AddrPort]*remote
}

// remote is an address and port that a connect is under way to.
type remote struct {
	refs  int
	heard map[uint16]heard         // the latest answer, by local port
	waits map[uint16]chan struct{} // closed when an answer to that port comes
}

// heard is what is known of an answer, all zero where it was not seen.
type heard struct {
	ttl      int
	loopback bool // it came over the loopback interface
}

// maxAnswers bounds what is kept for one remote: other programs connect too.
const maxAnswers = 1 << 16

// answerWait is how long an answer that TCP has seen may take to reach us. It
// is microseconds but where this process is short of processor time.
const answerWait = 250 * time.Millisecond

// answerFilter keeps RST and SYN-ACK. The kernel shows it the IPv4 header, but of IPv6 only
// what comes after the headers.
func answerFilter(is6 bool) []bpf.Instruction {
	flags := []bpf.Instruction{bpf.LoadMemShift{Off: 0}, bpf.LoadIndirect{Off: flagsAt, Size: 1}}
	if is6 {
		flags = []bpf.Instruction{bpf.LoadAbsolute{Off: flagsAt, Size: 1}}
	}
	return append(flags,
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: flagRST, SkipTrue: 3},
		bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: flagSYNACK},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: flagSYNACK, SkipTrue: 1},
		bpf.RetConstant{Val: 0},
		bpf.RetConstant{Val: 128},
	)
}

// listenAnswers opens the raw sockets. It needs CAP_NET_RAW.
func listenAnswers() (*answers, error) {
	h := &answers{remotes: map[netip.AddrPort]*remote{}}
	f4, err4 := bpf.Assemble(answerFilter(false))
	f6, err6 := bpf.Assemble(answerFilter(true))
	if err := errors.Join(err4, err6); err != nil {
		return nil, err
	}
	c4, err := net.ListenPacket("ip4:tcp", "")
	if err != nil {
		return nil, err
	}
	h.conns = append(h.conns, c4)
	p4 := ipv4.NewPacketConn(c4)
	if err := errors.Join(widen(c4), p4.SetBPF(f4), p4.SetControlMessage(ipv4.FlagTTL|ipv4.FlagInterface, true)); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.done.Go(func() {
		h.read(func(b []byte) (n int, x heard, src net.Addr, err error) {
			n, cm, src, err := p4.ReadFrom(b)
			if cm != nil {
				x = heard{cm.TTL, cm.IfIndex == loopbackIndex}
			}
			return n, x, src, err
		})
	})
	c6, err := net.ListenPacket("ip6:tcp", "")
	if err != nil { // a machine without IPv6
		return h, nil
	}
	h.conns = append(h.conns, c6)
	p6 := ipv6.NewPacketConn(c6)
	if err := errors.Join(widen(c6), p6.SetBPF(f6), p6.SetControlMessage(ipv6.FlagHopLimit|ipv6.FlagInterface, true)); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.done.Go(func() {
		h.read(func(b []byte) (n int, x heard, src net.Addr, err error) {
			n, cm, src, err := p6.ReadFrom(b)
			if cm != nil {
				x = heard{cm.HopLimit, cm.IfIndex == loopbackIndex}
			}
			return n, x, src, err
		})
	})
	return h, nil
}

func (h *answers) close() error {
	var errs []error
	for _, c := range h.conns {
		errs = append(errs, c.Close())
	}
	h.done.Wait()
	return errors.Join(errs...)
}

// read notes the segments until the socket is closed.
func (h *answers) read(next func([]byte) (n int, x heard, src net.Addr, err error)) {
	b := make([]byte, 256)
	for {
		n, x, src, err := next(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		a, ok := src.(*net.IPAddr)
		if err != nil || !ok || n < tcpHeaderBytes {
			continue
		}
		from, _ := netip.AddrFromSlice(a.IP)
		h.note(from.Unmap(), binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), x)
	}
}

// note keeps what is known of a segment that somebody waits for.
func (h *answers) note(from netip.Addr, port, local uint16, x heard) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.remotes[netip.AddrPortFrom(from, port)]
	if r == nil || len(r.heard) >= maxAnswers {
		return
	}
	r.heard[local] = x
	if wait := r.waits[local]; wait != nil {
		delete(r.waits, local)
		close(wait)
	}
}

// expected is the wait of one connect for its answer.
type expected struct {
	h     *answers
	to    netip.AddrPort
	r     *remote
	local uint16
}

// expect makes h note what comes from to, until it is released. It works on a
// nil h, and then learns nothing.
func (h *answers) expect(to netip.AddrPort) *expected {
	if h == nil {
		return nil
	}
	to = netip.AddrPortFrom(to.Addr().WithZone(""), to.Port())
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.remotes[to]
	if r == nil {
		r = &remote{heard: map[uint16]heard{}, waits: map[uint16]chan struct{}{}}
		h.remotes[to] = r
	}
	r.refs++
	return &expected{h: h, to: to, r: r}
}

func (e *expected) release() {
	if e == nil {
		return
	}
	e.h.mu.Lock()
	defer e.h.mu.Unlock()
	// The port is free as soon as it is refused: what is noted for it may be
	// another connect's by now, and stays until nobody asks for this remote.
	if e.r.refs--; e.r.refs == 0 {
		delete(e.h.remotes, e.to)
	}
}

// from learns the local port of a socket.
func (e *expected) from(fd int) {
	if e != nil {
		e.local = ownEnd(fd).Port()
	}
}

// answer is what is known of the answer.
func (e *expected) answer() heard {
	if e == nil || e.local == 0 {
		return heard{}
	}
	e.h.mu.Lock()
	x, ok := e.r.heard[e.local]
	if ok {
		e.h.mu.Unlock()
		return x
	}
	wait := make(chan struct{})
	e.r.waits[e.local] = wait
	e.h.mu.Unlock()
	late := time.NewTimer(answerWait)
	defer late.Stop()
	select {
	case <-wait:
	case <-late.C:
	}
	e.h.mu.Lock()
	defer e.h.mu.Unlock()
	delete(e.r.waits, e.local)
	return e.r.heard[e.local]
}
