// Package inuse says which addresses a machine uses now, by what it tells of itself,
// and which of them are to be tried though nobody declared them. Who enters vantages and
// who judges ask the same.
//
// It sends nothing, and knows neither checks nor verdicts.
package inuse

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Key is where a Windows registry has the addresses of a machine.
const Key = `HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces`

// Told is what a machine tells of its addresses.
type Told struct {
	// Known says that it tells them at all, IPv4 that it tells no others.
	Known, IPv4 bool
	// All are those that others may reach from everywhere: neither loopback nor
	// link-local, and not of an internal switch or a cluster.
	All []netip.Addr
	// links are the link-local addresses of IPv6, with the networks that they are on.
	links []link
}

// link is a link-local address, with the networks of its interface.
type link struct {
	addr     netip.Addr
	networks []netip.Prefix
}

// Of is what a machine tells: by its interfaces, or where its way in knows none, by the
// values of its registry below [Key].
func Of(v *run.Vantage, values []registry.Value) Told {
	if len(v.Interfaces) == 0 {
		return byRegistry(values)
	}
	t := Told{Known: true}
	for i := range v.Interfaces {
		one := &v.Interfaces[i]
		if one.Internal {
			continue
		}
		on := networks(one)
		for _, p := range one.Prefixes {
			switch a := p.Addr(); {
			case slices.Contains(one.Cluster, a):
			case a.Is6() && a.IsLinkLocalUnicast():
				t.links = append(t.links, link{a, on})
			default:
				t.add(a)
			}
		}
	}
	return t
}

// networks are those that an interface is on, but for those of its link alone.
func networks(i *run.Interface) (all []netip.Prefix) {
	for _, p := range i.Prefixes {
		if p.Addr().IsGlobalUnicast() {
			all = append(all, p.Masked())
		}
	}
	return all
}

func (t *Told) add(a netip.Addr) {
	if a = a.Unmap(); a.IsGlobalUnicast() && !slices.Contains(t.All, a) {
		t.All = append(t.All, a)
	}
}

// byRegistry reads the values of interfaces: where DHCP is on, what it gave counts, and
// else what was set by hand.
func byRegistry(values []registry.Value) Told {
	t := Told{Known: len(values) > 0, IPv4: true}
	dhcp := map[string]bool{} // by key
	for _, v := range values {
		if n, ok := v.DWord(); ok && n == 1 && strings.EqualFold(v.Name, "EnableDHCP") {
			dhcp[v.Key] = true
		}
	}
	for _, v := range values {
		name := "IPAddress"
		if dhcp[v.Key] {
			name = "DhcpIPAddress"
		}
		if !strings.EqualFold(v.Name, name) {
			continue
		}
		for _, s := range v.Strings() {
			if a, err := netip.ParseAddr(s); err == nil {
				t.add(a)
			}
		}
	}
	return t
}

// Is reports whether the machine has a declared address of the host. Where it has none it
// is another machine, or nobody comes to the host by its own addresses.
func (t *Told) Is(h intent.Host) bool {
	return slices.ContainsFunc(t.All, func(a netip.Addr) bool { return slices.Contains(h.Addresses, a) })
}

// Undeclared are the addresses that a vantage tries because the policy does not list them
// for the host. It gives the first [run.MostAddresses], and how many more there are. A
// link-local address is tried on each interface of the vantage that shares a network with
// it, and gets the zone of that interface. An address that the vantage has itself is left
// out. A machine that is not the host gives none.
func (t *Told) Undeclared(h intent.Host, from *run.Vantage) (some []netip.Addr, more int) {
	if !t.Is(h) {
		return nil, 0
	}
	for _, a := range t.All {
		if !slices.Contains(h.Addresses, a) && !slices.Contains(from.Addresses, a) {
			some = append(some, a)
		}
	}
	for _, l := range t.links {
		for i := range from.Interfaces {
			if one := &from.Interfaces[i]; l.shares(one) {
				some = append(some, l.addr.WithZone(one.Zone))
			}
		}
	}
	return some[:min(len(some), run.MostAddresses)], max(len(some)-run.MostAddresses, 0)
}

// shares reports whether an interface of a vantage is on a network of the address, and is
// not its own.
func (l *link) shares(i *run.Interface) bool {
	own := slices.ContainsFunc(i.Prefixes, func(p netip.Prefix) bool { return p.Addr() == l.addr })
	return !own && !i.Internal && i.Zone != "" && slices.ContainsFunc(networks(i), func(p netip.Prefix) bool {
		return slices.ContainsFunc(l.networks, p.Overlaps)
	})
}
