package tcp

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage/frame"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/netinfo"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// answers sees the TCP segments that answer a SYN. A middlebox that answers in the
// host's name shows by another TTL than the host's own answers, and no TCP
// socket tells the TTL of either.
//
// Raw sockets get a segment before TCP does: when a connect ends, its answer waits
// there. So nobody waits for segments; they are read when a connect asks for its own,
// and now and then, so that those of other programs do not fill the buffer.
type answers struct {
	mu      sync.Mutex
	socks   []*answerSocket
	remotes map[netip.AddrPort]*remote
	drained time.Time
	tick    *time.Timer // reads while connects are under way
	closed  bool
}

// answerSocket is the raw socket of one family.
type answerSocket struct {
	fd  int
	is6 bool
	b   [answerSnap]byte
	oob [128]byte
}

// remote is an address and port that a connect is under way to.
type remote struct {
	refs  int
	heard map[uint16]heard // the latest answer, by local port
}

// heard is what is known of an answer, all zero where it was not seen.
type heard struct {
	ttl      int
	loopback bool // it came over the loopback interface
}

const (
	// maxAnswers bounds what is kept for one remote: other programs connect too.
	maxAnswers = 1 << 16
	// answerPace is how often segments are read that nobody asks for. The buffer
	// holds thousands.
	answerPace = 200 * time.Millisecond
	// answerSnap is how much is read of a segment, in octets: an IPv4 header with
	// options and the first octets of TCP.
	answerSnap = 128
)

// answerFilter keeps RST and SYN-ACK. The kernel shows it the IPv4 header, but of IPv6 only
// what comes after the headers. A segment that came over loopback is cut behind its
// flags: that is how [answers.note] knows it. The control messages name the interface
// that has the address in place of loopback, where a filter of this machine refuses in
// another's name.
func answerFilter(is6 bool) []bpf.Instruction {
	flags := []bpf.Instruction{bpf.LoadMemShift{Off: 0}, bpf.LoadIndirect{Off: frame.FlagsAt, Size: 1}}
	cut := []bpf.Instruction{bpf.TXA{}, bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: frame.FlagsAt + 1}, bpf.RetA{}}
	if is6 {
		flags = []bpf.Instruction{bpf.LoadAbsolute{Off: frame.FlagsAt, Size: 1}}
		cut = []bpf.Instruction{bpf.RetConstant{Val: frame.FlagsAt + 1}}
	}
	return slices.Concat(flags, []bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: frame.FlagRST, SkipTrue: 3},
		bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: frame.FlagSYNACK},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: frame.FlagSYNACK, SkipTrue: 1},
		bpf.RetConstant{Val: 0},
		bpf.LoadExtension{Num: bpf.ExtInterfaceIndex},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: netinfo.LoopbackIndex, SkipTrue: 1},
		bpf.RetConstant{Val: answerSnap},
	}, cut)
}

// listenAnswers opens the raw sockets. It needs CAP_NET_RAW.
func listenAnswers() (*answers, error) {
	h := &answers{remotes: map[netip.AddrPort]*remote{}}
	for _, is6 := range []bool{false, true} {
		s, err := openAnswers(is6)
		if err != nil {
			if is6 { // a machine without IPv6
				break
			}
			return nil, err
		}
		h.socks = append(h.socks, s)
	}
	return h, nil
}

func openAnswers(is6 bool) (*answerSocket, error) {
	family := unix.AF_INET
	if is6 {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if err != nil {
		return nil, err
	}
	errs := []error{filterWith(fd, answerFilter(is6)), socket.WidenFD(fd)}
	if is6 {
		errs = append(errs, unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT, 1))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return &answerSocket{fd: fd, is6: is6}, nil
}

// filterWith has the kernel show a socket only what a filter keeps.
func filterWith(fd int, f []bpf.Instruction) error {
	raw, err := bpf.Assemble(f)
	if err != nil {
		return err
	}
	all := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		all[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(all)), Filter: &all[0]}) //nolint:gosec // a few
}

func (h *answers) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	if h.tick != nil {
		h.tick.Stop()
	}
	var errs []error
	for _, s := range h.socks {
		errs = append(errs, unix.Close(s.fd))
	}
	return errors.Join(errs...)
}

// drain notes the segments that wait, those of one family until enough, which may be
// nil. It is called with the lock.
func (h *answers) drain(s *answerSocket, enough func() bool) {
	for !h.closed && (enough == nil || !enough()) {
		n, more, _, src, err := syscall.Recvmsg(s.fd, s.b[:], s.oob[:], unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return // none waits; whatever else it is, nothing is known of the answer
		}
		h.note(s.b[:n], s.oob[:more], src)
	}
}

// note keeps what is known of a segment that somebody may ask for.
func (h *answers) note(b, oob []byte, src syscall.Sockaddr) {
	var x heard
	var from netip.Addr
	if a, ok := src.(*syscall.SockaddrInet6); ok {
		from = netip.AddrFrom16(a.Addr).Unmap()
	} else if len(b) >= ipv4HeaderBytes {
		from, x.ttl = netip.AddrFrom4([4]byte(b[12:])), int(b[8])
		b = b[min(int(b[0]&15)*4, len(b)):]
	}
	if len(b) <= frame.FlagsAt {
		return
	}
	x.loopback = len(b) < frame.TCPHeaderBytes // it was cut
	r := h.remotes[netip.AddrPortFrom(from, binary.BigEndian.Uint16(b))]
	if r == nil || len(r.heard) >= maxAnswers {
		return
	}
	for len(oob) > 0 {
		m, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			break
		}
		oob = rest
		if m.Level == unix.IPPROTO_IPV6 && m.Type == unix.IPV6_HOPLIMIT && len(data) >= 4 {
			x.ttl = int(binary.NativeEndian.Uint32(data))
		}
	}
	if r.heard == nil {
		r.heard = map[uint16]heard{}
	}
	r.heard[binary.BigEndian.Uint16(b[2:])] = x
}

// ipv4HeaderBytes is the least that an IPv4 header has.
const ipv4HeaderBytes = 20

// look reads what waits, so that the buffer does not fill, as long as connects are
// under way.
func (h *answers) look() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.remotes) == 0 {
		return
	}
	h.readAll()
	h.tick.Reset(answerPace)
}

func (h *answers) readAll() {
	for _, s := range h.socks {
		h.drain(s, nil)
	}
	h.drained = time.Now()
}

// expected is one connect that may ask for its answer.
type expected struct {
	h  *answers
	to netip.AddrPort
	r  *remote
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
	if len(h.remotes) == 0 && time.Since(h.drained) > answerPace {
		h.readAll() // what came while nobody asked
		if h.tick == nil {
			h.tick = time.AfterFunc(answerPace, h.look)
		} else {
			h.tick.Reset(answerPace)
		}
	}
	r := h.remotes[to]
	if r == nil {
		r = new(remote)
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

// answer is what is known of the answer to a local port.
func (e *expected) answer(local uint16) (x heard) {
	if e == nil || local == 0 {
		return x
	}
	e.h.mu.Lock()
	defer e.h.mu.Unlock()
	for _, s := range e.h.socks {
		if s.is6 == e.to.Addr().Is6() {
			e.h.drain(s, func() (ok bool) { x, ok = e.r.heard[local]; return ok })
		}
	}
	return x
}
