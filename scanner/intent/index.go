package intent

import (
	"encoding/json"
	"net/netip"
	"slices"
)

// index finds hosts and vantages of a policy by their names and addresses, and keeps
// what was worked out of it once. It is of the policy that it was made for.
type index struct {
	hostAt, hostWithFQDN map[string]int // places in Hosts
	hostWithAddr         map[netip.Addr]int
	vantageAt            map[string]int // places in Vantages
	four, six            bool           // some host has addresses of the family
	// alive is what proves that a vantage is alive, by its name.
	alive map[string][]Endpoint
}

// New gives the policy that is declared by p, with an index.
func New(p Policy) *Policy {
	p.index = indexOf(&p)
	p.index.alive = make(map[string][]Endpoint, len(p.Vantages))
	for _, v := range p.Vantages {
		p.index.alive[v.Name] = p.aliveOf(v)
	}
	return &p
}

// UnmarshalJSON reads the policy of a run document.
func (p *Policy) UnmarshalJSON(text []byte) error {
	type document Policy
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	*p = *New(Policy(d))
	return nil
}

// indexOf finds the first of those that have the same name or address.
func indexOf(p *Policy) *index {
	x := &index{
		hostAt: make(map[string]int, len(p.Hosts)), hostWithFQDN: map[string]int{},
		hostWithAddr: make(map[netip.Addr]int, len(p.Hosts)), vantageAt: make(map[string]int, len(p.Vantages)),
	}
	for i, h := range slices.Backward(p.Hosts) {
		x.hostAt[h.Name] = i
		if h.FQDN != "" {
			x.hostWithFQDN[pinKey(h.FQDN)] = i
		}
		for _, a := range h.Addresses {
			x.hostWithAddr[a] = i
			x.four, x.six = x.four || a.Is4(), x.six || a.Is6()
		}
	}
	for i, v := range slices.Backward(p.Vantages) {
		x.vantageAt[v.Name] = i
	}
	return x
}

// indexed is the index of a policy. That of one that is still being made is good for
// one question.
func (p *Policy) indexed() *index {
	if p.index != nil {
		return p.index
	}
	return indexOf(p)
}

// Families reports whether some KMS host has IPv4 addresses, and whether one has IPv6.
func (p *Policy) Families() (four, six bool) {
	x := p.indexed()
	return x.four, x.six
}

// Host returns the KMS host of that name.
func (p *Policy) Host(name string) (Host, bool) {
	return at(p.Hosts, p.indexed().hostAt, name)
}

// HostWithFQDN returns the KMS host of that fully qualified name.
func (p *Policy) HostWithFQDN(name string) (Host, bool) {
	return at(p.Hosts, p.indexed().hostWithFQDN, pinKey(name))
}

// HostOf returns the KMS host that has this address.
func (p *Policy) HostOf(addr netip.Addr) (Host, bool) {
	return at(p.Hosts, p.indexed().hostWithAddr, addr.Unmap())
}

// Vantage returns the vantage of that name.
func (p *Policy) Vantage(name string) (Vantage, bool) {
	return at(p.Vantages, p.indexed().vantageAt, name)
}

func at[T any, K comparable](all []T, places map[K]int, key K) (one T, ok bool) {
	i, ok := places[key]
	if !ok {
		return one, false
	}
	return all[i], true
}
