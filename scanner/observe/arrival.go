package observe

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// arrival is a vantage that comes to a host over a family of addresses.
type arrival struct {
	vantage, host string
	six           bool
}

// endsOf are the addresses from which vantages were answered by hosts.
func endsOf(all []run.Observation) map[arrival]netip.Addr {
	ends := map[arrival]netip.Addr{}
	for i := range all {
		o := &all[i]
		for _, t := range o.Tries {
			a := t.Local.Addr().Unmap().WithZone("")
			if at := (arrival{o.Need.Vantage, o.Need.Target, a.Is6()}); t.Class == run.Answered && a.IsValid() && !t.Loopback && !ends[at].IsValid() {
				ends[at] = a
			}
		}
	}
	return ends
}

// end is the address of the peer of a need: that by which it came to the host where the
// need is observed, or else its first one of the family; invalid where it has none.
func (o *Observer) end(n *run.Need) netip.Addr {
	v, _ := o.policy.Vantage(n.Vantage)
	if a := o.ends[arrival{n.Peer, v.Host, n.Addr.Is6()}]; a.IsValid() {
		return a
	}
	addrs := o.places.of(n.Peer).Addresses
	i := slices.IndexFunc(addrs, func(a netip.Addr) bool {
		return a.Is6() == n.Addr.Is6() && !a.IsLinkLocalUnicast() && !a.IsLoopback()
	})
	if i >= 0 {
		return addrs[i]
	}
	return netip.Addr{}
}
