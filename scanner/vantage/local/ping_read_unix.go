//go:build linux || darwin

package local

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// read hands out what comes until the socket is closed.
func (s *echoSocket) read() {
	defer close(s.done)
	b := make([]byte, 1<<16)
	for {
		n, ttl, src, err := s.receive(b)
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
		if e, ok := parseEcho(b[:n], s.is6); ok {
			s.hand(e, src, ttl)
		}
	}
}

func (s *echoSocket) receive(b []byte) (n, ttl int, src netip.Addr, err error) {
	var from net.Addr
	if s.is6 {
		var cm *ipv6.ControlMessage
		if n, cm, from, err = s.p6.ReadFrom(b); cm != nil {
			ttl = cm.HopLimit
		}
	} else {
		var cm *ipv4.ControlMessage
		if n, cm, from, err = s.p4.ReadFrom(b); cm != nil {
			ttl = cm.TTL
		}
	}
	switch a := from.(type) {
	case *net.IPAddr:
		src, _ = netip.AddrFromSlice(a.IP)
	case *net.UDPAddr:
		src, _ = netip.AddrFromSlice(a.IP)
	}
	return n, ttl, src.Unmap(), err
}

// hand gives what e says to the try that it is about.
func (s *echoSocket) hand(e echo, src netip.Addr, ttl int) {
	key := uint32(e.id)<<16 | uint32(e.seq)
	if !s.raw {
		key &= 0xffff
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.waiting[key]
	if t == nil {
		return
	}
	r := vantage.Reply{Class: run.Answered, From: src, TTL: ttl, RTT: time.Since(t.sent)}
	if e.error {
		if e.to.WithZone("") != t.to.WithZone("") {
			return
		}
		complain(&r, s.is6, e.typ, e.code, t.to)
	} else {
		token := binary.BigEndian.AppendUint64(nil, t.token)
		n := min(len(e.data), tokenSize)
		if src.WithZone("") != t.to.WithZone("") || string(e.data[:n]) != string(token[:n]) {
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
