package tcp

import (
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/unix"
)

// ownEnd is the address and port that a socket is bound to. Package unix would ask the
// system for the protocol of the socket as well, here and wherever it reads an address.
func ownEnd(fd int) netip.AddrPort {
	sa, err := syscall.Getsockname(fd)
	if err != nil {
		return netip.AddrPort{}
	}
	switch a := sa.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)) //nolint:gosec // a port
	case *syscall.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)) //nolint:gosec // a port
	}
	return netip.AddrPort{}
}

// connecting is what is known of the SYNs of a connect from own, which took so long:
// struct tcp_info (tcp(7)), nil where the kernel does not tell.
func connecting(info *unix.TCPInfo, own netip.AddrPort, to netip.Addr, took time.Duration, answered bool) run.Attempt {
	a := run.Attempt{Local: own}
	a.Loopback = socket.WithinMachine(a.Local.Addr(), to)
	if info == nil {
		a.Sent = sentBy(runtime.GOOS, took)
		return a
	}
	a.Sent = 1 + int(max(info.Total_retrans, uint32(info.Retransmits)))
	if answered {
		stamped := info.Options&tcpiOptTimestamps != 0
		rtt := time.Duration(info.Rtt) * time.Microsecond
		switch a.Answered = whichSYN(a.Sent, took, rtt, stamped); {
		case a.Sent == 1:
			a.Took = took
		case a.Answered > 0:
			a.Took = min(rtt, took)
		}
	}
	return a
}

// tcpiOptTimestamps says that both ends use timestamps (linux/tcp.h).
const tcpiOptTimestamps = 1

// The times at which SYNs are sent: those of a classic kernel (RFC 6298), and those
// since Linux 6.5 (net.ipv4.tcp_syn_linear_timeouts).
var schedules = [][]time.Duration{
	{0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second},
	{0, 1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 5 * time.Second, 7 * time.Second, 11 * time.Second},
}

// near is how far from its time a SYN may have been sent.
const near = 400 * time.Millisecond

// coarse is by how much the round trip that a timestamp tells may be too long: the
// clock of timestamps ticks once in a millisecond, or in ten on old kernels.
const coarse = 10 * time.Millisecond

// whichSYN says which of the SYNs was answered: the one that was sent a round trip
// before the answer. The round trip is known by the timestamp that the answer
// echoes, or where there was one SYN alone. 0 is unknown.
func whichSYN(sent int, took, rtt time.Duration, stamped bool) int {
	switch {
	case sent <= 1:
		return sent
	case !stamped || rtt <= 0 || rtt > took+coarse:
		return 0
	}
	at := took - rtt // when it was sent
	for _, s := range schedules {
		if sent > len(s) || s[sent-1] > took+near || sent < len(s) && s[sent] < took-near {
			continue // not the schedule of this kernel
		}
		for i, t := range s[:sent] {
			if (at - t).Abs() < near {
				return i + 1
			}
		}
	}
	return 0
}
