package local

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/farend"
	"go.uber.org/goleak"
)

// asFarEnd makes the test binary a far end, so that a test can use the sockets
// of another network namespace.
const asFarEnd = "KMSISO_TEST_FAR_END"

func TestMain(m *testing.M) {
	if os.Getenv(asFarEnd) == "" {
		goleak.VerifyTestMain(m)
		return
	}
	v, err := Way{}.Open(context.Background())
	if err == nil {
		err = farend.Serve(context.Background(), os.Stdin, os.Stdout, v, "test")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// here is this machine, opened for one test.
func here(t testing.TB) *vantage.Vantage {
	t.Helper()
	v, err := Way{}.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

var loopbacks = []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}

// echoServer accepts and answers each connection with what answer makes.
func listen(t testing.TB, ip netip.Addr, serve func(net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// closedPort is a port that nobody listens on.
func closedPort(t testing.TB, ip netip.Addr) netip.AddrPort {
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func TestDialOpenAndClosedPort(t *testing.T) {
	v := here(t)
	for _, ip := range loopbacks {
		open, closed := listen(t, ip, func(net.Conn) {}), closedPort(t, ip)
		for _, c := range []struct {
			to   netip.AddrPort
			want run.Class
			was  int // which SYN was answered
		}{{open, run.Answered, 1}, {closed, run.Refused, 0}} {
			r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: c.to, Timeout: time.Second})
			if err != nil {
				t.Fatal(err)
			}
			if r.Class != c.want || r.From != ip || r.TTL != 64 || r.RTT <= 0 {
				t.Errorf("dial %v: %+v, want %s with TTL 64", c.to, r, c.want)
			}
			if a := r.Attempt; a.Local.Addr() != ip || a.Local.Port() == 0 || !a.Loopback || a.Sent != 1 || a.Answered != c.was {
				t.Errorf("dial %v: %+v, want one SYN over loopback, answered %d", c.to, a, c.was)
			}
		}
	}
}

func TestPingLoopback(t *testing.T) {
	v := here(t)
	for _, ip := range loopbacks {
		for _, size := range []int{0, 1, 8, 1400} {
			r, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: ip, Timeout: time.Second, Size: size})
			if err != nil || r.Class != run.Answered || r.From != ip || r.TTL != 64 {
				t.Errorf("ping %v with %d octets: %+v, %v", ip, size, r, err)
			}
		}
	}
}

func TestExchange(t *testing.T) {
	v := here(t)
	for _, ip := range loopbacks {
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			b := make([]byte, 100)
			for {
				n, from, err := c.ReadFromUDPAddrPort(b)
				if err != nil {
					return
				}
				if string(b[:n]) != "be silent" {
					c.WriteToUDPAddrPort(append(b[:n:n], '!'), from)
				}
			}
		}()
		to := c.LocalAddr().(*net.UDPAddr).AddrPort()
		ask := func(to netip.AddrPort, text string) vantage.Reply {
			t.Helper()
			r, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{To: to, Send: []byte(text), Timeout: 100 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := ask(to, "hello"); r.Class != run.Answered || string(r.Data) != "hello!" || r.TTL != 64 || r.From != ip {
			t.Errorf("answer: %+v", r)
		}
		if r := ask(to, "be silent"); r.Class != run.Silent {
			t.Errorf("silence: %+v", r)
		}
		c.Close()
		<-done
		if r := ask(to, "hello"); r.Class != run.Refused || r.TTL != 64 || r.From != ip || r.Note == "" {
			t.Errorf("nobody there: %+v", r)
		}
	}
}

func TestCancelledCallIsAnError(t *testing.T) {
	v := here(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := vantage.TCP.At(v)(ctx, vantage.DialRequest{To: netip.AddrPortFrom(loopbacks[0], 1), Timeout: time.Second}); err == nil {
		t.Errorf("dial: %+v", r)
	}
}
