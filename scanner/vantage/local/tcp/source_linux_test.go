package tcp

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
)

// Two connections at one time come from the same port, each to another end, and the
// port is free when they are over.
func TestDialFrom(t *testing.T) {
	d := New(socket.NewSlots())
	defer d.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := uint16(free.Addr().(*net.TCPAddr).Port) //nolint:gosec // a port
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	var to []netip.AddrPort
	from := make(chan netip.AddrPort, 8)
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		to = append(to, l.Addr().(*net.TCPAddr).AddrPort())
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				from <- c.RemoteAddr().(*net.TCPAddr).AddrPort()
				defer c.Close()
			}
		}()
	}
	for range 2 {
		for _, end := range to {
			r, err := d.DialFrom(t.Context(), vantage.DialFromRequest{From: port, Dial: vantage.DialRequest{To: end, Timeout: time.Second}})
			if err != nil || r.Class != run.Answered || r.Local.Port() != port {
				t.Fatalf("from %d: %+v, %v", port, r, err)
			}
			if at := <-from; at.Port() != port {
				t.Errorf("it came from %s, want port %d", at, port)
			}
		}
	}
}

// A port that a program has is not to be had, and 0 is none.
func TestDialFromATakenPort(t *testing.T) {
	d := New(socket.NewSlots())
	defer d.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().(*net.TCPAddr).AddrPort()
	_, err = d.DialFrom(t.Context(), vantage.DialFromRequest{From: taken.Port(), Dial: vantage.DialRequest{To: taken, Timeout: time.Second}})
	if !errors.Is(err, vantage.ErrSourcePort) || !reason.Of(err).Has(reason.SourcePortNotGiven) {
		t.Errorf("a taken port: %v", err)
	}
	_, err = d.DialFrom(t.Context(), vantage.DialFromRequest{Dial: vantage.DialRequest{To: taken, Timeout: time.Second}})
	if !reason.Of(err).Has(reason.SourcePortZero) {
		t.Errorf("port 0: %v", err)
	}
}
