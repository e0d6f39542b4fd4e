package scanner

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// untested says, in sentences, what a run does not speak of, so that nobody
// reads a GO as more than it is.
func untested(p *policy.Policy, r *run.Run) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }

	if r.Audit {
		say("what the network and the hosts do: an audit looks at what is configured alone (kmsiso verify looks at both)")
	}
	if len(p.Directories()) == 0 {
		say("what Windows is told by Active Directory: no directory is read; gpo-applied reads what arrived on the vantages")
	}
	out = append(out, unread(r)...)
	if r.Audit {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(p.Pins)) {
		if why := p.Pins[name].Error; why != "" && !slices.ContainsFunc(p.Hosts, func(h policy.Host) bool { return strings.EqualFold(h.FQDN, name) }) {
			say("anything at %s, which has no address: %s", name, why)
		}
	}
	outsiders := p.WithRole(policy.RoleNonDomain)
	if len(outsiders) == 0 {
		say("that outsiders are denied: the policy has no non-domain vantage")
	}
	if len(p.WithRole(policy.RoleDomain)) == 0 {
		say("that domain members get in: the policy has no domain vantage")
	}
	for _, h := range p.Hosts {
		if len(outsiders) > 0 && !slices.ContainsFunc(outsiders, func(v policy.Vantage) bool { return inSegment(r, v, h) }) {
			say("%s from an outsider in its own segment: no non-domain vantage stands there", h.Name)
		}
		if !slices.ContainsFunc(h.Addresses, netip.Addr.Is6) {
			say("%s over IPv6: no IPv6 address is declared", h.Name)
		}
		if len(p.HostVantages(h.Name)) == 0 {
			say("connections from %s, and what it is told: it is no vantage", h.Name)
		}
	}
	if !slices.ContainsFunc(p.Vantages, func(v policy.Vantage) bool { return v.Path == "nat" }) {
		say("clients behind NAT: no vantage has path nat")
	}
	if len(p.Exemptions) > 0 && len(p.WithRole(policy.RoleExempt)) == 0 {
		say("that the exemptions work: the policy has no exempt vantage")
	}
	for _, f := range p.Isolation.Inbound {
		for _, from := range f.From {
			if _, ok := p.Vantage(from); !ok {
				say("the declared flow from %s: it is no vantage", from)
			}
		}
	}
	if p.Isolation.Scope == policy.ScopeHost && len(p.Limits.Ports) > 0 {
		say("ports of the hosts other than the KMS port and %s", strings.Trim(fmt.Sprint(p.Limits.Ports), "[]"))
	}
	return out
}

// inSegment reports whether a vantage shares a /24 or /64 with the host.
func inSegment(r *run.Run, v policy.Vantage, h policy.Host) bool {
	i := slices.IndexFunc(r.Vantages, func(x run.Vantage) bool { return x.Name == v.Name })
	if i < 0 {
		return false
	}
	return slices.ContainsFunc(r.Vantages[i].Addresses, func(a netip.Addr) bool {
		return slices.ContainsFunc(h.Addresses, func(b netip.Addr) bool {
			bits := 24
			if b.Is6() {
				bits = 64
			}
			return a.Is4() == b.Is4() && netip.PrefixFrom(b, bits).Masked().Contains(a)
		})
	})
}
