package check

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

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
		rest = without(rest, x.peers.Ranges...)
	}
	return len(rest) == 0
}

// outside says what of a range is in none of the networks, "" where all is.
func outside(r consec.Range, declared []netip.Prefix) string {
	rest := []consec.Range{r}
	for _, d := range declared {
		rest = without(rest, rangeOf(d))
	}
	return list(texts(rest))
}

// without takes ranges out of others.
func without(rest []consec.Range, out ...consec.Range) (left []consec.Range) {
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

func rangeOf(p netip.Prefix) consec.Range {
	r := netipx.RangeOfPrefix(p)
	return consec.Range{First: r.From(), Last: r.To()}
}

func texts[T fmt.Stringer](all []T) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.String())
	}
	return out
}
