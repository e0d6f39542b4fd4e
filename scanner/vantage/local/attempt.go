package local

import (
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// withinMachine reports whether packets between the two ends never leave the
// machine: what is sent to one of its own addresses bears that address.
func withinMachine(local, to netip.Addr) bool {
	return to.IsLoopback() || local.IsValid() && local == to.WithZone("")
}

// attemptFrom is what a socket of package net tells of a try: its own end. How
// often something was sent is not known.
func attemptFrom(local net.Addr, to netip.Addr) run.Attempt {
	var a run.Attempt
	if own, ok := local.(interface{ AddrPort() netip.AddrPort }); ok {
		a.Local = netip.AddrPortFrom(own.AddrPort().Addr().Unmap().WithZone(""), own.AddrPort().Port())
	}
	a.Loopback = withinMachine(a.Local.Addr(), to)
	return a
}

// sentOnce is an attempt of one packet; took is the time to its answer, 0 for none.
func sentOnce(a run.Attempt, took time.Duration) run.Attempt {
	if a.Sent = 1; took > 0 {
		a.Answered, a.Took = 1, took
	}
	return a
}

// sourceTo is the address that this machine sends from to another one.
func sourceTo(to netip.Addr) netip.Addr {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 9)))
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close() //nolint:errcheck // nothing was sent on it
	return attemptFrom(c.LocalAddr(), to).Local.Addr()
}

// synTimes are when a system sends the SYNs of a connect at the latest, by GOOS,
// where it does not tell how many it has sent. Linux has sent these by then, whichever
// schedule it keeps to. macOS has them a second apart, and from the sixth on ever
// later (tcp_syn_backoff of XNU, bsd/netinet/tcp_timer.c). Windows has other times
// from version to version.
var synTimes = map[string][]time.Duration{
	"linux":  {0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second},
	"darwin": {0, 1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 5 * time.Second, 7 * time.Second, 11 * time.Second, 19 * time.Second},
}

// lateness is how much later than planned a SYN may leave.
const lateness = 100 * time.Millisecond

// sentBy is how many SYNs a system has sent at least for a connect that took so long,
// 0 where that is not known.
func sentBy(system string, took time.Duration) (n int) {
	for _, at := range synTimes[system] {
		if at+lateness <= took || at == 0 {
			n++
		}
	}
	return n
}
