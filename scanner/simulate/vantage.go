package simulate

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// remoteAccess is the InterfaceType of a connection by VPN or dial-up, as rules
// name it ([MS-FASP] 2.2.21: FW_INTERFACE_TYPE_REMOTE_ACCESS).
const remoteAccess = "RemoteAccess"

// Away is an environment over a VPN: rules for LAN interfaces are not for it.
func Away(env effect.Env) effect.Env {
	env.InterfaceType = remoteAccess
	return env
}

// onVPN reports whether a vantage reaches the hosts over a VPN.
func onVPN(v intent.Vantage) bool { return v.Path == "vpn" }

// AnyOnVPN reports whether a declared member reaches the hosts over a VPN.
func AnyOnVPN(p *intent.Policy) bool {
	return slices.ContainsFunc(p.WithRole(intent.RoleDomain), onVPN)
}

// Vantage is a vantage of the policy: what its account gets, or by its role that
// nothing comes to it.
func (s *Simulator) Vantage(v intent.Vantage) *Endpoint {
	if h, ok := s.policy.Host(v.Host); ok && v.Role == intent.RoleKMSHost {
		return s.Host(h)
	}
	return s.once("vantage "+v.Name, func() Endpoint { return *s.vantage(v) })
}

func (s *Simulator) vantage(v intent.Vantage) *Endpoint {
	addrs, behind := s.vantageAddresses(v)
	e := &Endpoint{Name: v.Name, Kind: KindVantage, Role: string(v.Role), Count: 1, Env: atHome}
	switch {
	case v.Role == intent.RoleNonDomain:
		e.Nothing = reason.One(reason.DeclaredStranger)
	case s.directory == nil:
		e.Unknown = reason.One(reason.DirectoryNotDeclared)
	default:
		e = s.member(v, e, slices.Concat(addrs, behind))
	}
	if e.Addrs, e.Behind = addrs, behind; onVPN(v) && len(e.Nothing) == 0 {
		e.Env = Away(e.Env)
	}
	return e
}

// member is a vantage that may have an account in a directory.
func (s *Simulator) member(v intent.Vantage, e *Endpoint, addrs []netip.Addr) *Endpoint {
	for _, name := range s.policy.MachineNames(v) {
		if found, err := s.account(name, addrs); found != nil {
			e = found
			e.Name, e.Kind, e.Role = v.Name, KindVantage, string(v.Role)
			break
		} else if err != nil {
			e.Unknown = reason.Of(err)
		}
	}
	if e.Policy == nil && len(e.Nothing)+len(e.Unknown) == 0 {
		s.undirected(v, e)
	}
	if v.Role == intent.RoleDomain {
		e.Declared = forClients
	}
	return e
}

// undirected is a vantage that no directory has an account of.
func (s *Simulator) undirected(v intent.Vantage, e *Endpoint) {
	names := s.policy.MachineNames(v)
	switch v.Role {
	case intent.RoleExempt:
		e.Nothing = reason.One(reason.NoAccountFound)
		e.Premise = reason.One(reason.TakenForExemptVantage)
	case intent.RoleDomain:
		domain := s.directory.DomainOf(s.policy.QualifiedName(v))
		if f := s.directory.Forest(domain); f != nil && len(f.Lost[run.AspectComputers]) > 0 && len(f.Machines) == 0 {
			s.assume(e, domain)
			return
		}
		if why := s.directory.Unread(domain, run.AspectComputers); why != nil {
			e.Unknown = why.Reasons
			return
		}
		e.Unknown = reason.One(reason.MemberWithoutAccount, "names", names)
	default:
		e.Unknown = reason.One(reason.NameWithoutAccount, "names", names)
	}
}

// vantageAddresses are those of the vantage itself, declared ones first, and
// those that others see of it.
func (s *Simulator) vantageAddresses(v intent.Vantage) (own, behind []netip.Addr) {
	own = slices.Clone(v.Addresses)
	if at := s.vantages[v.Name]; at != nil {
		for _, a := range at.Addresses {
			a = a.Unmap().WithZone("")
			if !slices.Contains(v.SeenAs, a) && !slices.Contains(own, a) && !a.IsLinkLocalUnicast() && !a.IsLoopback() {
				own = append(own, a)
			}
		}
	}
	if len(own) == 0 {
		return v.SeenAs, nil
	}
	return own, v.SeenAs
}
