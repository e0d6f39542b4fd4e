package socket

import (
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// WithinMachine reports whether packets between the two ends never leave the
// machine: what is sent to one of its own addresses bears that address.
func WithinMachine(local, to netip.Addr) bool {
	return to.IsLoopback() || local.IsValid() && local == to.WithZone("")
}

// AttemptFrom is what a socket of package net tells of a try: its own end. How
// often something was sent is not known.
func AttemptFrom(local net.Addr, to netip.Addr) run.Attempt {
	var a run.Attempt
	if own, ok := local.(interface{ AddrPort() netip.AddrPort }); ok {
		a.Local = netip.AddrPortFrom(own.AddrPort().Addr().Unmap().WithZone(""), own.AddrPort().Port())
	}
	a.Loopback = WithinMachine(a.Local.Addr(), to)
	return a
}

// SentOnce is an attempt of one packet; took is the time to its answer, 0 for none.
func SentOnce(a run.Attempt, took time.Duration) run.Attempt {
	if a.Sent = 1; took > 0 {
		a.Answered, a.Took = 1, took
	}
	return a
}
