package intent

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// pinTimeout bounds the lookup of one name; a resolver of the system gives up
// after 5 to 10 s by default.
const pinTimeout = 10 * time.Second

// pinAtOnce is how many names are looked up at a time: all of them, as a rule,
// so that names whose server is silent do not wait for each other.
const pinAtOnce = 256

// Lookup asks for the addresses of a name. What cannot be answered is an error.
type Lookup func(ctx context.Context, name string) ([]netip.Addr, error)

// Resolve gives the policy with the addresses of every name that a run may send to,
// looked up once, so that all vantages probe the same addresses: hosts without declared
// addresses by their FQDN, declared flows, what proves a vantage alive, and domain
// controllers. What does not resolve is recorded in [Pin].Trouble.
//
// warnings are of what the names turned out to be: a host that an exemption covers, or
// that has the address of another host. The new policy has them beside those of p.
func (p *Policy) Resolve(ctx context.Context, lookup Lookup) (resolved *Policy, warnings []string) {
	names := p.names()
	pins := make([]Pin, len(names))
	var wg sync.WaitGroup
	turn := make(chan struct{}, pinAtOnce)
	for i, name := range names {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			pins[i] = pinOne(ctx, lookup, name)
		})
	}
	wg.Wait()

	next := *p
	next.Pins = make(map[string]Pin, len(names))
	for i, name := range names {
		next.Pins[name] = pins[i]
	}
	next.Hosts, warnings = p.pinnedHosts(next.Pins)
	next.Warnings = slices.Concat(p.Warnings, warnings)
	return New(next), warnings
}

func pinOne(ctx context.Context, lookup Lookup, name string) Pin {
	ctx, cancel := context.WithTimeout(ctx, pinTimeout)
	defer cancel()
	addrs, err := lookup(ctx, name)
	var pin Pin
	for _, a := range addrs {
		if a = a.Unmap(); a.IsValid() && !slices.Contains(pin.Addrs, a) {
			pin.Addrs = append(pin.Addrs, a)
		}
	}
	switch {
	case err != nil:
		pin = Pin{Trouble: reason.One(reason.NameUnresolved, "host", name, "words", err)}
	case len(pin.Addrs) == 0:
		pin.Trouble = reason.One(reason.NameUnresolved, "host", name)
	}
	return pin
}

// pinnedHosts gives the hosts, those without declared addresses with those of their
// FQDN.
func (p *Policy) pinnedHosts(pins map[string]Pin) (hosts []Host, warnings []string) {
	hosts = slices.Clone(p.Hosts)
	for i := range hosts {
		h := &hosts[i]
		if len(h.Addresses) > 0 {
			continue
		}
		addrs := pins[pinKey(h.FQDN)].Addrs
		for _, a := range addrs {
			if other := slices.IndexFunc(hosts, func(o Host) bool { return slices.Contains(o.Addresses, a) }); other >= 0 {
				warnings = append(warnings, fmt.Sprintf("hosts %s and %s have the same address %s", hosts[other].Name, h.Name, a))
			}
			for _, e := range p.Exemptions {
				if e.Contains(a) {
					warnings = append(warnings, fmt.Sprintf("exemption %s covers KMS host %s (%s)", e.Name, h.Name, a))
				}
			}
		}
		h.Addresses = addrs
	}
	return hosts, warnings
}

// names returns what is looked up, in a stable order.
func (p *Policy) names() []string {
	var out []string
	add := func(name string) {
		key := pinKey(name)
		if key != "" && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	for _, h := range p.Hosts {
		if len(h.Addresses) == 0 {
			add(h.FQDN)
		}
	}
	for _, flows := range [][]Access{p.Isolation.Inbound, p.Isolation.Outbound} {
		for _, a := range flows {
			p.foreign(a.To, add)
		}
	}
	for _, v := range p.Vantages {
		p.foreign(v.Alive, add)
	}
	p.foreign(p.DomainControllers(), add)
	return out
}

// foreign passes on those entries that are neither addresses, nor reserved,
// nor declared in the policy.
func (p *Policy) foreign(entries []string, add func(string)) {
	for _, entry := range entries {
		name, _ := SplitPort(entry)
		if !p.declared(name) {
			add(name)
		}
	}
}

// declared reports whether the name needs no lookup: it is an address,
// reserved, or the name of a host or a vantage.
func (p *Policy) declared(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	switch name {
	case NameAllHosts, NameDC, NameDNS:
		return true
	}
	_, isVantage := p.Vantage(name)
	_, isHost := p.Host(name)
	_, isFQDN := p.HostWithFQDN(name)
	return isVantage || isHost || isFQDN
}
