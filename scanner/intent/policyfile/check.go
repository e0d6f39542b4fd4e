package policyfile

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

// mostOffered is how many names a message offers to choose from.
const mostOffered = 10

// check looks for contradictions between the parts of a policy.
func (l *loader) check(p *intent.Policy) {
	top := l.whole(p.File)
	if len(l.hosts) == 0 {
		l.bad.add(top, "no KMS host is declared; give hosts, such as hosts: {kms01: {addresses: [198.18.10.30]}}")
	}
	if len(l.vantages) == 0 && len(p.Directories()) == 0 {
		l.bad.add(top, "no vantage is declared and no directory to read; give vantages, such as vantages: {outsider: {role: non-domain, via: [local]}}")
	}
	l.checkHostAddresses()
	l.checkExemptions(p)
	exempt := indexExemptions(p)
	for i, v := range l.vantages {
		l.checkVantage(p, p.Vantages[i], v, exempt)
	}
	l.checkTiers(p)
	l.checkLogons(p)
	l.checkNTLM(p)
}

func (l *loader) checkHostAddresses() {
	type owner struct {
		host string
		at   place
	}
	seen := map[netip.Addr]owner{}
	for _, h := range l.hosts {
		for _, a := range h.value.form.Addresses.items {
			if first, ok := seen[a.value]; ok && a.set && first.host != h.name {
				l.bad.add(a.at, "host %s has the address %s of host %s (%s); every host has its own", h.name, a.value, first.host, first.at)
				continue
			}
			seen[a.value] = owner{h.name, a.at}
		}
	}
}

// A network of more addresses than these is hardly an exemption.
const (
	widestIPv4 = 16
	widestIPv6 = 48
)

func (l *loader) checkExemptions(p *intent.Policy) {
	hosts := indexHosts(p)
	named := map[string]bool{}
	for _, e := range l.exemptions {
		name := e.form.Name
		if name.set && named[name.value] {
			l.bad.add(name.at, "exemption %q is declared twice; keep one of them", name.value)
		}
		named[name.value] = true
		for _, a := range e.form.Addresses.items {
			for _, h := range hosts.in(a.value) {
				l.bad.add(a.at, "exemption %s covers KMS host %s (%s), which would then accept everybody in clear; take the host out of the range", name.value, h.name, h.addr)
			}
			l.checkWidth(name.value, a)
		}
	}
}

func (l *loader) checkWidth(name string, a scalar[addresses]) {
	for _, n := range a.value {
		switch {
		case n.Bits() == 0:
			l.bad.warn(a.at, "exemption %s covers every address of its family: nothing is isolated", name)
		case n.Addr().Is4() && n.Bits() < widestIPv4, n.Addr().Is6() && n.Bits() < widestIPv6:
			l.bad.warn(a.at, "exemption %s covers %s, a very wide range", name, n)
		}
	}
}

func (l *loader) checkVantage(p *intent.Policy, v intent.Vantage, form named[block[vantageForm]], exempt exemptIndex) {
	f := form.value.form
	if v.Role == intent.RoleKMSHost {
		l.checkKMSHost(v, form)
	} else if f.Host.set {
		l.bad.add(f.Host.at, "host means something for role kms-host only; remove it, or set the role")
	} else if l.has("host", v.Name) {
		l.bad.add(form.at, "vantage %s has the name of a KMS host but role %s; rename it, or give it role kms-host", v.Name, v.Role)
	}
	if f.PairedWith.set {
		l.checkPair(p, v, f.PairedWith)
	}
	l.checkAlive(p, v, f)
	// What a host sees decides, so behind NAT the outer addresses count.
	seen := f.Addresses.items
	if len(f.SeenAs.items) > 0 {
		seen = f.SeenAs.items
	}
	inside := false
	for _, a := range seen {
		for _, e := range exempt.of(a.value) {
			if !a.set {
				continue
			}
			inside = true
			if v.Role == intent.RoleDomain || v.Role == intent.RoleNonDomain {
				l.bad.add(a.at, "vantage %s has role %s but is inside exemption %s (%s); give it role exempt, or take it out of the range", v.Name, v.Role, e.Name, a.value)
			}
		}
		if h, ok := p.HostOf(a.value); ok && a.set && (v.Role != intent.RoleKMSHost || v.Host != h.Name) {
			l.bad.add(a.at, "vantage %s has the address %s of KMS host %s", v.Name, a.value, h.Name)
		}
	}
	switch {
	case v.Role != intent.RoleExempt || inside:
	case len(p.Exemptions) == 0:
		l.bad.add(form.at, "vantage %s has role exempt but there are no exemptions; declare the one that lets it in", v.Name)
	case len(seen) > 0:
		l.bad.add(form.at, "vantage %s has role exempt but none of its addresses is in an exemption; declare the one that lets it in, or change the role", v.Name)
	}
}

