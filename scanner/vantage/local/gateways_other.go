//go:build !linux

package local

import "net/netip"

// gateways are not read on this system.
func gateways() []netip.Addr { return nil }

// loopbackIndex is no index: which interface is the loopback one is not asked.
const loopbackIndex = -1
