package effect

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	AllowedSecure Verdict = "allowed(secure)" // only if IPsec has authenticated it
	Dropped       Verdict = "dropped"
	Unknown       Verdict = "unknown" // what is configured does not tell
)

// Effect is what the rules do with a packet at one end, and why.
type Effect struct {
	// Verdict is what becomes of the packet, composed of Security (down) and
	// Firewall (across), inbound and outbound alike:
	//
	//	                    allowed, unknown    allowed(secure)      dropped
	//	protected(require)  protected(require)  protected(require)   protected(require)
	//	protected(request)  protected(request)  protected(require)¹  dropped
	//	clear               clear               dropped²             dropped
	//	exempt              exempt              dropped²             dropped
	//	unknown             unknown             unknown              unknown
	//
	// ¹ The firewall drops what comes in clear, so the request is as good as a
	// demand. ² Nothing authenticates it. A packet for which IPsec is required
	// is never let in in clear, whatever the firewall says of it; and where
	// Security is not known, that the firewall drops the packet today is no
	// ground to say so.
	Verdict Verdict
	Rule    string // title of the deciding rule, "" where none decides
	Source  string // of the deciding rule or setting
	Why     reason.List
	// Undocumented says that Microsoft leaves open what decides here, and the
	// verdict is the looser reading: exposure for who wants a deny, and
	// inconclusive for who wants a pass.
	Undocumented bool

	Security Decision // what connection security does
	Firewall Decision // what the firewall does with the packet in clear

	// Auth lists the methods the deciding rules accept for the first
	// authentication, Weak those among them that are not computer Kerberos.
	Auth, Weak []string
	// User lists the methods of a second authentication, of the user.
	User []string
	// Machines and Users are SDDL of the peers that the deciding rules let in;
	// none means everybody who is authenticated.
	Machines, Users []string
	Crypto          consec.Crypto
	// Notes is what a reader should know beside it.
	Notes reason.List
}

// Decision is one half of an [Effect].
type Decision struct {
	Verdict      Verdict
	Rule         string // title, "" where none decides
	ID           string // of that rule
	Source       string
	Why          reason.List
	Undocumented bool // as in [Effect]
}

// Inbound says what this machine, at address host, does with a packet that
// comes from peer to a port of its own. The port means something for TCP (6)
// and UDP (17) only; ICMP (1, 58) is an echo request.
func Inbound(p *consec.Policy, host, peer netip.Addr, proto uint8, port uint16, env Env) Effect {
	return effect(p, true, packet{host.Unmap(), peer.Unmap(), proto, int(port), unknownPort}, env, nil)
}

// Outbound says what this machine, at address host, does with a packet it
// sends to a port of peer. The rest is as for [Inbound].
func Outbound(p *consec.Policy, host, peer netip.Addr, proto uint8, port uint16, env Env) Effect {
	return effect(p, false, packet{host.Unmap(), peer.Unmap(), proto, unknownPort, int(port)}, env, nil)
}

func effect(p *consec.Policy, inbound bool, k packet, env Env, t *Trace) Effect {
	env.Profile = strings.ToLower(env.Profile)
	if !k.local.IsValid() || !k.remote.IsValid() || k.local.BitLen() != k.remote.BitLen() {
		none := Decision{Verdict: Unknown, Why: reason.One(reason.NotOneFamily)}
		return Effect{Verdict: Unknown, Why: none.Why, Security: none, Firewall: none}
	}
	e := security(p, inbound, &k, &env, t)
	e.Firewall = firewall(p, inbound, &k, &env, t)
	e.compose()
	return e
}

// compose puts the halves together, by the table at [Effect].
func (e *Effect) compose() {
	by := e.Security
	switch e.Security.Verdict {
	case Request:
		switch e.Firewall.Verdict {
		case AllowedSecure:
			by.Verdict = Require
			by.Why = slices.Concat(by.Why, e.Firewall.Why)
		case Dropped:
			by = e.Firewall
		}
	case Clear, Exempt:
		switch e.Firewall.Verdict {
		case AllowedSecure:
			by = e.Firewall
			by.Verdict = Dropped
			by.Why = reason.One(reason.Unauthenticated, "why", by.Why)
		case Dropped:
			by = e.Firewall
		}
	}
	e.Verdict, e.Rule, e.Source, e.Why, e.Undocumented = by.Verdict, by.Rule, by.Source, by.Why, by.Undocumented
}
