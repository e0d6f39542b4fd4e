package intent

import (
	"net/netip"
	"slices"
	"strings"
)

// checkAlive refuses what cannot show that the network of a vantage works: the
// vantage itself, its loopback, and a KMS host, which is to be silent.
func (l *loader) checkAlive(p *Policy, v *Vantage, form vantageForm) {
	items := form.Alive
	if !items.set {
		items = l.main.Defaults.form.Vantage.form.Alive
	}
	for _, a := range items.items {
		name, _ := splitPort(a.value)
		ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
		_, isHost := p.Host(name)
		if !isHost {
			_, isHost = p.withFQDN(name)
		}
		if !isHost && err == nil {
			_, isHost = p.HostOf(ip)
		}
		const want = "alive wants another machine, beyond the vantage's gateway"
		switch {
		case !a.set:
		case isHost || name == NameAllHosts:
			l.bad.add(a.at, "%s is a KMS host, which does not answer everybody; %s", a.value, want)
		case err == nil && ip.IsLoopback():
			l.bad.add(a.at, "%s is the vantage's own loopback; %s", a.value, want)
		case name == v.Name || err == nil && slices.Contains(v.Addresses, ip.Unmap()):
			l.bad.add(a.at, "%s is vantage %s itself; %s", a.value, v.Name, want)
		}
	}
}
