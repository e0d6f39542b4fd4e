package explain

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

const (
	forHosts   = "hosts"
	forClients = "clients"
)

// host is a KMS host.
func (x *Explainer) host(h policy.Host) *place {
	p := &place{name: h.Name, kind: kindHost, addrs: h.Addresses, port: h.Port, count: 1, declared: forHosts}
	e, err := x.HostEnd(h)
	p.take(x, e, err)
	return p
}

// take takes over what is known of an end, or why it is not.
func (p *place) take(x *Explainer, e estate.End, err error) {
	p.env, p.domain, p.told = e.Env, e.Domain, e.Told
	if p.env.Profile == "" {
		p.env.Profile = estate.DomainProfile
	}
	var gap *estate.Gap
	switch {
	case errors.As(err, &gap) && gap.Kind == estate.GapAccount:
		p.nothing = gap.Text
	case err != nil:
		p.unknown = err.Error()
	}
	if a := e.Account; a != nil {
		p.member = memberOf(&a.Machine, e.Domain)
		p.member.DN = a.DN
		if !a.Enabled {
			p.member.State = "disabled"
		}
	}
	if p.told == nil || !p.told.Assumed {
		return
	}
	if f := x.Forest(p.domain); f != nil && f.Kind == run.SourceRegistry {
		p.premise = "taken to be the machine of " + exports(p.told)
	} else {
		p.premise = fmt.Sprintf("taken to get what is declared for %s, because %s", p.declared, f.Lost[run.AspectComputers])
	}
}

// exports names the registry exports that are of a machine.
func exports(t *estate.Told) string {
	var names []string
	for _, g := range t.GPOs {
		names = append(names, g.Name)
	}
	return "the export " + some(names, mostRanges)
}

func memberOf(m *run.Machine, domain string) *run.ExplainedMember {
	os := m.OS
	if m.OSVersion != "" {
		os += " " + m.OSVersion
	}
	return &run.ExplainedMember{In: m.Container, Domain: domain, OS: os}
}

// vantage is a place of the policy: what its account has been told, or by its
// role that nothing comes to it.
func (x *Explainer) vantage(v policy.Vantage) *place {
	if h, ok := x.Policy.Host(v.Host); ok && v.Role == policy.RoleKMSHost {
		return x.host(h)
	}
	addrs, behind := x.vantageAddresses(v)
	p := &place{name: v.Name, kind: kindVantage, role: string(v.Role), count: 1, env: consec.Env{Profile: estate.DomainProfile}}
	if v.Role == policy.RoleNonDomain {
		p.nothing = "it is declared to be no member of any domain, so no Group Policy comes to it"
		p.addrs, p.behind = addrs, behind
		return p
	}
	for _, name := range x.Policy.MachineNames(v) {
		if found, err := x.machine(name, addrs...); found != nil {
			p = found
			p.name, p.kind, p.role = v.Name, kindVantage, string(v.Role)
			break
		} else if err != nil {
			p.unknown = err.Error()
		}
	}
	p.addrs, p.behind = addrs, behind
	if p.told == nil && p.nothing == "" && p.unknown == "" {
		x.undirected(v, p)
	}
	if v.Role == policy.RoleDomain {
		p.declared = forClients
	}
	return p
}

// undirected is a vantage that no directory has an account of.
func (x *Explainer) undirected(v policy.Vantage, p *place) {
	names := strings.Join(x.Policy.MachineNames(v), ", ")
	switch v.Role {
	case policy.RoleExempt:
		p.nothing = "no account of it was found, so no Group Policy comes to it"
		p.premise = "taken for a machine that gets no Group Policy, because the policy exempts it"
	case policy.RoleDomain:
		domain := x.DomainOf(qualified(x.Policy.MachineNames(v)))
		if f := x.Forest(domain); f != nil && f.Lost[run.AspectComputers] != "" && f.Kind != run.SourceRegistry {
			x.assume(p, domain)
			return
		}
		if why := x.Unread(domain, run.AspectComputers); why != nil {
			p.unknown = why.Text
			return
		}
		p.unknown = fmt.Sprintf("it is declared to be a member, and no directory that was read has an account of the name %s", names)
	default:
		p.unknown = fmt.Sprintf("no directory that was read has an account of the name %s", names)
	}
}

// qualified is the first name with a domain.
func qualified(names []string) string {
	for _, n := range names {
		if _, err := netip.ParseAddr(n); err != nil && strings.Contains(n, ".") {
			return n
		}
	}
	return ""
}

// assume makes a client of a domain of which no accounts are known.
func (x *Explainer) assume(p *place, domain string) {
	p.declared = forClients
	ends, err := x.ClientEnds(domain)
	if err != nil {
		p.take(x, estate.End{Domain: domain}, err)
		return
	}
	p.take(x, ends[0], nil)
}

// client is a computer that gets what is declared for clients, of the first
// domain that has any.
func (x *Explainer) client() (*place, error) {
	var why error
	for _, i := range estate.Isolations(x.Policy) {
		ends, err := x.ClientEnds(i.Domain)
		if err != nil {
			why = errors.Join(why, err)
			continue
		}
		p := &place{name: nameClient, kind: kindClient, declared: forClients}
		p.take(x, ends[0], nil)
		p.count = max(ends[0].Count, 1)
		if !ends[0].Told.Assumed {
			p.premise = "taken for one such as " + ends[0].Name
		}
		return p, nil
	}
	if why == nil {
		why = errors.New("the policy declares no isolation in a domain that was read")
	}
	return nil, fmt.Errorf("no client is known: %w", why)
}

// vantageAddresses are those of the vantage itself, and those that others see
// of it.
func (x *Explainer) vantageAddresses(v policy.Vantage) (own, behind []netip.Addr) {
	own = slices.Clone(v.Addresses)
	if at := x.vantages[v.Name]; at != nil && len(own) == 0 {
		for _, a := range at.Addresses {
			if a = a.Unmap().WithZone(""); !slices.Contains(v.SeenAs, a) && !slices.Contains(own, a) && !a.IsLinkLocalUnicast() && !a.IsLoopback() {
				own = append(own, a)
			}
		}
	}
	if len(own) == 0 {
		return v.SeenAs, nil
	}
	return own, v.SeenAs
}
