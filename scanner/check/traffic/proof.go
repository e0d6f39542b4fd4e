package traffic

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// aliveNeeds asks whether anything beyond the gateway answers the vantage, in
// the family of the address.
func aliveNeeds(p *intent.Policy, v intent.Vantage, like netip.Addr) []run.Need {
	var needs []run.Need
	for _, e := range p.AliveOf(v) {
		for _, a := range check.Family(e.Addrs, like.Is6()) {
			needs = append(needs, check.DialNeed(v.Name, e, a, check.Port(e.Port)))
		}
	}
	return needs
}

// egressNeeds asks whether any host answers the vantage on that very port.
func egressNeeds(p *intent.Policy, v intent.Vantage, like netip.Addr, n check.Port) []run.Need {
	var needs []run.Need
	for _, e := range p.AliveOf(v) {
		for _, a := range check.Family(e.Addrs, like.Is6()) {
			needs = append(needs, check.DialNeed(v.Name, e, a, n))
		}
	}
	return needs
}
