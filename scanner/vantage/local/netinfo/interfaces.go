package netinfo

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Interfaces are the network interfaces of this machine that are up, loopback left
// out.
func Interfaces() ([]run.Interface, error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var out []run.Interface
	for _, i := range ifs {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		as, err := i.Addrs()
		if err != nil {
			return nil, fmt.Errorf("interface %s: %w", i.Name, err)
		}
		one := run.Interface{Name: i.Name, Link: i.HardwareAddr.String(), Zone: zoneOf(i)}
		for _, a := range as {
			if p, err := netip.ParsePrefix(a.String()); err == nil { // else it is no IP address
				one.Prefixes = append(one.Prefixes, netip.PrefixFrom(p.Addr().Unmap().WithZone(""), p.Bits()))
			}
		}
		out = append(out, one)
	}
	tellApart(out)
	return out, nil
}

// Addresses are the unicast addresses of interfaces, without link-local ones.
func Addresses(ifs []run.Interface) (out []netip.Addr) {
	for _, i := range ifs {
		for _, p := range i.Prefixes {
			if a := p.Addr(); a.IsGlobalUnicast() {
				out = append(out, a)
			}
		}
	}
	return out
}

func appendOnce(to []netip.Addr, a netip.Addr) []netip.Addr {
	if slices.Contains(to, a) {
		return to
	}
	return append(to, a)
}

// zoneOf is what names an interface in a link-local address of this system.
func zoneOf(i net.Interface) string {
	if runtime.GOOS == "windows" {
		return strconv.Itoa(i.Index)
	}
	return i.Name
}
