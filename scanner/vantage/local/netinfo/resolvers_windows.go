package netinfo

import (
	"errors"
	"net/netip"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Resolvers are the name servers of the interfaces that are up. The site-local
// addresses that Windows lists where there is none are left out.
func Resolvers() ([]netip.AddrPort, error) {
	size := uint32(16 << 10)
	for range 5 {
		b := make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&b[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC,
			windows.GAA_FLAG_SKIP_UNICAST|windows.GAA_FLAG_SKIP_ANYCAST|windows.GAA_FLAG_SKIP_MULTICAST|windows.GAA_FLAG_SKIP_FRIENDLY_NAME,
			0, first, &size)
		switch {
		case errors.Is(err, windows.ERROR_BUFFER_OVERFLOW):
			continue
		case errors.Is(err, windows.ERROR_NO_DATA):
			return nil, nil
		case err != nil:
			return nil, err
		}
		var out []netip.AddrPort
		for a := first; a != nil; a = a.Next {
			if a.OperStatus != windows.IfOperStatusUp {
				continue
			}
			for d := a.FirstDnsServerAddress; d != nil; d = d.Next {
				ip, ok := netip.AddrFromSlice(d.Address.IP())
				to := netip.AddrPortFrom(ip.Unmap(), 53)
				if ok && !siteLocal.Contains(ip) && !slices.Contains(out, to) {
					out = append(out, to)
				}
			}
		}
		return out, nil
	}
	return nil, errors.New("the list of interfaces kept growing while it was read")
}

// siteLocal holds fec0:0:0:ffff::1 to ::3, which Windows names by default.
var siteLocal = netip.MustParsePrefix("fec0::/10")
