package check

import (
	"net/netip"
	"slices"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/inuse"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// RandomBind asks the KMS port for an interface that nobody has.
func RandomBind(vantage string, h intent.Host, a netip.Addr) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeRPC, Target: h.Name, Addr: a, Port: h.Port, Param: run.RandomInterface}}
}

// Pair returns the vantage and the KMS host of a cell.
func Pair(p *intent.Policy, id run.CellID) (intent.Vantage, intent.Host) {
	v, _ := p.Vantage(id.Vantage)
	h, _ := p.Host(id.Target)
	return v, h
}

// Before is the plain connection to the KMS port, which the check of the service asks
// for.
func Before(t *Trial) run.Need { return ReachNeed(t.From.Name, t.Host, t.Addr, t.Port, run.Before) }

// InboundPorts are the TCP ports of a host that a vantage is declared to use.
func InboundPorts(p *intent.Policy, vantage, host string) []Port {
	var all []Port
	for _, f := range p.Isolation.Inbound {
		if !slices.Contains(f.From, vantage) || !IsNamed(f.To, host) {
			continue
		}
		for _, n := range f.Ports {
			if !slices.Contains(all, Port(n)) {
				all = append(all, Port(n))
			}
		}
	}
	return all
}

// IsNamed reports whether a list of a flow names the host.
func IsNamed(list []string, host string) bool {
	for _, n := range list {
		if n == host || n == intent.NameAllHosts {
			return true
		}
	}
	return false
}

// The UDP ports of IKE: plain, and through NAT (RFC 3947).
const (
	PortIKE  = 500
	PortNATT = 4500
)

