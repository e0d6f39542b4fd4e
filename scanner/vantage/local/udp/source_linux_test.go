package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
)

// echoing answers each datagram with its source port.
func echoing(t *testing.T) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 100)
		for {
			_, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			c.WriteToUDPAddrPort([]byte(netip.AddrPortFrom(from.Addr(), from.Port()).String()), from)
		}
	}()
	return c, c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Datagrams at one time come from the same port, each to another end, and each gets the
// answer of its own.
func TestExchangeFrom(t *testing.T) {
	x := New(socket.NewSlots())
	free, at := echoing(t)
	port := at.Port()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		_, to := echoing(t)
		all.Go(func() {
			r, err := x.Exchange(t.Context(), vantage.DatagramRequest{To: to, Send: []byte("?"), Timeout: 5 * time.Second, From: port})
			if err != nil || r.Class != run.Answered || r.Local.Port() != port || string(r.Data) != netip.AddrPortFrom(to.Addr(), port).String() {
				t.Errorf("from %d to %s: %+v, %v, data %q", port, to, r, err, r.Data)
			}
		})
	}
	all.Wait()
}

// A port that another program has is not taken from it.
func TestExchangeFromATakenPort(t *testing.T) {
	x := New(socket.NewSlots())
	_, taken := echoing(t)
	_, to := echoing(t)
	_, err := x.Exchange(t.Context(), vantage.DatagramRequest{To: to, Send: []byte("?"), Timeout: time.Second, From: taken.Port()})
	if !errors.Is(err, vantage.ErrSourcePort) || !reason.Of(err).Has(reason.SourcePortNotGiven) {
		t.Errorf("a taken port: %v", err)
	}
}
