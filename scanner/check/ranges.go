package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
)

// reaches reports whether a network and a host have a family in common.
func reaches(d netip.Prefix, h policy.Host) bool {
	return slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return a.Is4() == d.Addr().Is4() })
}

// coveredBy reports whether the rules exempt all of a network towards the KMS
// port.
func coveredBy(d netip.Prefix, found []exempted) bool {
	rest := []consec.Range{rangeOf(d)}
	for _, x := range found {
		if !x.kms {
			continue
		}
		if x.peers.IsAny() {
			return true
		}
		for _, r := range x.peers.Ranges {
			rest = without(rest, r)
		}
	}
	return len(rest) == 0
}

// outside says what of a range is in none of the networks, "" where all is.
func outside(r consec.Range, declared []netip.Prefix) string {
	rest := []consec.Range{r}
	for _, d := range declared {
		rest = without(rest, rangeOf(d))
	}
	var all []string
	for _, x := range rest {
		all = append(all, x.String())
	}
	return list(all)
}

// without takes a range out of others.
func without(rest []consec.Range, out consec.Range) []consec.Range {
	var left []consec.Range
	for _, r := range rest {
		if r.First.BitLen() != out.First.BitLen() || out.Last.Less(r.First) || r.Last.Less(out.First) {
			left = append(left, r)
			continue
		}
		if r.First.Less(out.First) {
			left = append(left, consec.Range{First: r.First, Last: out.First.Prev()})
		}
		if out.Last.Less(r.Last) {
			left = append(left, consec.Range{First: out.Last.Next(), Last: r.Last})
		}
	}
	return left
}

func rangeOf(p netip.Prefix) consec.Range {
	last := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(last)*8; i++ {
		last[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(last)
	return consec.Range{First: p.Masked().Addr(), Last: a}
}

func texts[T fmt.Stringer](all []T) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.String())
	}
	return out
}
