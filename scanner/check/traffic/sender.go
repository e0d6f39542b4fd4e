package traffic

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Describe names what a need asks, for a sentence.
func Describe(n run.Need) string {
	switch {
	case n.Probe == run.ProbeSRV:
		return "the resolver"
	case n.Port == 0:
		return n.Target + " " + n.Addr.String() + " (ping)"
	}
	return n.Target + " " + check.Label(n.Addr, check.Port(n.Port))
}

// Sending is how it is said of one kind of flow that it was not sent.
type Sending struct {
	NotSent, NoName, Unknown, OwnFilter reason.Code
	// Say makes the reason of a code.
	Say func(*check.Evidence, reason.Code, *run.Observation) reason.List
	// Unrouted is what it means that the vantage has no route.
	Unrouted func(*check.Evidence, *run.Observation) claim.Support
}

// The kinds of flows.
var (
	deniedSending = Sending{
		NotSent: reason.OutsiderNotSent, NoName: reason.OutsiderNoName, Unknown: reason.OutsiderUnknown, OwnFilter: reason.OutsiderOwnFilter,
		Say: sayWords,
		Unrouted: func(e *check.Evidence, o *run.Observation) claim.Support {
			return claim.Misdeclared(sayWords(e, reason.OutsiderNoRoute, o), o)
		},
	}
	allowedSending = Sending{
		NotSent: reason.NotSent, NoName: reason.HostNameUnresolved, Unknown: reason.OutcomeUnknown, OwnFilter: reason.OwnFilter,
		Say: sayTo, Unrouted: unroutedFlow,
	}
	ikeSending = Sending{
		NotSent: reason.IKENotAsked, NoName: reason.IKENotAsked, Unknown: reason.OutcomeUnknown, OwnFilter: reason.OwnFilter,
		Say: sayTo, Unrouted: unroutedFlow,
	}
)

// PeerSending is that of what a host must reach.
var PeerSending = Sending{
	NotSent: reason.NotSent, NoName: reason.NotSent, Unknown: reason.OutcomeUnknown, OwnFilter: reason.OwnFilter, Say: sayPeer,
	Unrouted: func(e *check.Evidence, o *run.Observation) claim.Support {
		return claim.Broken(sayPeer(e, reason.NoRoute, o), o)
	},
}

// sayPeer names the vantage, what was to be reached, and the words of the system.
func sayPeer(e *check.Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.One(code, "vantage", e.From.Name, "to", Describe(o.Need), "words", check.Note(o))
}

// sayWords names the vantage, the host and the words of the system.
func sayWords(e *check.Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.One(code, "vantage", e.From.Name, "host", e.Host.Name, "words", check.Note(o))
}

// sayTo is sayWords with where to.
func sayTo(e *check.Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.List{sayWords(e, code, o)[0].With("to", e.Label)}
}

func sent(e *check.Evidence) claim.Support { return Leaves(e, e.Result(), &deniedSending) }

func sentAllowed(e *check.Evidence) claim.Support { return Leaves(e, e.Result(), &allowedSending) }

// SentIKE asks whether an IKE exchange left the vantage.
func SentIKE(e *check.Evidence) claim.Support { return Leaves(e, e.Result(), &ikeSending) }

// Leaves asks whether the packets left the vantage's own system. What that does to them is not
// the network's doing, and neither is what came from itself. But an answer to one who is
// to have none is an answer.
func Leaves(e *check.Evidence, o *run.Observation, k *Sending) claim.Support {
	if s, made := claim.Unmade(o); !made {
		return s
	}
	if why := familyMissing(e); why != nil && !o.Spoke() {
		return claim.Void(why, o)
	}
	switch o.Class {
	case run.Exhausted:
		return claim.Failed(k.Say(e, k.NotSent, o), o)
	case run.NotPermitted:
		return claim.Misdeclared(k.Say(e, k.OwnFilter, o), o)
	case run.NoRoute:
		return k.Unrouted(e, o)
	case run.Name:
		return claim.Failed(k.Say(e, k.NoName, o), o)
	case run.Unknown:
		return claim.Open(k.Say(e, k.Unknown, o), o)
	case run.Answered, run.Cut, run.Refused, run.Unreachable, run.Silent:
	default:
		return claim.Failed(reason.One(reason.UnexpectedClass, "class", o.Class), o)
	}
	if ownDoing(e, o) {
		return claim.Misdeclared(k.Say(e, k.OwnFilter, o), o)
	}
	if k != &deniedSending && byItself(e, o) {
		return claim.Misdeclared(reason.One(reason.AnsweredByItself, "vantage", e.From.Name, "to", e.Label), o)
	}
	return claim.Shown(o)
}

// byItself reports whether what came back is of the vantage itself: it came over
// loopback, or from an address of its own. That a neighbour does not answer is told by
// the vantage itself as well, and is the network's doing.
func byItself(e *check.Evidence, o *run.Observation) bool {
	own := e.Sources(o.Need.Vantage)
	return slices.ContainsFunc(o.Tries, func(t run.Try) bool {
		dead := t.ICMP == run.ICMP{Type: 3, Code: 1} || t.ICMP == run.ICMP{Type: 1, Code: 3} // RFC 792, RFC 4443 3.1
		return t.Loopback || !dead && t.From.IsValid() && slices.Contains(own, t.From.Unmap().WithZone(""))
	})
}

// ownDoing reports whether a try came to nothing at the vantage itself.
func ownDoing(e *check.Evidence, o *run.Observation) bool {
	return o.Class != run.Answered && o.Class != run.Cut && byItself(e, o)
}

// Went reports whether an observation speaks of the network, and not of the vantage
// alone.
func Went(e *check.Evidence, o *run.Observation) bool {
	return len(o.Trouble)+len(o.Missing) == 0 && !o.Class.Local() && o.Class != run.Unknown && !byItself(e, o)
}

// familyMissing says that the vantage has no address of the trial's family, nil
// where it has, or its addresses are not known.
func familyMissing(e *check.Evidence) reason.List {
	six, at := e.Addr.Is6(), e.At(e.From.Name)
	switch {
	case !e.Addr.IsValid() || len(at.Addresses) == 0 || len(check.Family(at.Addresses, six)) > 0:
		return nil
	case six:
		return reason.One(reason.NoIPv6AtVantage, "vantage", e.From.Name)
	}
	return reason.One(reason.NoIPv4AtVantage, "vantage", e.From.Name)
}

// unroutedFlow: a vantage that may reach the host must have a route, in a family in
// which it is owed an answer.
func unroutedFlow(e *check.Evidence, o *run.Observation) claim.Support {
	why := sayTo(e, reason.NoRoute, o)
	if Owed(e) {
		return claim.Broken(why, o)
	}
	return claim.Void(why, o)
}

// Owed reports whether the vantage of a trial is owed an answer over its family. To
// members the policy promises IPv4, or IPv6 where the host has nothing else; anybody
// else has no trial but where an answer is owed.
func Owed(e *check.Evidence) bool {
	return e.From.Role != intent.RoleDomain || owed(e.Policy, e.Host, e.Addr.Is6())
}

// owed reports whether a host owes members an answer over a family: over IPv4 where it
// has an IPv4 address, else over IPv6; over IPv6 also where a domain vantage is
// declared with IPv6 addresses alone.
func owed(p *intent.Policy, h intent.Host, six bool) bool {
	if !six || len(check.Family(h.Addresses, false)) == 0 {
		return true
	}
	return slices.ContainsFunc(p.WithRole(intent.RoleDomain), func(v intent.Vantage) bool {
		return len(v.Addresses) > 0 && len(check.Family(v.Addresses, false)) == 0
	})
}
