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

// aroundNeeds asks the same before the denied window and after it: what was alive at
// another time proves nothing of the window.
func aroundNeeds(p *policy.Policy, v policy.Vantage, like netip.Addr) []run.Need {
	var needs []run.Need
	for _, n := range aliveNeeds(p, v, like) {
		before, after := n, n
		before.When, after.When = run.Before, run.After
		needs = append(needs, before, after)
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

// control finds an allowed vantage that was answered; otherwise it says what
// the controls saw. For other ports than the KMS port any answer counts, even no.
func (in *Input) control(h policy.Host, a netip.Addr, n port, when run.When) (*run.Observation, reason.List) {
	names := controls(in.Policy, h)
	switch {
	case len(names) > 0:
	case len(in.Policy.WithRole(policy.RoleDomain, policy.RoleExempt)) > 0:
		return nil, reason.One(reason.NoControlOfUse)
	default:
		return nil, reason.One(reason.NoControlDeclared)
	}
	var why reason.List
	for _, c := range names {
		if c == in.Cell.Vantage {
			continue
		}
		o := in.Peek(reach(c, h, a, n, when))
		switch {
		case o == nil:
			why = append(why, reason.New(reason.NotAsked, "vantage", c))
		case o.Heard(), n != echo && uint16(n) != h.Port && o.Spoke():
			return o, nil
		default:
			why = append(why, seen(c, o))
		}
	}
	return nil, why
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

// egress reports whether some host answers the vantage on that port.
func (in *Input) egress(v policy.Vantage, like netip.Addr, n port) (bool, reason.List) {
	var why reason.List
	for _, need := range egressNeeds(in.Policy, v, like, n) {
		o := in.See(need)
		if o.Spoke() {
			return true, nil
		}
		why = append(why, seen(need.Target, o))
	}
	if len(why) == 0 {
		return false, reason.One(reason.NoEgressControl, "vantage", v.Name)
	}
	return false, why
}
