package netinfo

import (
	"encoding/binary"
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
		for b := m.Data[unix.SizeofRtMsg:]; len(b) >= unix.SizeofRtAttr; {
			n, kind := int(binary.NativeEndian.Uint16(b)), binary.NativeEndian.Uint16(b[2:])
			if n < unix.SizeofRtAttr || n > len(b) {
				break
			}
			if a, ok := netip.AddrFromSlice(b[unix.SizeofRtAttr:n]); ok && kind == unix.RTA_GATEWAY {
				all = appendOnce(all, a.Unmap())
			}
			b = b[min((n+3)&^3, len(b)):]
		}
	}
	return all
}
