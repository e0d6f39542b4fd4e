//go:build !linux

package netinfo

import (
	"net/netip"
)

// Gateways are not read on this system.
func Gateways() []netip.Addr { return nil }

// LoopbackIndex is no index: which interface is the loopback one is not asked.
const LoopbackIndex = -1
