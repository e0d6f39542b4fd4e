package intent

import (
	"net/netip"
	"slices"
	"strings"
)

// WithRole returns the vantages that have one of the roles, in the order of
// the file.
func (p *Policy) WithRole(roles ...Role) []Vantage {
	var out []Vantage
	for _, v := range p.Vantages {
		if slices.Contains(roles, v.Role) {
			out = append(out, v)
		}
	}
	return out
}

// HostVantages returns the vantages that are this KMS host.
func (p *Policy) HostVantages(host string) []Vantage {
	var out []Vantage
	for i := range p.Vantages {
		if v := &p.Vantages[i]; v.Role == RoleKMSHost && v.Host == host {
			out = append(out, *v)
		}
	}
	return out
}

// Sees reports whether the vantage can watch what arrives at a KMS host: it is
// that host, or it stands on the host's segment.
func (p *Policy) Sees(v Vantage, host string) bool {
	return v.Role == RoleKMSHost && v.Host == host || slices.Contains(v.Sees, host)
}

// Exempt returns the first exemption that lets this address reach the named
// host in clear. An expired exemption counts: it is what the hosts still do.
func (p *Policy) Exempt(addr netip.Addr, host string) (Exemption, bool) {
	for _, e := range p.Exemptions {
		if e.Applies(host) && e.Contains(addr) {
			return e, true
		}
	}
	return Exemption{}, false
}

// Applies reports whether the exemption is for the named host.
func (e Exemption) Applies(host string) bool {
	return len(e.To) == 0 || slices.Contains(e.To, host)
}

// Contains reports whether the exemption covers the address.
func (e Exemption) Contains(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(e.Addresses, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// Credential returns the credential of that name.
func (p *Policy) Credential(name string) (Credential, bool) {
	i := slices.IndexFunc(p.Credentials, func(c Credential) bool { return c.Name == name })
	if i < 0 {
		return Credential{}, false
	}
	return p.Credentials[i], true
}

// Directories are the forests whose configured policy can be read: from a
// source in files, or from domain controllers by a credential.
func (p *Policy) Directories() []Forest {
	var some []Forest
	for _, f := range p.Forests {
		d := f.Directory
		if d.FileSource.Kind != "" || len(d.URLs) > 0 && d.Credential != "" {
			some = append(some, f)
		}
	}
	return some
}

// MachineNames are the names by which a vantage may have an account in a
// directory: those of its ways in, and its own.
func (p *Policy) MachineNames(v Vantage) []string {
	all := []string{v.Name}
	add := func(name string) {
		if name = strings.ToLower(name); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, w := range v.Via {
		add(w.Implies.Machine)
	}
	if h, ok := p.Host(v.Host); ok && v.Role == RoleKMSHost {
		add(h.FQDN)
	}
	return all
}

// QualifiedName is the first of a vantage's [Policy.MachineNames] with a domain, ""
// where it has none.
func (p *Policy) QualifiedName(v Vantage) string {
	for _, n := range p.MachineNames(v) {
		if _, err := netip.ParseAddr(n); err != nil && strings.Contains(n, ".") {
			return n
		}
	}
	return ""
}

// WayNames are the names of a machine that a way leads into, that which it is
// asked by first.
func (p *Policy) WayNames(v Vantage, w Via) []string {
	only := Vantage{Name: v.Name, Via: []Via{w}}
	all := p.MachineNames(only)[1:]
	for _, name := range p.MachineNames(v) {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// InSegment reports whether one of the addresses shares a /24 or /64 with one of
// the host's: it is taken to stand in the host's own subnet.
func (h Host) InSegment(addrs []netip.Addr) bool {
	return slices.ContainsFunc(addrs, func(a netip.Addr) bool {
		return slices.ContainsFunc(h.Addresses, func(b netip.Addr) bool {
			bits := 24
			if b.Is6() {
				bits = 64
			}
			return a.Is4() == b.Is4() && netip.PrefixFrom(b, bits).Masked().Contains(a)
		})
	})
}
