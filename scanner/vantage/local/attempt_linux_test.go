package local

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage"
)

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
