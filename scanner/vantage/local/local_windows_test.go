package local

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// fromHere reports whether a try of one datagram to loopback says where it came from.
func fromHere(r vantage.Reply) bool {
	return r.Local.Addr() == netip.AddrFrom4([4]byte{127, 0, 0, 1}) && r.Local.Port() != 0 && r.Sent == 1 && r.Loopback
}

func TestLoopbackOnWindows(t *testing.T) {
	v, err := Way{}.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	ip := netip.MustParseAddr("127.0.0.1")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	open := l.Addr().(*net.TCPAddr).AddrPort()
	dial := func(want run.Class) {
		t.Helper()
		r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: open, Timeout: 5 * time.Second})
		if err != nil || r.Class != want {
			t.Errorf("dial: %+v, %v; want %s", r, err, want)
		}
	}
	dial(run.Answered)
	l.Close()
	dial(run.Refused)
	// Windows tells of the closed port; wine does not.
	if r, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{To: open, Send: []byte("x"), Timeout: time.Second}); err != nil || r.Class != run.Refused && r.Class != run.Silent || !fromHere(r) {
		t.Errorf("a closed UDP port: %+v, %v", r, err)
	}
	echo, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer echo.Close()
	go func() {
		b := make([]byte, 8)
		if n, from, err := echo.ReadFrom(b); err == nil {
			_, _ = echo.WriteTo(b[:n], from)
		}
	}()
	to := echo.LocalAddr().(*net.UDPAddr).AddrPort()
	if r, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{To: to, Send: []byte("x"), Timeout: 5 * time.Second}); err != nil || r.Class != run.Answered || !fromHere(r) || r.Answered != 1 {
		t.Errorf("UDP: %+v, %v", r, err)
	}
	if r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: ip, Timeout: time.Second}); err != nil || r.Class != run.Answered || r.From != ip || r.TTL == 0 {
		t.Errorf("ping: %+v, %v", r, err)
	}
	vs, err := vantage.Registry.At(v)(t.Context(), `HKLM\SYSTEM\CurrentControlSet\Control\ComputerName`)
	if err != nil || len(vs) == 0 {
		t.Errorf("registry: %d values, %v", len(vs), err)
	}
	if _, err := vantage.Registry.At(v)(t.Context(), `HKLM\SOFTWARE\No such key`); !errors.Is(err, vantage.ErrNoKey) {
		t.Errorf("no key: %v", err)
	}
}
