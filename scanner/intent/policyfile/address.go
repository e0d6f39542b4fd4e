package policyfile

import (
	"fmt"
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// parseAddr reads one unicast address.
func parseAddr(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	switch {
	case err != nil && strings.Contains(text, "/"):
		return a, fmt.Errorf("%q is a network; write a single IP address", text)
	case err != nil:
		return a, fmt.Errorf("%q is no IP address; write one such as 198.18.10.30 or 2001:db8:10::30 (names go into fqdn)", text)
	case a.Zone() != "":
		return a, fmt.Errorf("%q has a zone, which means something on one machine only; leave out %%%s", text, a.Zone())
	case a.Is4In6():
		return a, fmt.Errorf("%q is an IPv4 address in disguise; write %s", text, a.Unmap())
	case a.IsUnspecified(), a.IsMulticast(), a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return a, fmt.Errorf("%s is no address of one machine", text)
	}
	return a, nil
}

// parseAddresses reads an address, a network (with a length or a mask) or a
// range first-last, as prefixes that cover exactly that.
func parseAddresses(text string) (addresses, error) {
	if first, last, ok := strings.Cut(text, "-"); ok {
		return parseRange(strings.TrimSpace(first), strings.TrimSpace(last))
	}
	if !strings.Contains(text, "/") {
		a, err := parseAddr(text)
		if err != nil {
			return nil, err
		}
		return addresses{netip.PrefixFrom(a, a.BitLen())}, nil
	}
	n, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is no network; write one such as 198.18.40.0/24", text)
	case n.Addr().Is4In6():
		return nil, fmt.Errorf("%q is an IPv4 network in disguise; write it as IPv4", text)
	case n != n.Masked():
		return nil, fmt.Errorf("%s has bits set after the first %d; write %s or %s", text, n.Bits(), n.Masked(), n.Addr())
	}
	return addresses{n}, nil
}

func parseRange(first, last string) (addresses, error) {
	a, err := parseAddr(first)
	if err != nil {
		return nil, err
	}
	z, err := parseAddr(last)
	if err != nil {
		return nil, err
	}
	if a.BitLen() != z.BitLen() || z.Less(a) {
		return nil, fmt.Errorf("range %s-%s: the second address must come after the first, of the same family", first, last)
	}
	return netipx.IPRangeFrom(a, z).Prefixes(), nil
}
