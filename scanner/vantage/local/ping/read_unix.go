//go:build linux || darwin

package ping

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/icmp"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/netinfo"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// read hands out what comes until the socket is closed.
func (s *echoSocket) read() {
	defer close(s.done)
	b := make([]byte, 1<<16)
	for {
		n, at, src, err := s.receive(b)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				s.fail(err)
				return
			}
			if !s.readErrors() {
				s.fail(err)
				return
			}
			continue
		}
		if e, ok := icmp.ParseEcho(b[:n], s.is6); ok {
			s.hand(e, src, at)
		}
	}
}

// arrival is what a socket tells of a message beside its octets: its TTL, the own
// address that it came to, and the interface.
type arrival struct {
	ttl   int
	to    netip.Addr
	index int
}

func (s *echoSocket) receive(b []byte) (n int, at arrival, src netip.Addr, err error) {
	var from net.Addr
	if s.is6 {
		var cm *ipv6.ControlMessage
		if n, cm, from, err = s.p6.ReadFrom(b); cm != nil {
			to, _ := netip.AddrFromSlice(cm.Dst)
			at = arrival{cm.HopLimit, to, cm.IfIndex}
		}
	} else {
		var cm *ipv4.ControlMessage
		if n, cm, from, err = s.p4.ReadFrom(b); cm != nil {
			to, _ := netip.AddrFromSlice(cm.Dst)
			at = arrival{cm.TTL, to.Unmap(), cm.IfIndex}
		}
	}
	switch a := from.(type) {
	case *net.IPAddr:
		src, _ = netip.AddrFromSlice(a.IP)
	case *net.UDPAddr:
		src, _ = netip.AddrFromSlice(a.IP)
	}
	return n, at, src.Unmap(), err
}

// hand gives what e says to the try that it is about.
func (s *echoSocket) hand(e icmp.Echo, src netip.Addr, at arrival) {
	key := uint32(e.ID)<<16 | uint32(e.Seq)
	if !s.raw {
		key &= 0xffff
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.waiting[key]
	if t == nil {
		return
	}
	r := vantage.Reply{Class: run.Answered, From: src, TTL: at.ttl, RTT: time.Since(t.sent), Attempt: run.Attempt{
		Local: netip.AddrPortFrom(at.to, e.ID), Loopback: at.index != 0 && at.index == netinfo.LoopbackIndex || socket.WithinMachine(at.to, t.to)}}
	if e.Error {
		if e.To.WithZone("") != t.to.WithZone("") {
			return
		}
		icmp.Tell(&r, s.is6, e.Type, e.Code, t.to)
	} else {
		token := binary.BigEndian.AppendUint64(nil, t.token)
		n := min(len(e.Data), tokenSize)
		if src.WithZone("") != t.to.WithZone("") || string(e.Data[:n]) != string(token[:n]) {
			return
		}
	}
	select {
	case t.outcome <- r:
	default: // a duplicate
	}
}

// fail ends every try with an error: the socket is of no use any more.
func (s *echoSocket) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = err
	for _, t := range s.waiting {
		select {
		case t.outcome <- vantage.Reply{Note: "the shared socket failed: " + err.Error()}:
		default:
		}
	}
}
