package intent

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The reserved names: of declared flows, and of what is no vantage.
const (
	NameAllHosts  = "all-hosts" // every KMS host
	NameDC        = "dc"        // the hosts in the directory URLs of the forests
	NameDNS       = "dns"       // the resolvers of the vantage itself, known when it is connected
	NameDirectory = "directory" // stands for a vantage in the cells of what is configured
)

// DCPorts are the TCP ports of a domain controller that a KMS host needs:
// Kerberos, LDAP and SMB (group policy).
var DCPorts = []uint16{88, 389, 445}

// Endpoint is something a run may send to: one TCP port of one name.
type Endpoint struct {
	Name  string       // as declared
	Addrs []netip.Addr // none where Trouble is set
	Port  uint16
	// Trouble is why there are no addresses.
	Trouble reason.List
}

// Endpoints resolves one entry of [Access].From, [Access].To or
// [Vantage].Alive. A port in the entry wins over ports; dc without any has
// [DCPorts]. The reserved name dns gives nothing: it is each vantage's own
// resolvers. A vantage without declared addresses comes back with Trouble; its
// addresses are learned when it is connected.
func (p *Policy) Endpoints(entry string, ports []uint16) []Endpoint {
	name, port := SplitPort(entry)
	if port != 0 {
		ports = []uint16{port}
	}
	var of []Endpoint
	switch name {
	case NameDNS:
		return nil
	case NameAllHosts:
		for _, h := range p.Hosts {
			of = append(of, p.hostEndpoint(h))
		}
	case NameDC:
		if len(ports) == 0 {
			ports = DCPorts
		}
		for _, dc := range p.DomainControllers() {
			of = append(of, p.named(dc))
		}
	default:
		of = []Endpoint{p.named(name)}
	}
	var out []Endpoint
	for _, e := range of {
		for _, port := range ports {
			e.Port = port
			out = append(out, e)
		}
	}
	return out
}

// AliveOf resolves what proves that a vantage is alive. The list is shared: it is
// only to be read.
func (p *Policy) AliveOf(v Vantage) []Endpoint {
	if all, known := p.indexed().alive[v.Name]; known {
		return all
	}
	return p.aliveOf(v)
}

func (p *Policy) aliveOf(v Vantage) []Endpoint {
	var all []Endpoint
	for _, entry := range v.Alive {
		all = append(all, p.Endpoints(entry, nil)...)
	}
	return all
}

// DomainControllers returns the names or addresses in the directory URLs of
// the forests, each once.
func (p *Policy) DomainControllers() []string {
	var out []string
	for _, f := range p.Forests {
		for _, raw := range f.Directory.URLs {
			u, err := url.Parse(raw)
			if err != nil {
				continue // the file may not say it
			}
			if h := u.Hostname(); h != "" && !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}

// Targets lists everything the policy lets a run send TCP to, each name and
// port once: the hosts' KMS and other ports, declared flows, and what proves
// that a vantage is alive. Beside it a run sends ICMP echo, UDP 500 and 4500
// and protocol 50 to the hosts, and DNS questions to the vantages' resolvers.
func (p *Policy) Targets() []Endpoint {
	var out []Endpoint
	add := func(all []Endpoint) {
		for _, e := range all {
			if !slices.ContainsFunc(out, func(o Endpoint) bool { return o.Name == e.Name && o.Port == e.Port }) {
				out = append(out, e)
			}
		}
	}
	for _, h := range p.Hosts {
		ports := []uint16{h.Port}
		if p.Isolation.Scope != ScopeKMSPort {
			ports = append(ports, p.Limits.Ports...)
		}
		add(p.Endpoints(h.Name, ports))
	}
	for _, flows := range [][]Access{p.Isolation.Inbound, p.Isolation.Outbound} {
		for _, a := range flows {
			for _, to := range a.To {
				add(p.Endpoints(to, a.Ports))
			}
		}
	}
	for _, v := range p.Vantages {
		for _, a := range v.Alive {
			add(p.Endpoints(a, nil))
		}
	}
	return out
}

// named resolves the name of a host, a vantage, or anything else.
func (p *Policy) named(name string) Endpoint {
	if addr, err := netip.ParseAddr(name); err == nil {
		return Endpoint{Name: name, Addrs: []netip.Addr{addr.Unmap()}}
	}
	if h, ok := p.Host(name); ok {
		return p.hostEndpoint(h)
	}
	if v, ok := p.Vantage(name); ok {
		e := Endpoint{Name: name, Addrs: v.Addresses}
		if len(e.Addrs) == 0 {
			e.Trouble = reason.One(reason.VantageAddressesUnknown, "vantage", name)
		}
		return e
	}
	if h, ok := p.HostWithFQDN(name); ok {
		return p.hostEndpoint(h)
	}
	return p.pinned(Endpoint{Name: name}, name)
}

func (p *Policy) hostEndpoint(h Host) Endpoint {
	e := Endpoint{Name: h.Name, Addrs: h.Addresses}
	if len(e.Addrs) > 0 {
		return e
	}
	return p.pinned(e, h.FQDN)
}

func (p *Policy) pinned(e Endpoint, name string) Endpoint {
	pin, ok := p.Pins[pinKey(name)]
	switch {
	case !ok:
		e.Trouble = reason.One(reason.NameNotLookedUp, "name", name)
	case len(pin.Addrs) == 0:
		e.Trouble = pin.Trouble
	default:
		e.Addrs = pin.Addrs
	}
	return e
}

// SplitPort cuts name:port, address:port and [address]:port. Port 0 means that
// there is none (the file may not say 0).
func SplitPort(entry string) (name string, port uint16) {
	if _, err := netip.ParseAddr(entry); err == nil {
		return entry, 0
	}
	host, text, err := net.SplitHostPort(entry)
	if err != nil {
		return strings.Trim(entry, "[]"), 0
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return entry, 0
	}
	return host, uint16(n)
}

// pinKey is the form of a name under which it is pinned.
func pinKey(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
