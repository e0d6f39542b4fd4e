//go:build linux || darwin

package ping

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/icmp"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// sourceTo is the address that this machine sends from to another one.
func sourceTo(to netip.Addr) netip.Addr {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 9)))
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close() //nolint:errcheck // nothing was sent on it
	return socket.AttemptFrom(c.LocalAddr(), to).Local.Addr()
}

// Pinger sends echo requests from one socket for each family; one goroutine
// for each reads what comes back.
type Pinger struct {
	v4, v6 *echoSocket // nil where the system has none
	no4    error       // why v4 is nil
	no6    error
}

// New opens the sockets. It fails where there is none for IPv4.
func New() (*Pinger, error) {
	p := &Pinger{}
	p.v4, p.no4 = openEcho(false)
	p.v6, p.no6 = openEcho(true)
	if p.v4 == nil && p.v6 == nil {
		return nil, noEcho(p.no4)
	}
	return p, nil
}

// Close closes the sockets, and ends the tries under way.
func (p *Pinger) Close() error {
	var errs []error
	for _, s := range []*echoSocket{p.v4, p.v6} {
		if s != nil {
			errs = append(errs, s.c.Close())
			<-s.done
		}
	}
	return errors.Join(errs...)
}

// Ping sends one echo request and waits for what becomes of it.
func (p *Pinger) Ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	if err := socket.CheckTry("ping", q.To, q.Timeout); err != nil {
		return vantage.Reply{}, err
	}
	if q.Size < 0 || q.Size > 65000 {
		return vantage.Reply{}, socket.Unusable("ping", q.To, "size", q.Size)
	}
	s, why := p.v4, p.no4
	if q.To = q.To.Unmap(); q.To.Is6() {
		s, why = p.v6, p.no6
	}
	if s == nil {
		return vantage.Reply{}, reason.Wrap(why, reason.EchoFamilyMissing, "to", q.To, "words", why)
	}
	return s.ping(ctx, q)
}

// echoSocket is one shared ICMP socket.
type echoSocket struct {
	c    net.PacketConn
	p4   *ipv4.PacketConn // c, where is6 is not set
	p6   *ipv6.PacketConn // c, where it is
	is6  bool
	raw  bool // the identifier is ours; else the system sets it
	done chan struct{}

	mu      sync.Mutex
	last    uint32
	waiting map[uint32]*echoTry // by identifier and sequence number
	broken  error
}

// echoTry is one echo request under way.
type echoTry struct {
	to      netip.Addr
	token   uint64
	outcome chan vantage.Reply // of size 1
	sent    time.Time
}

// tokenSize is how many octets of the data prove that an answer is to our
// request and not to another's with the same numbers.
const tokenSize = 8

// openEcho opens the socket of one family: a raw one where that is allowed,
// for it also sees the errors of routers, else one that needs no privilege.
func openEcho(is6 bool) (*echoSocket, error) {
	s := &echoSocket{is6: is6, done: make(chan struct{}), waiting: map[uint32]*echoTry{}}
	var err error
	if s.c, s.raw, err = listenEcho(is6); err != nil {
		return nil, err
	}
	if is6 {
		s.p6 = ipv6.NewPacketConn(s.c)
	} else {
		s.p4 = ipv4.NewPacketConn(s.c)
	}
	if err := s.configure(); err != nil {
		s.c.Close() //nolint:errcheck // the error that matters is known
		return nil, err
	}
	s.last = uint32(random()) //nolint:gosec // any value will do
	go s.read()
	return s, nil
}

// configure asks for the TTL of what comes, and for no other messages than
// those that can concern an echo request.
func (s *echoSocket) configure() error {
	if s.is6 {
		p := s.p6
		if s.raw {
			var f ipv6.ICMPFilter
			f.SetAll(true)
			for _, t := range []ipv6.ICMPType{icmp.Unreachable6, icmp.TooBig6, icmp.TimeExceeded6, icmp.BadHeader6, icmp.EchoReply6} {
				f.Accept(t)
			}
			if err := p.SetICMPFilter(&f); err != nil {
				return err
			}
		}
		if err := p.SetControlMessage(ipv6.FlagHopLimit|ipv6.FlagDst|ipv6.FlagInterface, true); err != nil {
			return err
		}
	} else if err := s.p4.SetControlMessage(ipv4.FlagTTL|ipv4.FlagDst|ipv4.FlagInterface, true); err != nil {
		return err
	}
	return tuneEcho(s)
}

