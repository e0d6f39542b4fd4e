package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	portIKE  = 500
	portNATT = 4500
)

// Keys of the registry that are read on Windows vantages.
const (
	keyFirewall    = `HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	keyOwnFirewall = `HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`
	keyInterfaces  = `HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces`
)

// port is one thing of a host that an outsider must not reach: a TCP port, or
// with the number 0 the echo service.
type port uint16

const echo port = 0

// ports lists what the scope isolates, 1688 first.
func ports(p *policy.Policy, h policy.Host) []port {
	all := []port{port(h.Port)}
	if p.Isolation.Scope == policy.ScopeHost {
		for _, n := range p.Limits.Ports {
			if n != h.Port {
				all = append(all, port(n))
			}
		}
	}
	return all
}

// reach is the need to reach a port of a host's address. The KMS port is asked
// for an RPC bind, which is a connect and more.
func reach(vantage string, h policy.Host, a netip.Addr, n port, when run.When) run.Need {
	s := run.Spec{Probe: run.ProbeTCP, Target: h.Name, Addr: a, Port: uint16(n)}
	switch {
	case n == echo:
		s.Probe = run.ProbeICMP
	case uint16(n) == h.Port && when != run.After: // then it only has to answer again
		s.Probe = run.ProbeRPC
	}
	return run.Need{Vantage: vantage, Spec: s, When: when}
}

// alone is the need of one connection to the KMS port that a watch can tell from all
// others.
func alone(vantage string, h policy.Host, a netip.Addr) run.Need {
	return run.Need{Vantage: vantage, When: run.Alone,
		Spec: run.Spec{Probe: run.ProbeRPC, Target: h.Name, Addr: a, Port: h.Port, Param: run.PaddedBind}}
}

// knock is the need to reach a port of something that is no KMS host.
func knock(vantage string, e policy.Endpoint, a netip.Addr, n port) run.Need {
	s := run.Spec{Probe: run.ProbeTCP, Target: e.Name, Addr: a, Port: uint16(n)}
	if n == echo {
		s.Probe = run.ProbeICMP
	}
	return run.Need{Vantage: vantage, Spec: s, When: run.Once}
}

func ike(vantage string, h policy.Host, a netip.Addr, n uint16) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeIKE, Target: h.Name, Addr: a, Port: n}}
}

func flows(vantage string) run.Need {
	return run.Need{Vantage: vantage, When: run.Throughout, Spec: run.Spec{Probe: run.ProbeFlows}}
}

func registryNeed(vantage, key string) run.Need {
	return run.Need{Vantage: vantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeRegistry, Param: key}}
}

// watchers are the vantages that see the wire at a host. Without a far end there
// nobody can watch.
func watchers(p *policy.Policy, host string) []string {
	var names []string
	for _, v := range p.Vantages {
		if p.Sees(v, host) && !withoutFarEnd(v) {
			names = append(names, v.Name)
		}
	}
	return names
}

// withoutFarEnd reports whether no way in lets a far end of kmsiso run at the vantage.
func withoutFarEnd(v policy.Vantage) bool {
	return len(v.Via) > 0 && !slices.ContainsFunc(v.Via, func(w policy.Via) bool { return w.Implies.FarEnd })
}

// controls are the vantages whose success proves that a host answers those who
// may reach it: the first domain vantage that is not behind NAT and the first
// exempt one, or for want of one a second domain vantage. Two are enough, and a
// thousand would be a load.
func controls(p *policy.Policy, h policy.Host) []string {
	var members []string
	for i := 0; i < len(p.Vantages) && len(members) < 2; i++ {
		if v := &p.Vantages[i]; v.Role == policy.RoleDomain && !behindNAT(*v) {
			members = append(members, v.Name)
		}
	}
	for i := range p.Vantages {
		if v := &p.Vantages[i]; v.Role == policy.RoleExempt && exemptFor(p, *v, h) {
			return append(members[:min(1, len(members))], v.Name)
		}
	}
	return members
}

func behindNAT(v policy.Vantage) bool { return v.Path == "nat" }

// exemptFor reports whether an exempt vantage is exempt towards a host. One
// that declares no addresses is taken at its word.
func exemptFor(p *policy.Policy, v policy.Vantage, h policy.Host) bool {
	if len(v.Addresses) == 0 {
		return true
	}
	for _, a := range v.Addresses {
		if _, ok := p.Exempt(a, h.Name); ok {
			return true
		}
	}
	return false
}

// family keeps the addresses of one family.
func family(addrs []netip.Addr, six bool) []netip.Addr {
	var some []netip.Addr
	for _, a := range addrs {
		if a.Is6() == six {
			some = append(some, a)
		}
	}
	return some
}

// hostCells makes a cell for every pair of a vantage and a KMS host.
func hostCells(check string, p *policy.Policy, vantages []policy.Vantage) []run.CellID {
	var ids []run.CellID
	for _, v := range vantages {
		for _, h := range p.Hosts {
			ids = append(ids, run.CellID{Check: check, Vantage: v.Name, Target: h.Name})
		}
	}
	return ids
}
