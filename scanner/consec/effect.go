package consec

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Verdict is what becomes of a packet at one end.
type Verdict string

// The verdicts. Security has those from Require to Exempt, the firewall Allowed,
// AllowedSecure and Dropped, and all may have Unknown.
const (
	Require       Verdict = "protected(require)" // in clear it is dropped
	Request       Verdict = "protected(request)" // IPsec is tried; in clear it passes too
	Clear         Verdict = "clear"              // no rule is for it
	Exempt        Verdict = "exempt"             // a rule or setting lets it pass in clear
	Allowed       Verdict = "allowed"
	AllowedSecure Verdict = "allowed(secure)" // if IPsec has authenticated it
	Dropped       Verdict = "dropped"
	Unknown       Verdict = "unknown" // what is configured does not tell
)

// Effect is what the rules do with a packet at one end, and why.
type Effect struct {
	Verdict Verdict // what becomes of it: Security and Firewall together
	Rule    string  // title of the deciding rule, "" where none decides
	Source  string  // of the deciding rule or setting
	Why     string  // one sentence
	// Undocumented says that Microsoft leaves open what decides here, and the
	// verdict is the looser reading: exposure for who wants a deny, and
	// inconclusive for who wants a pass.
	Undocumented bool

	Security Decision // what connection security does
	Firewall Decision // what the firewall does

	// Auth lists the methods the deciding rules accept for the first
	// authentication, Weak those among them that are not computer Kerberos.
	Auth, Weak []string
	// User lists the methods of a second authentication, of the user.
	User []string
	// Machines and Users are SDDL of the peers that the deciding rules let in;
	// none means everybody who is authenticated.
	Machines, Users []string
	Crypto          Crypto
	// Notes is what a reader should know beside it.
	Notes []string
}

// Decision is one half of an [Effect].
type Decision struct {
	Verdict      Verdict
	Rule         string // title, "" where none decides
	ID           string // of that rule
	Source       string
	Why          string // one sentence
	Undocumented bool
}

// Inbound says what this machine, at address host, does with a packet that
// comes from peer to a port of its own. The
// port means something for TCP (6) and UDP (17) only.
func (p *Policy) Inbound(host, peer netip.Addr, proto uint8, port uint16, env Env) Effect {
	return p.effect(true, packet{host.Unmap(), peer.Unmap(), proto, int(port), unknownPort}, env)
}

// Outbound says what this machine, at address host, does with a packet it
// sends to a port of peer. The rest is as for [Policy.Inbound].
func (p *Policy) Outbound(host, peer netip.Addr, proto uint8, port uint16, env Env) Effect {
	return p.effect(false, packet{host.Unmap(), peer.Unmap(), proto, unknownPort, int(port)}, env)
}

// packet as one end sees it.
type packet struct {
	local, remote         netip.Addr
	proto                 uint8
	localPort, remotePort int
}

const (
	unknownPort = -1
	icmp        = 1
	tcp         = 6
	udp         = 17
	esp         = 50
	icmpv6      = 58
)

func (p *Policy) effect(inbound bool, k packet, env Env) Effect {
	if !k.local.IsValid() || !k.remote.IsValid() || k.local.BitLen() != k.remote.BitLen() {
		return Effect{Verdict: Unknown, Why: "two addresses of one family are needed"}
	}
	if why := p.always(k); why != "" {
		return Effect{Verdict: Exempt, Why: why}
	}
	var protect, exempt []*Rule
	var unsure, aside []string
	for i := range p.Rules {
		r := &p.Rules[i]
		m, why := r.match(k, strings.ToLower(env.Profile))
		switch {
		case m == No:
			aside = append(aside, "rule "+r.Title()+" "+why)
		case m == Maybe:
			unsure = append(unsure, "rule "+r.Title()+" "+why)
		case r.Action == DoNotSecure:
			exempt = append(exempt, r)
		default:
			protect = append(protect, r)
		}
	}
	e := p.decide(inbound, protect, exempt, aside)
	if (len(unsure) > 0 || len(p.Broken) > 0) && e.Verdict != Exempt {
		for _, b := range p.Broken {
			unsure = append(unsure, b.String())
		}
		e = Effect{Verdict: Unknown, Why: strings.Join(unsure, "; "), Notes: e.Notes}
	}
	return e
}

