package check

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// aliveNeeds asks whether anything beyond the gateway answers the vantage, in
// the family of the address.
func aliveNeeds(p *policy.Policy, v policy.Vantage, like netip.Addr) []run.Need {
	var needs []run.Need
	for _, e := range aliveEndpoints(p, v) {
		for _, a := range family(e.Addrs, like.Is6()) {
			needs = append(needs, knock(v.Name, e, a, port(e.Port)))
		}
	}
	return needs
}

// egressNeeds asks whether any host answers the vantage on that very port.
func egressNeeds(p *policy.Policy, v policy.Vantage, like netip.Addr, n port) []run.Need {
	var needs []run.Need
	for _, e := range aliveEndpoints(p, v) {
		for _, a := range family(e.Addrs, like.Is6()) {
			needs = append(needs, knock(v.Name, e, a, n))
		}
	}
	return needs
}

func aliveEndpoints(p *policy.Policy, v policy.Vantage) []policy.Endpoint {
	var all []policy.Endpoint
	for _, name := range v.Alive {
		all = append(all, p.Endpoints(name, nil)...)
	}
	return all
}

// control finds an allowed vantage that was answered; otherwise it says what
// the controls saw. For other ports than the KMS port any answer counts, even no.
func (in *Input) control(h policy.Host, a netip.Addr, n port, when run.When) (*run.Observation, string) {
	names := controls(in.Policy, h)
	if len(names) == 0 {
		return nil, "the policy has no domain and no exempt vantage; declare one"
	}
	var why []string
	for _, c := range names {
		if c == in.Cell.Vantage {
			continue
		}
		o := in.Peek(reach(c, h, a, n, when))
		switch {
		case o == nil:
			why = append(why, c+" was not asked")
		case o.Heard(), n != echo && uint16(n) != h.Port && o.Spoke():
			return o, ""
		default:
			why = append(why, c+" "+saw(o))
		}
	}
	return nil, strings.Join(why, ", ")
}

// alive reports whether something beyond its gateway answers the vantage.
func (in *Input) alive(v policy.Vantage, h policy.Host, like netip.Addr) (bool, string) {
	var why []string
	needs := aliveNeeds(in.Policy, v, like)
	if len(v.Alive) == 0 {
		needs = []run.Need{ike(v.Name, h, like, portIKE)}
	}
	for _, n := range needs {
		o := in.See(n)
		if o.Spoke() {
			return true, ""
		}
		why = append(why, fmt.Sprintf("%s %s", n.Target, saw(o)))
	}
	for _, e := range aliveEndpoints(in.Policy, v) {
		if e.Err != "" {
			why = append(why, e.Err)
		}
	}
	if len(why) == 0 {
		why = append(why, "nothing under alive: has an address of this family")
	}
	return false, strings.Join(why, ", ")
}

// egress reports whether some host answers the vantage on that port.
func (in *Input) egress(v policy.Vantage, like netip.Addr, n port) (bool, string) {
	var why []string
	for _, need := range egressNeeds(in.Policy, v, like, n) {
		o := in.See(need)
		if o.Spoke() {
			return true, ""
		}
		why = append(why, fmt.Sprintf("%s %s", need.Target, saw(o)))
	}
	if len(why) == 0 {
		return false, fmt.Sprintf("name something that answers it (alive: under vantage %s)", v.Name)
	}
	return false, strings.Join(why, ", ")
}
