package explain

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The kinds of places, as the document names them.
const (
	kindHost      = "host"      // a KMS host of the policy
	kindVantage   = "vantage"   // of the policy
	kindComputer  = "computer"  // with an account in a directory
	kindClient    = "client"    // whatever gets what is declared for clients
	kindExemption = "exemption" // a machine in an exemption of the policy
	kindOutsider  = "outsider"  // a member of nothing
	kindAddress   = "address"   // of nobody who is known
)

// place is somebody who may send or receive a packet.
type place struct {
	name, kind string
	role       string // of a vantage
	addrs      []netip.Addr
	behind     []netip.Addr   // the addresses that others see, behind NAT
	within     []netip.Prefix // of an exemption
	port       uint16         // that it serves, of a KMS host
	member     *run.ExplainedMember
	domain     string
	env        consec.Env
	count      int // machines that it stands for

	told *estate.Told // nil where nothing came to it, or nobody knows
	// nothing says why no Group Policy comes to it, unknown why it is not known
	// what does; one of both is set where told is not.
	nothing, unknown string
	premise          string // what is taken for granted
	declared         string // "hosts" or "clients": the GPOs that should come to it
}

// same reports whether two places are one machine.
func (p *place) same(o *place) bool {
	return p.kind == o.kind && p.name == o.name && (p.kind == kindHost || p.kind == kindVantage || p.kind == kindComputer)
}

// at is a place at one of its addresses.
type at struct {
	*place
	addr    netip.Addr
	outer   netip.Addr // as others see it, behind NAT
	standIn bool
}

// seen is the address that the other end sees.
func (a at) seen() netip.Addr {
	if a.outer.IsValid() {
		return a.outer
	}
	return a.addr
}

// Addresses of nobody: of networks for documentation (RFC 5737, 3849, 9637).
var nobody = []netip.Addr{
	netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("203.0.113.1"),
	netip.MustParseAddr("3fff::1"), netip.MustParseAddr("2001:db8::1"),
}

// addresses are those of a place: the one that was asked for, those that are
// known, or else ones that stand for it.
func (x *Explainer) addresses(p *place, asked netip.Addr) ([]at, error) {
	var all []at
	for _, a := range p.addrs {
		if asked.IsValid() && a != asked {
			continue
		}
		all = append(all, at{place: p, addr: a, outer: outer(p, a)})
	}
	switch {
	case len(all) > 0:
		return all, nil
	case asked.IsValid() && len(p.addrs) > 0 && p.kind == kindHost:
		return nil, fmt.Errorf("%s is no address of %s, which has %s", asked, p.name, texts(known(p)))
	case asked.IsValid() && p.kind == kindExemption && !p.inside(asked):
		return nil, fmt.Errorf("%s is not in exemption %s, which has %s", asked, p.name, prefixes(p.within))
	case asked.IsValid():
		return []at{{place: p, addr: asked}}, nil
	case p.kind == kindHost:
		return nil, fmt.Errorf("%s has no address: declare its addresses, or see that its name resolves", p.name)
	}
	for _, a := range nobody {
		if !slices.ContainsFunc(all, func(o at) bool { return o.addr.BitLen() == a.BitLen() }) && !x.named(a) {
			all = append(all, at{place: p, addr: a, standIn: true})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no address is known of %s, and the policy names all those that could stand for it; name one, as in %s@203.0.113.9", p.name, p.name)
	}
	return all, nil
}

// inside reports whether an exemption has an address.
func (p *place) inside(a netip.Addr) bool {
	return slices.ContainsFunc(p.within, func(n netip.Prefix) bool { return n.Contains(a) })
}

func prefixes(all []netip.Prefix) string {
	var words []string
	for _, n := range all {
		words = append(words, n.String())
	}
	return some(words, mostRanges)
}

func known(p *place) []at {
	var all []at
	for _, a := range p.addrs {
		all = append(all, at{addr: a})
	}
	return all
}

// outer is the address of the same family by which others see a place.
func outer(p *place, a netip.Addr) netip.Addr {
	for _, b := range p.behind {
		if b.BitLen() == a.BitLen() && b != a {
			return b
		}
	}
	return netip.Addr{}
}

// named reports whether the policy has an address for somebody.
func (x *Explainer) named(a netip.Addr) bool {
	if _, ok := x.Policy.HostOf(a); ok {
		return true
	}
	for _, e := range x.Policy.Exemptions {
		if e.Contains(a) {
			return true
		}
	}
	return false
}