// decide gives the effect of the rules that are for the packet.
func (p *Policy) decide(inbound bool, protect, exempt []*Rule, aside []string) Effect {
	if len(exempt) > 0 {
		e := Effect{Verdict: Exempt, Rule: exempt[0].Title(), Why: "rule " + exempt[0].Title() + " exempts it"}
		if len(protect) > 0 {
			e.Notes = append(e.Notes, fmt.Sprintf("rule %s would protect it; the order of the two is not documented, so the exemption is taken to win", protect[0].Title()))
		}
		return e
	}
	if len(protect) == 0 {
		if len(aside) == 0 {
			aside = []string{"there is no connection security rule"}
		}
		return Effect{Verdict: Clear, Why: strings.Join(aside, "; ")}
	}
	e := Effect{Rule: protect[0].Title(), Verdict: protect[0].verdict(inbound)}
	e.Why = fmt.Sprintf("rule %s has the action %s", e.Rule, protect[0].Action)
	for _, r := range protect {
		if v := r.verdict(inbound); v != e.Verdict {
			return Effect{Verdict: Unknown, Rule: e.Rule, Why: fmt.Sprintf("rules %s (%s) and %s (%s) are both for it, and their order is not documented", e.Rule, e.Verdict, r.Title(), v)}
		}
		first, ok := p.methods(r.Auth1Set, DefaultAuth1, p.Auth1.Default, p.Auth1.ByID, ComputerKerberos)
		if !ok {
			return Effect{Verdict: Unknown, Rule: r.Title(), Why: fmt.Sprintf("rule %s refers to the authentication set %s, which is not there", r.Title(), clip(r.Auth1Set))}
		}
		user, ok := p.methods(r.Auth2Set, DefaultAuth2, p.Auth2.Default, p.Auth2.ByID)
		if !ok {
			return Effect{Verdict: Unknown, Rule: r.Title(), Why: fmt.Sprintf("rule %s refers to the second authentication set %s, which is not there", r.Title(), clip(r.Auth2Set))}
		}
		e.Auth = appendNew(e.Auth, first)
		e.User = appendNew(e.User, user)
		if len(r.Unknown) > 0 {
			e.Notes = append(e.Notes, fmt.Sprintf("rule %s has parts that are not known here: %s", r.Title(), strings.Join(r.Unknown, ", ")))
		}
	}
	for _, m := range e.Auth {
		if m != ComputerKerberos {
			e.Weak = append(e.Weak, m)
		}
	}
	return e
}

// methods resolves an authentication set. The built-in one has standard unless
// the policy gave its id to another.
func (p *Policy) methods(id, builtin, renamed string, sets map[string]*Set[AuthSuite], standard ...string) ([]string, bool) {
	id = strings.ToUpper(id)
	switch {
	case id == "" || id == "EMPTYSET":
		return nil, true
	case id == builtin && renamed == "":
		return standard, true
	case id == builtin:
		id = strings.ToUpper(renamed)
	}
	found, ok := sets[id]
	if !ok || builtin == DefaultAuth1 && len(found.Suites) == 0 {
		return nil, false // a first authentication needs a method
	}
	var methods []string
	for _, s := range found.Suites {
		methods = append(methods, s.Method)
	}
	return methods, true
}

// always says why no rule is asked at all.
func (p *Policy) always(k packet) string {
	ports := []int{k.localPort, k.remotePort}
	switch {
	case (k.proto == icmp || k.proto == icmpv6) && p.Exempt != nil && p.Exempt.Value&ExemptICMP != 0:
		return "IPsecExempt exempts ICMP"
	case k.proto == udp && (slices.Contains(ports, 500) || slices.Contains(ports, 4500)):
		return "IKE is never protected by IPsec"
	case k.proto == esp:
		return "ESP is what carries the protection"
	}
	return ""
}

// verdict of a protecting rule in one direction, [MS-FASP] 2.2.52.
func (r *Rule) verdict(inbound bool) Verdict {
	if r.Action == Secure || r.Action == SecureServer && inbound {
		return Require
	}
	return Request
}

func appendNew(to, more []string) []string {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}
