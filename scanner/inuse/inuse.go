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
	// All are those that others may reach: neither loopback nor link-local, and not of
	// an internal switch or a cluster.
	All []netip.Addr
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
		for _, p := range one.Prefixes {
			if !one.Internal && !slices.Contains(one.Cluster, p.Addr()) {
				t.add(p.Addr())
			}
		}
	}
	return t
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

// Undeclared are those that the policy does not list for the host: the first
// [run.MostAddresses] of them, and how many more there are. Another machine has none.
func (t *Told) Undeclared(h intent.Host) (some []netip.Addr, more int) {
	for _, a := range t.All {
		switch {
		case slices.Contains(h.Addresses, a) || !t.Is(h):
		case len(some) == run.MostAddresses:
			more++
		default:
			some = append(some, a)
		}
	}
	return some, more
}
