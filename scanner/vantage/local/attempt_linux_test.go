package local

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// Which SYN was answered is told by the round trip that the kernel measured, for
// the schedules of a classic and of a newer kernel.
func TestWhichSYN(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	for name, c := range map[string]struct {
		sent      int
		took, rtt time.Duration
		unstamped bool
		want      int
	}{
		"the only one":                     {sent: 1, took: 5 * ms, rtt: 5 * ms, want: 1},
		"the only one, without stamps":     {sent: 1, took: 5 * ms, unstamped: true, want: 1},
		"the second":                       {sent: 2, took: 1020 * ms, rtt: 5 * ms, want: 2},
		"the first, late":                  {sent: 2, took: 1500 * ms, rtt: 1500 * ms, want: 1},
		"the third of a classic kernel":    {sent: 3, took: 3060 * ms, rtt: 20 * ms, want: 3},
		"the second of a classic kernel":   {sent: 3, took: 3500 * ms, rtt: 2500 * ms, want: 2},
		"the fourth of a newer kernel":     {sent: 4, took: 3060 * ms, rtt: 20 * ms, want: 4},
		"the third of a newer kernel":      {sent: 4, took: 3500 * ms, rtt: 1500 * ms, want: 3},
		"the first, by a coarse clock":     {sent: 2, took: 2021900 * time.Microsecond, rtt: 2022 * ms, want: 1},
		"without stamps":                   {sent: 2, took: 1020 * ms, rtt: 5 * ms, unstamped: true},
		"a round trip that is none":        {sent: 2, took: 1 * s, rtt: 2 * s},
		"between two":                      {sent: 3, took: 3060 * ms, rtt: 560 * ms},
		"more than any schedule":           {sent: 30, took: 3060 * ms, rtt: 20 * ms},
		"nothing was sent, as far as told": {},
	} {
		if got := whichSYN(c.sent, c.took, c.rtt, !c.unstamped); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// A ping and a datagram tell the own end, answered or not.
func TestOwnEnd(t *testing.T) {
	v := here(t)
	for _, ip := range loopbacks {
		ping, err := vantage.Ping.At(v)(t.Context(), vantage.PingRequest{To: ip, Timeout: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if a := ping.Attempt; a.Local.Addr() != ip || a.Local.Port() == 0 || !a.Loopback || a.Sent != 1 || a.Answered != 1 {
			t.Errorf("ping %v: %+v", ip, a)
		}
		mute, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
		if err != nil {
			t.Fatal(err)
		}
		defer mute.Close()
		to := mute.LocalAddr().(*net.UDPAddr).AddrPort()
		silent, err := vantage.UDP.At(v)(t.Context(), vantage.DatagramRequest{To: to, Send: []byte("x"), Timeout: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if a := silent.Attempt; a.Local.Addr() != ip || a.Local.Port() == 0 || !a.Loopback || a.Sent != 1 || a.Answered != 0 {
			t.Errorf("datagram to %v: %+v", to, a)
		}
	}
}

// Every own address stands with its interface.
func TestInterfaces(t *testing.T) {
	v := here(t)
	var all []netip.Addr
	for _, i := range v.Interfaces {
		if i.Name == "" || i.Zone != i.Name {
			t.Errorf("%+v", i)
		}
		for _, p := range i.Prefixes {
			all = append(all, p.Addr())
		}
	}
	for _, a := range v.Addresses {
		if !slices.Contains(all, a) {
			t.Errorf("%v is on no interface of %+v", a, v.Interfaces)
		}
	}
}

// Where the kernel does not tell of a connect, its schedule does.
func TestAKernelThatDoesNotTell(t *testing.T) {
	own := netip.MustParseAddrPort("198.18.20.20:5000")
	a := connecting(-1, own, netip.MustParseAddr("198.18.10.30"), 3800*time.Millisecond, false)
	if a.Local != own || a.Sent != 3 || a.Answered != 0 || a.Loopback {
		t.Errorf("%+v", a)
	}
}
