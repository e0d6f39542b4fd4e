package policyfile

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/guid"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/way"
)

func (l *loader) isolation(f isolationForm) intent.Isolation {
	out := intent.Isolation{
		Stage: oneOf(l, "stage", f.Stage, intent.StageRequire),
		Basis: oneOf(l, "basis", f.Basis, intent.BasisHardened),
		Scope: oneOf(l, "scope", f.Scope, intent.ScopeHost),

		Coverage:     intent.Coverage{Threshold: intent.WholeCoverage},
		DCActivation: f.DCActivation.value,
	}
	if f.Coverage.form.Threshold.set {
		out.Coverage.Threshold = float64(f.Coverage.form.Threshold.value)
	}
	if f.ADBA.set {
		out.ADBA = &f.ADBA.value
	}
	for _, g := range f.Policies.items {
		one := l.gpo(g)
		if twice := slices.IndexFunc(out.Policies, func(o intent.GPO) bool { return overlap(one, o) }); twice >= 0 && !g.broken {
			l.bad.add(g.at, "the policy %s is declared twice for one domain; keep one of them (role: both is for hosts and clients)", one.Name+one.ID)
		}
		out.Policies = append(out.Policies, one)
	}
	for _, a := range f.Inbound.items {
		out.Inbound = append(out.Inbound, l.access(a, true))
	}
	for _, a := range f.Outbound.items {
		out.Outbound = append(out.Outbound, l.access(a, false))
	}
	return out
}

// overlap reports whether two declarations are of one GPO in one domain: what is
// judged of it could not be told apart.
func overlap(g, o intent.GPO) bool {
	if !strings.EqualFold(g.Name, o.Name) || !strings.EqualFold(g.ID, o.ID) {
		return false
	}
	return len(g.Domains) == 0 || len(o.Domains) == 0 || slices.ContainsFunc(g.Domains, func(d string) bool {
		return slices.ContainsFunc(o.Domains, func(e string) bool { return strings.EqualFold(strings.TrimSuffix(d, "."), strings.TrimSuffix(e, ".")) })
	})
}

func (l *loader) gpo(g block[gpoForm]) intent.GPO {
	f := g.form
	out := intent.GPO{
		Name: f.Name.value, ID: f.ID.value, Domains: values(f.Domains),
		Role: oneOf(l, "role", f.Role, "both"),
	}
	if !f.Name.set && !f.ID.set && !g.broken {
		l.bad.add(g.at, `a policy needs its name or its id ("{GUID}")`)
	}
	if _, ok := guid.Canonical(f.ID.value); f.ID.set && !ok {
		l.bad.add(f.ID.at, `%q is no id of a policy; write it as "{31B2F340-016D-11D2-945F-00C04FB984F9}"`, f.ID.value)
	}
	for _, d := range f.Domains.items {
		l.checkFQDN(d)
	}
	return out
}

// access resolves a declared flow: inbound from vantages to hosts, outbound
// from hosts to anything.
func (l *loader) access(a block[accessForm], inbound bool) intent.Access {
	f := a.form
	out := intent.Access{From: values(f.From), To: values(f.To), Ports: ports(f.Ports)}
	if len(out.Ports) == 0 {
		out.Ports = nil
	}
	if (len(f.From.items) == 0 || len(f.To.items) == 0) && !a.broken {
		l.bad.add(a.at, "a flow needs from and to, lists of names")
	}
	host := func(s text) {
		if s.value != intent.NameAllHosts {
			l.known("host", s, func() []string { return append([]string{intent.NameAllHosts}, names(l.hosts)...) })
		}
	}
	for _, from := range f.From.items {
		switch {
		case !from.set:
		case !inbound:
			host(from)
		case !l.has("vantage", from.value):
			l.bad.warn(from.at, "%s is no vantage, so the flow from there is not tested; %s", from.value, didYouMean(from.value, names(l.vantages)))
		}
	}
	for _, to := range f.To.items {
		switch {
		case !to.set:
		case inbound:
			host(to)
			if len(out.Ports) == 0 {
				l.bad.add(to.at, "the flow says no port; give ports, such as [3389]")
			}
		default:
			l.destination(to, out.Ports)
		}
	}
	return out
}

// destination checks a name or address, with a port unless ports say it or
// the reserved name has its own.
func (l *loader) destination(s text, ports []uint16) bool {
	if !s.set {
		return false
	}
	before := len(l.bad.found)
	name := l.hostPort(s, s.value)
	_, port := intent.SplitPort(s.value)
	own := name == intent.NameDC || name == intent.NameDNS
	switch {
	case len(l.bad.found) > before:
		return false
	case port == 0 && len(ports) == 0 && !own:
		l.bad.add(s.at, "%q says no port; write name:port", s.value)
	case name == intent.NameDC && len(l.dcs()) == 0:
		l.bad.add(s.at, "dc stands for the domain controllers of the forests, and no forest names any; give forests with directory urls")
	case own || name == intent.NameAllHosts || l.has("host", name) || l.has("vantage", name):
	case numeric.MatchString(name) || strings.Contains(name, ":"):
		if _, err := parseAddr(name); err != nil {
			l.bad.add(s.at, "%v", err)
		}
	case l.bad.full():
		l.bad.add(s.at, "%q is neither a host nor a vantage", name)
	case !strings.Contains(strings.TrimSuffix(name, "."), "."):
		l.bad.add(s.at, "%q is neither a host, nor a vantage, nor a full DNS name; %s", name,
			didYouMean(name, slices.Concat([]string{intent.NameAllHosts, intent.NameDC, intent.NameDNS}, names(l.hosts), names(l.vantages))))
	case len(name) > 253 || !dnsName().MatchString(name):
		l.bad.add(s.at, "%q is no DNS name", name)
	}
	return len(l.bad.found) == before
}

func (l *loader) dcs() []text {
	var out []text
	for _, f := range l.forests {
		out = append(out, f.value.form.Directory.form.URLs.items...)
	}
	return out
}

// hostPort cuts off a port and checks it.
func (l *loader) hostPort(s text, hostport string) string {
	host, err := way.HostPort(s.value, hostport)
	if err != nil {
		l.bad.add(s.at, "%v", err)
	}
	return host
}

// hostNames checks a list of names of hosts.
func (l *loader) hostNames(all list[text]) []string {
	for _, s := range all.items {
		l.known("host", s, l.hostsDeclared)
	}
	return values(all)
}

// has reports whether a thing of a kind (host, vantage, credential, forest) is
// declared by that name.
func (l *loader) has(what, name string) bool {
	_, ok := l.declaredAt[[2]string{what, name}]
	return ok
}

// known tells a name that is not declared, and what else there is of its kind.
func (l *loader) known(what string, s text, declared func() []string) {
	switch {
	case !s.set || l.has(what, s.value):
	case l.bad.full():
		l.bad.add(s.at, "unknown %s %q", what, s.value)
	default:
		l.bad.add(s.at, "unknown %s %q; %s", what, s.value, didYouMean(s.value, declared()))
	}
}

func (l *loader) hostsDeclared() []string { return names(l.hosts) }