func random() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.NativeEndian.Uint64(b[:])
}

// begin gives a try its numbers.
func (s *echoSocket) begin(to netip.Addr) (uint32, *echoTry, error) {
	t := &echoTry{to: to, token: random(), outcome: make(chan vantage.Reply, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return 0, nil, socket.Failed("ping", to, s.broken)
	}
	for range 1 << 16 {
		s.last++
		key := s.last
		if !s.raw {
			key &= 0xffff
		}
		if s.waiting[key] == nil {
			s.waiting[key] = t
			return key, t, nil
		}
	}
	return 0, nil, reason.Fail(reason.TooManyEchoes, "to", to)
}

func (s *echoSocket) end(key uint32) {
	s.mu.Lock()
	delete(s.waiting, key)
	s.mu.Unlock()
}

func (s *echoSocket) ping(ctx context.Context, q vantage.PingRequest) (vantage.Reply, error) {
	if err := ctx.Err(); err != nil {
		return vantage.Reply{}, err
	}
	key, t, err := s.begin(q.To)
	if err != nil {
		return vantage.Reply{}, err
	}
	defer s.end(key)
	b := s.request(key, t.token, q.Size)
	timer := time.NewTimer(q.Timeout)
	defer timer.Stop()
	s.mu.Lock()
	t.sent = time.Now()
	sent := t.sent
	s.mu.Unlock()
	if err := s.send(b, q.To); err != nil {
		if c, ok := socket.ClassBefore(err); ok {
			return vantage.Reply{Class: c, RTT: time.Since(sent), Note: socket.Words(err)}, nil
		}
		return vantage.Reply{}, socket.Failed("ping", q.To, err)
	}
	select {
	case r := <-t.outcome:
		if r.Class == "" {
			return vantage.Reply{}, reason.Fail(reason.TryFailed, "try", "ping", "to", q.To, "words", r.Note)
		}
		if r.Attempt = socket.SentOnce(r.Attempt, 0); r.Class == run.Answered {
			r.Attempt = socket.SentOnce(r.Attempt, r.RTT)
		}
		return r, nil
	case <-timer.C:
		own := run.Attempt{Local: netip.AddrPortFrom(sourceTo(q.To), s.identifier(key))}
		own.Loopback = socket.WithinMachine(own.Local.Addr(), q.To)
		return vantage.Reply{Class: run.Silent, RTT: time.Since(sent), Attempt: socket.SentOnce(own, 0)}, nil
	case <-ctx.Done():
		return vantage.Reply{}, ctx.Err()
	}
}

// identifier is that of a request on the wire.
func (s *echoSocket) identifier(key uint32) uint16 {
	if s.raw {
		return uint16(key >> 16) //nolint:gosec // the upper half
	}
	if own, ok := s.c.LocalAddr().(*net.UDPAddr); ok { // the system puts its own
		return uint16(own.Port) //nolint:gosec // 16 bits
	}
	return 0
}

// send writes b.
func (s *echoSocket) send(b []byte, to netip.Addr) error {
	dst := net.Addr(&net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()})
	if !s.raw {
		dst = &net.UDPAddr{IP: to.AsSlice(), Zone: to.Zone()}
	}
	_, err := s.c.WriteTo(b, dst)
	return err
}

// request is the echo request; of an ICMPv6 one the system makes the checksum.
func (s *echoSocket) request(key uint32, token uint64, size int) []byte {
	if size == 0 {
		size = 32
	}
	b := make([]byte, 8+size)
	b[0] = icmp.EchoRequest4
	if s.is6 {
		b[0] = icmp.EchoRequest6
	}
	binary.BigEndian.PutUint32(b[4:], key)
	copy(b[8:], binary.BigEndian.AppendUint64(nil, token))
	for i := tokenSize; i < size; i++ {
		b[8+i] = byte('a' + i%23)
	}
	if !s.is6 {
		binary.BigEndian.PutUint16(b[2:], checksum(b))
	}
	return b
}

// checksum is the Internet checksum (RFC 1071).
func checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum) //nolint:gosec // folded
}
