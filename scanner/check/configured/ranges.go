package configured

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"go4.org/netipx"
)

// Reaches reports whether a network and a host have a family in common.
func Reaches(d netip.Prefix, h intent.Host) bool {
	return slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return a.Is4() == d.Addr().Is4() })
}

// Without takes ranges out of others.
func Without(rest []consec.Range, out ...consec.Range) (left []consec.Range) {
	var b netipx.IPSetBuilder
	for _, r := range rest {
		b.AddRange(netipx.IPRangeFrom(r.First, r.Last))
	}
	for _, r := range out {
		b.RemoveRange(netipx.IPRangeFrom(r.First, r.Last))
	}
	set, err := b.IPSet()
	if err != nil {
		panic(err) // a range that is none: neither kmsiso.yaml nor a rule can hold it
	}
	for _, r := range set.Ranges() {
		left = append(left, consec.Range{First: r.From(), Last: r.To()})
	}
	return left
}

// RangeOf is a prefix as the range of its addresses.
func RangeOf(p netip.Prefix) consec.Range {
	r := netipx.RangeOfPrefix(p)
	return consec.Range{First: r.From(), Last: r.To()}
}

// Texts are values as they print themselves.
func Texts[T fmt.Stringer](all []T) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.String())
	}
	return out
}
