package check

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// aliveNeeds asks whether anything beyond the gateway answers the vantage, in
// the family of the address.
func aliveNeeds(p *policy.Policy, v policy.Vantage, like netip.Addr) []run.Need {
	var needs []run.Need
	for _, e := range p.AliveOf(v) {
		for _, a := range family(e.Addrs, like.Is6()) {
			needs = append(needs, knock(v.Name, e, a, port(e.Port)))
		}
	}
	return needs
}

// egressNeeds asks whether any host answers the vantage on that very port.
func egressNeeds(p *policy.Policy, v policy.Vantage, like netip.Addr, n port) []run.Need {
	var needs []run.Need
	for _, e := range p.AliveOf(v) {
		for _, a := range family(e.Addrs, like.Is6()) {
			needs = append(needs, knock(v.Name, e, a, n))
		}
	}
	return needs
}

// alive reports whether something beyond its gateway answers the vantage.
func (in *Input) alive(v policy.Vantage, h policy.Host, like netip.Addr) (bool, reason.List) {
	var why reason.List
	needs := aliveNeeds(in.Policy, v, like)
	if len(v.Alive) == 0 {
		needs = []run.Need{ike(v.Name, h, like, portIKE)}
	}
	for _, n := range needs {
		o := in.See(n)
		if o.Spoke() {
			return true, nil
		}
		why = append(why, seen(n.Target, o))
	}
	for _, e := range in.Policy.AliveOf(v) {
		why = append(why, e.Trouble...)
	}
	if len(why) == 0 {
		why = append(why, reason.New(reason.NoAliveAddress))
	}
	return false, why
}
