package traffic

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Vantages behind one NAT are seen under one address. What bears it belongs to one of
// them only if nothing else can have sent it.

// Unshared are addresses that no other vantage has: what comes from there, or goes
// there, is this one's.
func Unshared(e *check.Evidence, vantage string, addrs []netip.Addr) []netip.Addr {
	return slices.DeleteFunc(slices.Clone(addrs), func(a netip.Addr) bool {
		return slices.ContainsFunc(e.Policy.Vantages, func(v intent.Vantage) bool { return v.Name != vantage && bears(e, v, a) })
	})
}

// bears reports whether packets of a vantage may bear an address.
func bears(e *check.Evidence, v intent.Vantage, a netip.Addr) bool {
	return slices.Contains(v.Addresses, a) || slices.Contains(v.SeenAs, a) || slices.Contains(e.At(v.Name).Addresses, a)
}

// Undisturbed are addresses that no other vantage has which made a connection like the
// lone one of this trial at about its time.
func Undisturbed(e *check.Evidence, o *run.Observation, addrs []netip.Addr) []netip.Addr {
	return slices.DeleteFunc(slices.Clone(addrs), func(a netip.Addr) bool {
		return slices.ContainsFunc(e.Policy.WithRole(intent.RoleDomain), func(v intent.Vantage) bool {
			if v.Name == e.From.Name || !bears(e, v, a) {
				return false
			}
			if !Share(e.From, v) {
				return true // that is not declared, so that nobody keeps them apart
			}
			other := e.Peek(check.LoneNeed(v.Name, e.Host, e.Addr))
			return other == nil || len(other.Trouble) > 0 || other.Start <= o.End+2*margin && other.End >= o.Start-2*margin
		})
	})
}

// Sharing are the other members that are declared under an address of a vantage.
func Sharing(p *intent.Policy, v intent.Vantage) (some []intent.Vantage) {
	for _, other := range p.WithRole(intent.RoleDomain) {
		if other.Name != v.Name && Share(v, other) {
			some = append(some, other)
		}
	}
	return some
}

// Share reports whether two vantages are declared under one address.
func Share(a, b intent.Vantage) bool {
	mine := slices.Concat(a.Addresses, a.SeenAs)
	return slices.ContainsFunc(slices.Concat(b.Addresses, b.SeenAs), func(x netip.Addr) bool { return slices.Contains(mine, x) })
}

// Between is how long lone connections are apart that bear one address, so that each
// is told from the others by its time.
const Between = 2*margin + 100*time.Millisecond