// Keys of the registry that are read on Windows vantages.
const (
	KeyFirewall    = `HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	keyOwnFirewall = `HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`
	KeyInterfaces  = inuse.Key
)

// Port is one thing of a host that an outsider must not reach: a TCP port, or
// with the number 0 the echo service.
type Port uint16

// Echo is ping.
const Echo Port = 0

// Ports lists what the scope isolates, 1688 first.
func Ports(p *intent.Policy, h intent.Host) []Port {
	all := []Port{Port(h.Port)}
	if p.Isolation.Scope == intent.ScopeHost {
		for _, n := range p.Limits.Ports {
			if n != h.Port {
				all = append(all, Port(n))
			}
		}
	}
	return all
}

// ReachNeed is the need to reach a port of a host's address. The KMS port is asked
// for an RPC bind, which is a connect and more.
func ReachNeed(vantage string, h intent.Host, a netip.Addr, n Port, when run.When) run.Need {
	s := run.Spec{Probe: run.ProbeTCP, Target: h.Name, Addr: a, Port: uint16(n)}
	switch {
	case n == Echo:
		s.Probe = run.ProbeICMP
	case uint16(n) == h.Port && when != run.After: // then it only has to answer again
		s.Probe = run.ProbeRPC
	}
	return run.Need{Vantage: vantage, Spec: s, When: when}
}

// FromPortNeed is the need to reach the KMS port from a source port, in the denied window.
func FromPortNeed(vantage string, h intent.Host, a netip.Addr, port uint16) run.Need {
	return run.Need{Vantage: vantage, When: run.Window,
		Spec: run.Spec{Probe: run.ProbeTCPFrom, Target: h.Name, Addr: a, Port: h.Port, Param: strconv.Itoa(int(port))}}
}

// UDPNeed is the need to ask the service of a UDP port.
func UDPNeed(vantage string, h intent.Host, a netip.Addr, port uint16) run.Need {
	return run.Need{Vantage: vantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeUDP, Target: h.Name, Addr: a, Port: port}}
}

// LoneNeed is the need of one connection to the KMS port that a watch can tell from all
// others.
func LoneNeed(vantage string, h intent.Host, a netip.Addr) run.Need {
	return run.Need{Vantage: vantage, When: run.Alone,
		Spec: run.Spec{Probe: run.ProbeRPC, Target: h.Name, Addr: a, Port: h.Port, Param: run.PaddedBind}}
}

// DialNeed is the need to reach a port of something that is no KMS host.
func DialNeed(vantage string, e intent.Endpoint, a netip.Addr, n Port) run.Need {
	s := run.Spec{Probe: run.ProbeTCP, Target: e.Name, Addr: a, Port: uint16(n)}
	if n == Echo {
		s.Probe = run.ProbeICMP
	}
	return run.Need{Vantage: vantage, Spec: s, When: run.Once}
}

// IKENeed is the need of an IKE exchange with a UDP port of a host's address.
func IKENeed(vantage string, h intent.Host, a netip.Addr, n uint16) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeIKE, Target: h.Name, Addr: a, Port: n}}
}

// LargeIKENeed is the need of an exchange with UDP 500 that begins with a message larger
// than a packet.
func LargeIKENeed(vantage string, h intent.Host, a netip.Addr) run.Need {
	n := IKENeed(vantage, h, a, PortIKE)
	n.Probe = run.ProbeLargeIKE
	return n
}

// WatchNeed is the need of a watch at a vantage while the run lasts.
func WatchNeed(vantage string) run.Need {
	return run.Need{Vantage: vantage, When: run.Throughout, Spec: run.Spec{Probe: run.ProbeFlows}}
}

// RegistryNeed is the need of a key of a vantage's registry, with everything below it.
func RegistryNeed(vantage, key string) run.Need {
	return run.Need{Vantage: vantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeRegistry, Param: key}}
}

// Watchers are the vantages that see the wire at a host. Without a far end there
// nobody can watch.
func Watchers(p *intent.Policy, host string) []string {
	var names []string
	for _, v := range p.Vantages {
		if p.Sees(v, host) && !WithoutFarEnd(v) {
			names = append(names, v.Name)
		}
	}
	return names
}

// WithoutFarEnd reports whether no way in lets a far end of kmsiso run at the vantage.
func WithoutFarEnd(v intent.Vantage) bool {
	return len(v.Via) > 0 && !slices.ContainsFunc(v.Via, func(w intent.Via) bool { return w.Implies.FarEnd })
}

// Controls are the vantages whose success proves that a host answers those who
// may reach it: the first domain vantage that is not behind NAT and the first
// exempt one, or for want of one a second domain vantage. Two are enough, and a
// thousand would be a load.
func Controls(p *intent.Policy, h intent.Host) []string {
	members := make([]string, 0, 2)
	for i := 0; i < len(p.Vantages) && len(members) < 2; i++ {
		if v := &p.Vantages[i]; v.Role == intent.RoleDomain && !BehindNAT(*v) {
			members = append(members, v.Name)
		}
	}
	for i := range p.Vantages {
		if v := &p.Vantages[i]; v.Role == intent.RoleExempt && ExemptFor(p, *v, h) {
			return append(members[:min(1, len(members))], v.Name)
		}
	}
	return members
}

// BehindNAT reports whether a vantage is declared to be behind NAT.
func BehindNAT(v intent.Vantage) bool { return v.Path == "nat" }

// ExemptFor reports whether an exempt vantage is exempt towards a host. One
// that declares no addresses is taken at its word.
func ExemptFor(p *intent.Policy, v intent.Vantage, h intent.Host) bool {
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

// Family keeps the addresses of one family.
func Family(addrs []netip.Addr, six bool) []netip.Addr {
	var some []netip.Addr
	for _, a := range addrs {
		if a.Is6() == six {
			some = append(some, a)
		}
	}
	return some
}

// HostCells makes a cell for every pair of a vantage and a KMS host.
func HostCells(check string, p *intent.Policy, vantages []intent.Vantage) []run.CellID {
	ids := slices.Grow([]run.CellID(nil), len(vantages)*len(p.Hosts))
	for _, v := range vantages {
		for _, h := range p.Hosts {
			ids = append(ids, run.CellID{Check: check, Vantage: v.Name, Target: h.Name})
		}
	}
	return ids
}

// OutsidersPass says that outsiders are not denied yet.
func OutsidersPass(p *intent.Policy) bool { return p.Isolation.Stage == intent.StageRequest }
