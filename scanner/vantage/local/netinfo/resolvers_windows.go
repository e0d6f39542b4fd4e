package netinfo

import (
	"net/netip"
	"slices"

	"golang.org/x/sys/windows"
)

// Resolvers are the name servers of the interfaces that are up. The site-local
// addresses that Windows lists where there is none are left out.
func Resolvers() ([]netip.AddrPort, error) {
	var out []netip.AddrPort
	err := adapters(windows.GAA_FLAG_SKIP_UNICAST|windows.GAA_FLAG_SKIP_ANYCAST|windows.GAA_FLAG_SKIP_MULTICAST|windows.GAA_FLAG_SKIP_FRIENDLY_NAME, func(a *windows.IpAdapterAddresses) {
		for d := a.FirstDnsServerAddress; d != nil; d = d.Next {
			ip, ok := netip.AddrFromSlice(d.Address.IP())
			to := netip.AddrPortFrom(ip.Unmap(), 53)
			if ok && !siteLocal.Contains(ip) && !slices.Contains(out, to) {
				out = append(out, to)
			}
		}
	})
	return out, err
}

// siteLocal holds fec0:0:0:ffff::1 to ::3, which Windows names by default.
var siteLocal = netip.MustParsePrefix("fec0::/10")