func (l *loader) checkKMSHost(v intent.Vantage, form named[block[vantageForm]]) {
	switch host := form.value.form.Host; {
	case host.set:
		l.known("host", host, l.hostsDeclared)
	case !l.has("host", v.Name):
		hosts := names(l.hosts)
		l.bad.add(form.at, "vantage %s has role kms-host but is no declared host; name the host it is with host: %s", v.Name, strings.Join(hosts[:min(len(hosts), mostOffered)], " or "))
	}
}

func (l *loader) checkPair(p *intent.Policy, v intent.Vantage, s text) {
	other, ok := p.Vantage(s.value)
	switch {
	case !ok:
		l.known("vantage", s, func() []string { return names(l.vantages) })
	case other.Name == v.Name:
		l.bad.add(s.at, "vantage %s is paired with itself; name an exempt vantage in the same subnet", v.Name)
	case other.Role != intent.RoleExempt:
		l.bad.add(s.at, "vantage %s is paired with %s of role %s; name an exempt vantage in the same subnet", v.Name, other.Name, other.Role)
	}
}

// checkTiers warns where one secret opens places of different worth.
func (l *loader) checkTiers(p *intent.Policy) {
	uses := map[string][]string{}
	use := func(credential, place string) {
		if credential != "" && !slices.Contains(uses[credential], place) {
			uses[credential] = append(uses[credential], place)
		}
	}
	for _, f := range p.Forests {
		use(f.Directory.Credential, "directories")
	}
	for _, v := range p.Vantages {
		for _, w := range v.Via {
			switch v.Role {
			case intent.RoleKMSHost:
				use(w.Credential, "KMS hosts")
			default:
				use(w.Credential, "other machines")
			}
		}
	}
	owners := map[string]map[int]string{} // the first credential of a tier, by secret
	for i, c := range p.Credentials {
		at := l.credentials[i].at
		if places := uses[c.Name]; len(places) > 1 {
			l.bad.warn(at, "credential %s is one for two tiers: it is sent to %s; whoever owns the lesser ones can use it on the others", c.Name, strings.Join(places, " and "))
		}
		for _, secret := range []string{"file " + c.File, "file " + c.Password.File, "environment " + c.Password.Env} {
			if strings.HasSuffix(secret, " ") {
				continue
			}
			if owners[secret] == nil {
				owners[secret] = map[int]string{}
			}
			for _, tier := range slices.Sorted(maps.Keys(owners[secret])) {
				if tier != c.Tier {
					l.bad.warn(at, "credentials %s (tier %d) and %s (tier %d) are the same secret in two tiers", owners[secret][tier], tier, c.Name, c.Tier)
				}
			}
			if _, known := owners[secret][c.Tier]; !known {
				owners[secret][c.Tier] = c.Name
			}
		}
	}
}

// checkAlive refuses what cannot show that the network of a vantage works: the
// vantage itself, its loopback, and a KMS host, which is to be silent.
func (l *loader) checkAlive(p *intent.Policy, v intent.Vantage, form vantageForm) {
	items := form.Alive
	if !items.set {
		items = l.main.Defaults.form.Vantage.form.Alive
	}
	for _, a := range items.items {
		name, _ := intent.SplitPort(a.value)
		ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
		_, isHost := p.Host(name)
		if !isHost {
			_, isHost = p.HostWithFQDN(name)
		}
		if !isHost && err == nil {
			_, isHost = p.HostOf(ip)
		}
		const want = "alive wants another machine, beyond the vantage's gateway"
		switch {
		case !a.set:
		case isHost || name == intent.NameAllHosts:
			l.bad.add(a.at, "%s is a KMS host, which does not answer everybody; %s", a.value, want)
		case err == nil && ip.IsLoopback():
			l.bad.add(a.at, "%s is the vantage's own loopback; %s", a.value, want)
		case name == v.Name || err == nil && slices.Contains(v.Addresses, ip.Unmap()):
			l.bad.add(a.at, "%s is vantage %s itself; %s", a.value, v.Name, want)
		}
	}
}
