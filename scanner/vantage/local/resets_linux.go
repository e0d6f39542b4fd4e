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
	"golang.org/x/sys/unix"
)

// resets sees the TCP segments that refuse a SYN. A middlebox that resets in the
// host's name shows by another TTL than the host's own answers, and no TCP
// socket tells the TTL of a reset.
//
// The raw sockets get a segment before TCP does, so it is on its way to us
// when a connect ends.
type resets struct {
	conns []net.PacketConn
	done  sync.WaitGroup

	mu      sync.Mutex
	remotes map[netip.AddrPort]*remote
}

// remote is an address and port that a connect is under way to.
type remote struct {
	refs  int
	ttls  map[uint16]int           // of the latest answer, by local port
	waits map[uint16]chan struct{} // closed when an answer to that port comes
}

// maxAnswers bounds what is kept for one remote: other programs connect too.
const maxAnswers = 1 << 16

// answerWait is how long an answer that TCP has seen may take to reach us. It
// is microseconds but where this process is short of processor time.
const answerWait = 250 * time.Millisecond

// resetFilter keeps RST. The kernel shows it the IPv4 header, but of IPv6 only
// what comes after the headers.
func resetFilter(is6 bool) []bpf.Instruction {
	flags := []bpf.Instruction{bpf.LoadMemShift{Off: 0}, bpf.LoadIndirect{Off: flagsAt, Size: 1}}
	if is6 {
		flags = []bpf.Instruction{bpf.LoadAbsolute{Off: flagsAt, Size: 1}}
	}
	return append(flags,
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: flagRST, SkipTrue: 1},
		bpf.RetConstant{Val: 0},
		bpf.RetConstant{Val: 128},
	)
}

// listenResets opens the raw sockets. It needs CAP_NET_RAW.
func listenResets() (*resets, error) {
	h := &resets{remotes: map[netip.AddrPort]*remote{}}
	f4, err4 := bpf.Assemble(resetFilter(false))
	f6, err6 := bpf.Assemble(resetFilter(true))
	if err := errors.Join(err4, err6); err != nil {
		return nil, err
	}
	c4, err := net.ListenPacket("ip4:tcp", "")
	if err != nil {
		return nil, err
	}
	h.conns = append(h.conns, c4)
	p4 := ipv4.NewPacketConn(c4)
	if err := errors.Join(widen(c4), p4.SetBPF(f4), p4.SetControlMessage(ipv4.FlagTTL, true)); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.done.Go(func() {
		h.read(func(b []byte) (n, ttl int, src net.Addr, err error) {
			n, cm, src, err := p4.ReadFrom(b)
			if cm != nil {
				ttl = cm.TTL
			}
			return n, ttl, src, err
		})
	})
	c6, err := net.ListenPacket("ip6:tcp", "")
	if err != nil { // a machine without IPv6
		return h, nil
	}
	h.conns = append(h.conns, c6)
	p6 := ipv6.NewPacketConn(c6)
	if err := errors.Join(widen(c6), p6.SetBPF(f6), p6.SetControlMessage(ipv6.FlagHopLimit, true)); err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.done.Go(func() {
		h.read(func(b []byte) (n, ttl int, src net.Addr, err error) {
			n, cm, src, err := p6.ReadFrom(b)
			if cm != nil {
				ttl = cm.HopLimit
			}
			return n, ttl, src, err
		})
	})
	return h, nil
}

func (h *resets) close() error {
	var errs []error
	for _, c := range h.conns {
		errs = append(errs, c.Close())
	}
	h.done.Wait()
	return errors.Join(errs...)
}

// read notes the segments until the socket is closed.
func (h *resets) read(next func([]byte) (n, ttl int, src net.Addr, err error)) {
	b := make([]byte, 256)
	for {
		n, ttl, src, err := next(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		a, ok := src.(*net.IPAddr)
		if err != nil || !ok || n < tcpHeaderBytes {
			continue
		}
		from, _ := netip.AddrFromSlice(a.IP)
		h.note(from.Unmap(), binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), ttl)
	}
}

// note keeps the TTL of a segment that somebody waits for.
func (h *resets) note(from netip.Addr, port, local uint16, ttl int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.remotes[netip.AddrPortFrom(from, port)]
	if r == nil || len(r.ttls) >= maxAnswers {
		return
	}
	r.ttls[local] = ttl
	if wait := r.waits[local]; wait != nil {
		delete(r.waits, local)
		close(wait)
	}
}

// expected is the wait of one connect for its answer.
type expected struct {
	h     *resets
	to    netip.AddrPort
	r     *remote
	local uint16
}

// expect makes h note what comes from to, until it is released. It works on a
// nil h, and then learns nothing.
func (h *resets) expect(to netip.AddrPort) *expected {
	if h == nil {
		return nil
	}
	to = netip.AddrPortFrom(to.Addr().WithZone(""), to.Port())
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.remotes[to]
	if r == nil {
		r = &remote{ttls: map[uint16]int{}, waits: map[uint16]chan struct{}{}}
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
	if e == nil {
		return
	}
	sa, err := unix.Getsockname(fd)
	if err != nil {
		return
	}
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		e.local = uint16(a.Port) //nolint:gosec // a port
	case *unix.SockaddrInet6:
		e.local = uint16(a.Port) //nolint:gosec // a port
	}
}

// ttl is the TTL of the answer, 0 where it is not known.
func (e *expected) ttl() int {
	if e == nil || e.local == 0 {
		return 0
	}
	e.h.mu.Lock()
	ttl, ok := e.r.ttls[e.local]
	if ok {
		e.h.mu.Unlock()
		return ttl
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
	return e.r.ttls[e.local]
}
