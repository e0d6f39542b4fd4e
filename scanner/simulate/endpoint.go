package simulate

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Kind is what an endpoint is.
type Kind string

// The kinds, as the document of kmsiso explain names them.
const (
	KindHost      Kind = "host"      // a KMS host of the policy
	KindVantage   Kind = "vantage"   // of the policy
	KindComputer  Kind = "computer"  // with an account in a directory
	KindClient    Kind = "client"    // whatever gets what is declared for clients
	KindExemption Kind = "exemption" // a machine in an exemption of the policy
	KindOutsider  Kind = "outsider"  // a member of nothing
	KindAddress   Kind = "address"   // of nobody who is known
)

// Endpoint is somebody who may send or receive a packet.
type Endpoint struct {
	Name   string
	Kind   Kind
	Role   string         // of a vantage
	Addrs  []netip.Addr   // its own
	Behind []netip.Addr   // those that others see, behind NAT
	Within []netip.Prefix // of an exemption
	Port   uint16         // that it serves, of a KMS host
	Env    effect.Env
	Count  int // machines that it stands for

	Account *run.ExplainedMember // nil where it has none
	Domain  string               // of the account

	// Policy is what decides at the end; nil where nothing does, or nobody knows.
	// Nothing then says why no Group Policy comes to it, Unknown why it is not
	// known what does: one of the two is set.
	Policy           *consec.Policy
	Nothing, Unknown reason.List
	// Resultant is the resultant policy by the directory, which Policy is of; nil
	// where Policy is nil, or is what a registry shows.
	Resultant *rsop.Resultant
	// Premise is what is taken for granted of it, where the source cannot tell.
	Premise reason.List
	// Declared is which of the policy's GPOs should come to it: "hosts",
	// "clients" or none.
	Declared string
}

// Doubts are why a machine may have been told something else than is known.
func (e *Endpoint) Doubts() reason.List {
	var all reason.List
	if e.Resultant != nil {
		all = slices.Clip(e.Resultant.Doubts)
	}
	if e.Policy == nil {
		return all
	}
	for i := range e.Policy.Broken {
		if b := &e.Policy.Broken[i]; b.What == "policy" { // a setting, which may be any
			all = append(all, b.Reason())
		}
	}
	return all
}

// Same reports whether two endpoints are one machine.
func (e *Endpoint) Same(o *Endpoint) bool {
	return e.Kind == o.Kind && e.Name == o.Name && (e.Kind == KindHost || e.Kind == KindVantage || e.Kind == KindComputer)
}

// At is an endpoint at one of its addresses.
type At struct {
	*Endpoint
	Addr  netip.Addr
	Outer netip.Addr // as others see it, behind NAT
	// StandIn says that the address stands for one that is not known: no rule of
	// the policy names it.
	StandIn bool
}

// Seen is the address that the other end sees.
func (a At) Seen() netip.Addr {
	if a.Outer.IsValid() {
		return a.Outer
	}
	return a.Addr
}

// standIns are addresses of nobody, in the order in which they are taken: of
// networks for documentation (RFC 5737, RFC 9637, RFC 3849).
var standIns = []netip.Addr{
	netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("203.0.113.1"),
	netip.MustParseAddr("3fff::1"), netip.MustParseAddr("2001:db8::1"),
}

// StandIn is an address that stands for a machine whose own is not known, of the
// family of the given one. It reports false where the policy names all that
// could; the address is then one that the policy names.
func (s *Simulator) StandIn(like netip.Addr) (netip.Addr, bool) {
	var first netip.Addr
	for _, a := range standIns {
		switch {
		case a.Is4() != like.Is4():
		case !s.named(a):
			return a, true
		case !first.IsValid():
			first = a
		}
	}
	return first, false
}

// named reports whether the policy has an address for somebody.
func (s *Simulator) named(a netip.Addr) bool {
	if _, ok := s.policy.HostOf(a); ok {
		return true
	}
	for i := range s.policy.Exemptions {
		if s.policy.Exemptions[i].Contains(a) {
			return true
		}
	}
	return false
}

// Places is an endpoint at each of its addresses that others see in the family
// of the given one, or at one that stands for it.
func (s *Simulator) Places(e *Endpoint, like netip.Addr) []At {
	all := slices.DeleteFunc(e.places(), func(a At) bool { return a.Seen().Is4() != like.Is4() })
	if len(all) == 0 {
		a, _ := s.StandIn(like)
		all = []At{{Endpoint: e, Addr: a, StandIn: true}}
	}
	return all
}

// places is an endpoint at each of its addresses, and behind each of those that
// others see.
func (e *Endpoint) places() []At {
	var all []At
	for _, a := range e.Addrs {
		behind := len(all)
		for _, o := range e.Behind {
			if o.Is4() == a.Is4() && o != a {
				all = append(all, At{Endpoint: e, Addr: a, Outer: o})
			}
		}
		if len(all) == behind {
			all = append(all, At{Endpoint: e, Addr: a})
		}
	}
	return all
}

// Addresses is an endpoint at the address that was asked for, at each that is
// known, or else at one of each family that stands for it. The error is a
// sentence for the person who asked.
func (s *Simulator) Addresses(e *Endpoint, asked netip.Addr) ([]At, error) {
	all := slices.DeleteFunc(e.places(), func(a At) bool { return asked.IsValid() && a.Addr != asked })
	switch {
	case len(all) > 0:
		return all, nil
	case asked.IsValid() && len(e.Addrs) > 0 && e.Kind == KindHost:
		return nil, fmt.Errorf("%s is no address of %s, which has %s", asked, e.Name, Texts(e.places()))
	case asked.IsValid() && e.Kind == KindExemption && !e.inside(asked):
		return nil, fmt.Errorf("%s is not in exemption %s, which has %s", asked, e.Name, prefixes(e.Within))
	case asked.IsValid():
		return []At{{Endpoint: e, Addr: asked}}, nil
	case e.Kind == KindHost:
		return nil, fmt.Errorf("%s has no address: declare its addresses, or see that its name resolves", e.Name)
	}
	for _, like := range []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} {
		if a, ok := s.StandIn(like); ok {
			all = append(all, At{Endpoint: e, Addr: a, StandIn: true})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no address is known of %s, and the policy names all those that could stand for it; name one, as in %s@203.0.113.9", e.Name, e.Name)
	}
	return all, nil
}

// inside reports whether an exemption has an address.
func (e *Endpoint) inside(a netip.Addr) bool {
	return slices.ContainsFunc(e.Within, func(n netip.Prefix) bool { return n.Contains(a) })
}

// mostRanges is how many networks, or names, are listed.
const mostRanges = 4

func prefixes(all []netip.Prefix) string {
	var words []string
	for _, n := range all {
		words = append(words, n.String())
	}
	return some(words, mostRanges)
}

// Texts lists the addresses of places, each once.
func Texts(all []At) string {
	var words []string
	for _, a := range all {
		if w := a.Addr.String(); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// some lists a few of many words.
func some(words []string, most int) string {
	if len(words) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
	}
	return strings.Join(words, ", ")
}
