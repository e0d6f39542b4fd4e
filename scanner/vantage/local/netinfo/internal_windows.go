package netinfo

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/sys/windows"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// own are the switches that Windows makes by itself, by the names of their interfaces: for
// Hyper-V, for the Windows Subsystem for Linux and for containers. They lead to no wire. A
// switch that an administrator made may lead to one, and its name does not tell.
var own = []string{"Default Switch", "WSL", "WSL (Hyper-V firewall)", "nat", "DockerNAT"}

// tellApart marks the interfaces of such switches, and the addresses of clusters.
func tellApart(ifs []run.Interface) {
	clusters := map[netip.Addr]bool{}
	// Where they cannot be read none is known to be of a cluster.
	_ = adapters(windows.GAA_FLAG_SKIP_ANYCAST|windows.GAA_FLAG_SKIP_MULTICAST|windows.GAA_FLAG_SKIP_DNS_SERVER|windows.GAA_FLAG_SKIP_FRIENDLY_NAME, func(a *windows.IpAdapterAddresses) {
		for u := a.FirstUnicastAddress; u != nil; u = u.Next {
			if ip, ok := netip.AddrFromSlice(u.Address.IP()); ok && u.Flags&transient != 0 {
				clusters[ip.Unmap()] = true
			}
		}
	})
	for i := range ifs {
		one := &ifs[i]
		inner, ok := strings.CutPrefix(one.Name, "vEthernet (")
		one.Internal = ok && slices.Contains(own, strings.TrimSuffix(inner, ")"))
		for _, p := range one.Prefixes {
			if clusters[p.Addr()] {
				one.Cluster = append(one.Cluster, p.Addr())
			}
		}
	}
}

// transient is IP_ADAPTER_ADDRESS_TRANSIENT: the address is one of a cluster
// (IP_ADAPTER_UNICAST_ADDRESS_LH).
const transient = 0x02
