package tcp

import (
	"net"
	"net/netip"
	"testing"
)

// portOf is a port of an address that a listener has, or had.
func portOf(t *testing.T, ip string, open bool) netip.AddrPort {
	t.Helper()
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), 0)))
	if err != nil {
		t.Fatal(err)
	}
	if open {
		t.Cleanup(func() { l.Close() })
	} else {
		l.Close()
	}
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// What came over loopback is known by the segment itself, whatever addresses it bears.
func TestAnswersOverLoopback(t *testing.T) {
	h, err := listenAnswers()
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	for _, ip := range []string{"127.0.0.1", "::1"} {
		for _, open := range []bool{true, false} {
			to, from := portOf(t, ip, open), portOf(t, ip, false) // its own port each time: one that was used may wait
			e := h.expect(to)
			conn, err := (&net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(from)}).DialContext(t.Context(), "tcp", to.String())
			if err == nil {
				conn.Close()
			}
			if x := e.answer(from.Port()); !x.loopback || x.ttl != 64 {
				t.Errorf("%v: %+v, want TTL 64 over loopback", to, x)
			}
			e.release()
		}
	}
}
