package scanner

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// untested says what a run does not speak of, so that nobody reads a GO as more
// than it is.
func untested(p *intent.Policy, r *run.Run) reason.List {
	var out reason.List
	say := func(code reason.Code, args ...any) { out = append(out, reason.New(code, args...)) }

	if r.Audit {
		say(reason.NetworkNotObserved)
	}
	if len(p.Directories()) == 0 {
		say(reason.DirectoryNotDeclared, "instead", "gpo-applied")
	}
	out = append(out, unread(r)...)
	if r.Audit {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(p.Pins)) {
		if why := p.Pins[name].Trouble; len(why) > 0 && !slices.ContainsFunc(p.Hosts, func(h intent.Host) bool { return strings.EqualFold(h.FQDN, name) }) {
			say(reason.NameWithoutAddress, "name", name, "why", why)
		}
	}
	outsiders := p.WithRole(intent.RoleNonDomain)
	if len(outsiders) == 0 {
		say(reason.NoOutsiderVantage)
	}
	if len(p.WithRole(intent.RoleDomain)) == 0 {
		say(reason.NoMemberVantage)
	}
	for _, h := range p.Hosts {
		if len(outsiders) > 0 && !slices.ContainsFunc(outsiders, func(v intent.Vantage) bool { return inSegment(r, v, h) }) {
			say(reason.NoOutsiderInSegment, "host", h.Name)
		}
		if !slices.ContainsFunc(h.Addresses, netip.Addr.Is4) {
			say(reason.NoIPv4Address, "host", h.Name)
		}
		if !slices.ContainsFunc(h.Addresses, netip.Addr.Is6) {
			say(reason.NoIPv6Address, "host", h.Name)
		}
		if len(p.HostVantages(h.Name)) == 0 {
			say(reason.HostNotAVantage, "host", h.Name)
		}
	}
	if p.Limits.SkipOwn {
		say(reason.OwnAddressesOff)
	}
	if !slices.ContainsFunc(p.Vantages, func(v intent.Vantage) bool { return v.Path == "nat" }) {
		say(reason.NoVantageBehindNAT)
	}
	if len(p.Exemptions) > 0 && len(p.WithRole(intent.RoleExempt)) == 0 {
		say(reason.NoExemptVantage)
	}
	for _, f := range p.Isolation.Inbound {
		for _, from := range f.From {
			if _, ok := p.Vantage(from); !ok {
				say(reason.FlowSourceNotAVantage, "from", from)
			}
		}
	}
	for i := range r.Obligations {
		if o := &r.Obligations[i]; o.Why.Has(reason.FlowNotTriable) {
			say(reason.FlowUntried, "flow", o.What, "why", o.Why)
		}
	}
	out = append(out, deniesUntried(r)...)
	return append(out, untried(p, r)...)
}

// inSegment reports whether a vantage stands in a host's own subnet, by the
// addresses that it was found to have.
func inSegment(r *run.Run, v intent.Vantage, h intent.Host) bool {
	i := slices.IndexFunc(r.Vantages, func(x run.Vantage) bool { return x.Name == v.Name })
	return i >= 0 && h.InSegment(r.Vantages[i].Addresses)
}
