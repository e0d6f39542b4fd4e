package netinfo

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// LoopbackIndex is the index of lo, in every network namespace.
const LoopbackIndex = 1

// Gateways are the next hops of all routes of this machine.
func Gateways() []netip.Addr {
	var all []netip.Addr
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		all = append(all, nextHops(family)...)
	}
	return all
}

func nextHops(family int) (all []netip.Addr) {
	rib, err := syscall.NetlinkRIB(unix.RTM_GETROUTE, family)
	if err != nil {
		return nil
	}
	routes, err := syscall.ParseNetlinkMessage(rib)
	if err != nil {
		return nil
	}
	for _, m := range routes {
		if m.Header.Type != unix.RTM_NEWROUTE || len(m.Data) < unix.SizeofRtMsg {
			continue
		}
		attributes(m.Data[unix.SizeofRtMsg:], func(kind uint16, value []byte) {
			if a, ok := netip.AddrFromSlice(value); ok && kind == unix.RTA_GATEWAY {
				all = appendOnce(all, a.Unmap())
			}
		})
	}
	return all
}
