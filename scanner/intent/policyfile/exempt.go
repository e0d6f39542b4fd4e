package policyfile

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

// exemptIndex finds the exemptions that cover an address without looking at
// every one: by what the address is in networks of each length there is.
type exemptIndex struct {
	lengths map[int]bool // of IPv4 networks, and of IPv6 networks as -1-length
	at      map[netip.Prefix][]int
	all     []intent.Exemption
}

func indexExemptions(p *intent.Policy) exemptIndex {
	x := exemptIndex{lengths: map[int]bool{}, at: map[netip.Prefix][]int{}, all: p.Exemptions}
	for i, e := range p.Exemptions {
		for _, n := range e.Addresses {
			n = n.Masked()
			x.lengths[familyLength(n.Addr(), n.Bits())] = true
			if at := x.at[n]; len(at) == 0 || at[len(at)-1] != i {
				x.at[n] = append(at, i)
			}
		}
	}
	return x
}

func familyLength(a netip.Addr, bits int) int {
	if a.Is4() {
		return bits
	}
	return -1 - bits
}

// of returns the exemptions that cover an address, in the order of the file.
func (x exemptIndex) of(a netip.Addr) []intent.Exemption {
	a = a.Unmap().WithZone("")
	var found []int
	for bits := range a.BitLen() + 1 {
		if !x.lengths[familyLength(a, bits)] {
			continue
		}
		if n, err := a.Prefix(bits); err == nil {
			found = append(found, x.at[n]...)
		}
	}
	slices.Sort(found)
	var out []intent.Exemption
	for _, i := range slices.Compact(found) {
		out = append(out, x.all[i])
	}
	return out
}

// hostIndex are the addresses of the KMS hosts in order.
type hostIndex []hostAddress

type hostAddress struct {
	addr  netip.Addr
	name  string
	order int
}

func indexHosts(p *intent.Policy) hostIndex {
	var x hostIndex
	for _, h := range p.Hosts {
		for _, a := range h.Addresses {
			x = append(x, hostAddress{a, h.Name, len(x)})
		}
	}
	slices.SortStableFunc(x, func(a, b hostAddress) int { return a.addr.Compare(b.addr) })
	return x
}

// in returns the hosts that an entry of an exemption covers, in the order of the
// file.
func (x hostIndex) in(a addresses) []hostAddress {
	var out []hostAddress
	for _, n := range a {
		first, _ := slices.BinarySearchFunc(x, n.Masked().Addr(), func(h hostAddress, a netip.Addr) int { return h.addr.Compare(a) })
		for _, h := range x[first:] {
			if !n.Contains(h.addr) {
				break
			}
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b hostAddress) int { return a.order - b.order })
	return slices.Compact(out)
}
