package policyfile

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

// declared makes the model from the forms and checks it.
func (l *loader) declared(file string) *intent.Policy {
	p := intent.Policy{File: file, ForbidNTLM: l.forbidsNTLM()}
	for _, c := range l.credentials {
		p.Credentials = append(p.Credentials, l.credential(c))
	}
	for _, h := range l.hosts {
		p.Hosts = append(p.Hosts, l.host(h))
	}
	for _, e := range l.exemptions {
		p.Exemptions = append(p.Exemptions, l.exemption(e))
	}
	for _, f := range l.forests {
		p.Forests = append(p.Forests, l.forest(f))
	}
	for _, v := range l.vantages {
		p.Vantages = append(p.Vantages, l.vantage(v))
	}
	limit := l.main.Limits.form.Waiver
	for _, w := range l.waivers {
		p.Waivers = append(p.Waivers, l.waiver(w, limit))
	}
	p.Isolation = l.isolation(l.main.Isolation.form)
	p.Zone = l.main.Zone.value
	p.Limits = l.limits(l.main.Limits.form)
	all := intent.New(p)
	if l.instead != nil {
		all = all.WithFileSource(*l.instead)
	}
	l.check(all)
	return all
}

func (l *loader) host(h named[block[hostForm]]) intent.Host {
	f := h.value.form
	out := intent.Host{
		Name: h.name, FQDN: f.FQDN.value, Port: intent.KMSPort, PublishedIn: values(f.PublishedIn),
		DHCP: oneOf(l, "dhcp", f.DHCP, "never"),
	}
	if f.Port.set {
		out.Port = uint16(f.Port.value)
	}
	if f.FQDN.set {
		l.checkFQDN(f.FQDN)
	}
	for _, d := range f.PublishedIn.items {
		l.checkFQDN(d)
	}
	for _, a := range f.Addresses.items {
		switch {
		case !a.set:
		case slices.Contains(out.Addresses, a.value):
			l.bad.add(a.at, "host %s has the address %s twice", h.name, a.value)
		default:
			out.Addresses = append(out.Addresses, a.value)
		}
	}
	if len(f.Addresses.items) == 0 && !f.FQDN.set && !h.value.broken {
		l.bad.add(h.at, "host %s has neither addresses nor fqdn; give one of them", h.name)
	}
	return out
}

func (l *loader) exemption(e block[exemptionForm]) intent.Exemption {
	f := e.form
	out := intent.Exemption{
		Name: f.Name.value, To: l.hostNames(f.To), Reason: f.Reason.value, Owner: f.Owner.value,
		Control: f.Control.value, Expires: f.Expires.value.end(l.zone), Until: f.Expires.value.text,
	}
	if !f.Name.set && !e.broken {
		l.bad.add(e.at, "the exemption has no name; give it one")
	}
	if len(f.Addresses.items) == 0 && !e.broken {
		l.bad.add(e.at, "exemption %s has no addresses; name the addresses or networks it lets in", out.Name)
	}
	for _, a := range f.Addresses.items {
		out.Addresses = append(out.Addresses, a.value...)
	}
	if f.Expires.set && !out.Expires.After(l.now) {
		l.bad.warn(f.Expires.at, "exemption %s expired on %s; remove it from the hosts, or extend it", out.Name, out.Until)
	}
	return out
}

func (l *loader) limits(f limitsForm) intent.Limits {
	out := intent.Limits{
		Positive: duration(l, "positive", f.Positive, intent.DefaultPositive, time.Second, 2*time.Minute),
		Window:   intent.MinWindow,
		Connect:  duration(l, "connect", f.Connect, intent.DefaultConnect, time.Second, 5*time.Minute),
		Ports:    slices.Clone(intent.DefaultPorts),
		UDPPorts: slices.Clone(intent.DefaultUDPPorts),
		Waiver:   int(f.Waiver.value),
		SkipOwn:  f.ScanOwn.set && !f.ScanOwn.value,
	}
	if f.Window.set {
		out.Window = f.Window.value
		if out.Window < intent.MinWindow {
			l.bad.add(f.Window.at, "window %s is below %s: a dead machine looks silent for 3.05 s, so a shorter window proves nothing", out.Window, intent.MinWindow)
		}
		if out.Window > intent.MaxWindow {
			l.bad.add(f.Window.at, "window %s is above %s, the longest that is used", out.Window, intent.MaxWindow)
		}
	}
	if f.Ports.set {
		out.Ports = ports(f.Ports)
	}
	if f.UDPPorts.set {
		out.UDPPorts = ports(f.UDPPorts)
	}
	return out
}

func duration(l *loader, key string, s scalar[time.Duration], standard, least, most time.Duration) time.Duration {
	if !s.set {
		return standard
	}
	if s.value < least || s.value > most {
		l.bad.add(s.at, "%s is %s; want %s to %s", key, s.value, least, most)
	}
	return s.value
}

// oneOf reads a word of those that the form has for it; standard is used where there
// is none.
func oneOf[T ~string](l *loader, key string, s text, standard T) T {
	if !s.set {
		return standard
	}
	if !slices.Contains(s.choice, s.value) {
		l.bad.add(s.at, "%s %q is not known; %s", key, s.value, didYouMean(s.value, s.choice))
	}
	return T(s.value)
}

func values(l list[text]) []string {
	var out []string
	for _, s := range l.items {
		if s.set {
			out = append(out, s.value)
		}
	}
	return out
}

func ports(l list[scalar[port]]) []uint16 {
	out := []uint16{}
	for _, n := range l.items {
		if n.set && !slices.Contains(out, uint16(n.value)) {
			out = append(out, uint16(n.value))
		}
	}
	return out
}

func addrs(l list[scalar[netip.Addr]]) []netip.Addr {
	var out []netip.Addr
	for _, a := range l.items {
		if a.set {
			out = append(out, a.value)
		}
	}
	return out
}

func names[T any](all []named[T]) []string {
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = n.name
	}
	return out
}

// dnsName is compiled when a name is checked: the form is large, and a far end, which is
// the same program, has no policy.
var dnsName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?$`)
})

var (
	numeric = regexp.MustCompile(`^[0-9.]+$`)
	plainly = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
)

func (l *loader) checkFQDN(s text) {
	switch {
	case !s.set:
	case numeric.MatchString(s.value) || strings.Contains(s.value, ":"):
		l.bad.add(s.at, "%q is an address, not a name; write it under addresses", s.value)
	case len(s.value) > 253 || !dnsName().MatchString(s.value):
		l.bad.add(s.at, "%q is no DNS name", s.value)
	}
}

// checkName refuses names that cannot stand in a cell id or mean something
// else.
func (l *loader) checkName(what, name string, at place) {
	switch {
	case !plainly.MatchString(name):
		l.bad.add(at, "%s %q: a name is made of letters, digits, dot, hyphen and underscore", what, name)
	case name == intent.NameAllHosts || name == intent.NameDC || name == intent.NameDNS || name == intent.NameDirectory:
		l.bad.add(at, "%s %q: the name is reserved; choose another", what, name)
	}
}
