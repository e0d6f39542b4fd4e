package check

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// sending is how it is said of one kind of flow that it was not sent.
type sending struct {
	notSent, noName, unknown, ownFilter reason.Code
	// say makes the reason of a code.
	say func(*Evidence, reason.Code, *run.Observation) reason.List
	// unrouted is what it means that the vantage has no route.
	unrouted func(*Evidence, *run.Observation) claim.Support
}

// The kinds of flows.
var (
	deniedSending = sending{
		notSent: reason.OutsiderNotSent, noName: reason.OutsiderNoName, unknown: reason.OutsiderUnknown, ownFilter: reason.OutsiderOwnFilter,
		say: sayWords,
		unrouted: func(e *Evidence, o *run.Observation) claim.Support {
			return claim.Misdeclared(sayWords(e, reason.OutsiderNoRoute, o), o)
		},
	}
	allowedSending = sending{
		notSent: reason.NotSent, noName: reason.HostNameUnresolved, unknown: reason.OutcomeUnknown, ownFilter: reason.OwnFilter,
		say: sayTo, unrouted: (*Evidence).unroutedFlow,
	}
	ikeSending = sending{
		notSent: reason.IKENotAsked, noName: reason.IKENotAsked, unknown: reason.OutcomeUnknown, ownFilter: reason.OwnFilter,
		say: sayTo, unrouted: (*Evidence).unroutedFlow,
	}
)

// peerSending is that of what a host must reach.
var peerSending = sending{
	notSent: reason.NotSent, noName: reason.NotSent, unknown: reason.OutcomeUnknown, ownFilter: reason.OwnFilter, say: sayPeer,
	unrouted: func(e *Evidence, o *run.Observation) claim.Support {
		return claim.Broken(sayPeer(e, reason.NoRoute, o), o)
	},
}

// sayPeer names the vantage, what was to be reached, and the words of the system.
func sayPeer(e *Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.One(code, "vantage", e.From.Name, "to", describe(o.Need), "words", note(o))
}

// sayWords names the vantage, the host and the words of the system.
func sayWords(e *Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.One(code, "vantage", e.From.Name, "host", e.Host.Name, "words", note(o))
}

// sayTo is sayWords with where to.
func sayTo(e *Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.List{sayWords(e, code, o)[0].With("to", e.Label)}
}

func (e *Evidence) sent() claim.Support        { return e.leaves(e.own(), &deniedSending) }
func (e *Evidence) sentAllowed() claim.Support { return e.leaves(e.own(), &allowedSending) }
func (e *Evidence) sentIKE() claim.Support     { return e.leaves(e.own(), &ikeSending) }

// leaves: the packets left the vantage's own system. What that does to them is not
// the network's doing, and neither is what came from itself. But an answer to one who is
// to have none is an answer.
func (e *Evidence) leaves(o *run.Observation, k *sending) claim.Support {
	if s, made := claim.Unmade(o); !made {
		return s
	}
	if why := e.familyMissing(); why != nil && !o.Spoke() {
		return claim.Void(why, o)
	}
	switch o.Class {
	case run.Exhausted:
		return claim.Failed(k.say(e, k.notSent, o), o)
	case run.NotPermitted:
		return claim.Misdeclared(k.say(e, k.ownFilter, o), o)
	case run.NoRoute:
		return k.unrouted(e, o)
	case run.Name:
		return claim.Failed(k.say(e, k.noName, o), o)
	case run.Unknown:
		return claim.Open(k.say(e, k.unknown, o), o)
	case run.Answered, run.Cut, run.Refused, run.Unreachable, run.Silent:
	default:
		return claim.Failed(reason.One(reason.UnexpectedClass, "class", o.Class), o)
	}
	if e.ownDoing(o) {
		return claim.Misdeclared(k.say(e, k.ownFilter, o), o)
	}
	if k != &deniedSending && e.byItself(o) {
		return claim.Misdeclared(reason.One(reason.AnsweredByItself, "vantage", e.From.Name, "to", e.Label), o)
	}
	return claim.Shown(o)
}

// byItself reports whether what came back is of the vantage itself: it came over
// loopback, or from an address of its own. That a neighbour does not answer is told by
// the vantage itself as well, and is the network's doing.
func (e *Evidence) byItself(o *run.Observation) bool {
	own := e.sources(o.Need.Vantage)
	return slices.ContainsFunc(o.Tries, func(t run.Try) bool {
		dead := t.ICMP == run.ICMP{Type: 3, Code: 1} || t.ICMP == run.ICMP{Type: 1, Code: 3} // RFC 792, RFC 4443 3.1
		return t.Loopback || !dead && t.From.IsValid() && slices.Contains(own, t.From.Unmap().WithZone(""))
	})
}

// ownDoing reports whether a try came to nothing at the vantage itself.
func (e *Evidence) ownDoing(o *run.Observation) bool {
	return o.Class != run.Answered && o.Class != run.Cut && e.byItself(o)
}

// went reports whether an observation speaks of the network, and not of the vantage
// alone.
func (e *Evidence) went(o *run.Observation) bool {
	return len(o.Trouble)+len(o.Missing) == 0 && !o.Class.Local() && o.Class != run.Unknown && !e.byItself(o)
}

// familyMissing says that the vantage has no address of the trial's family, nil
// where it has, or its addresses are not known.
func (e *Evidence) familyMissing() reason.List {
	six, at := e.Addr.Is6(), e.At(e.From.Name)
	switch {
	case !e.Addr.IsValid() || len(at.Addresses) == 0 || len(family(at.Addresses, six)) > 0:
		return nil
	case six:
		return reason.One(reason.NoIPv6AtVantage, "vantage", e.From.Name)
	}
	return reason.One(reason.NoIPv4AtVantage, "vantage", e.From.Name)
}

// unroutedFlow: a vantage that may reach the host must have a route, in a family in
// which it is owed an answer.
func (e *Evidence) unroutedFlow(o *run.Observation) claim.Support {
	why := sayTo(e, reason.NoRoute, o)
	if e.owed() {
		return claim.Broken(why, o)
	}
	return claim.Void(why, o)
}

// owed reports whether the vantage of a trial is owed an answer over its family. To
// members the policy promises IPv4, or IPv6 where the host has nothing else; anybody
// else has no trial but where an answer is owed.
func (e *Evidence) owed() bool {
	return e.From.Role != policy.RoleDomain || owed(e.Policy, e.Host, e.Addr.Is6())
}

// owed reports whether a host owes members an answer over a family: over IPv4 where it
// has an IPv4 address, else over IPv6; over IPv6 also where a domain vantage is
// declared with IPv6 addresses alone.
func owed(p *policy.Policy, h policy.Host, six bool) bool {
	if !six || len(family(h.Addresses, false)) == 0 {
		return true
	}
	return slices.ContainsFunc(p.WithRole(policy.RoleDomain), func(v policy.Vantage) bool {
		return len(v.Addresses) > 0 && len(family(v.Addresses, false)) == 0
	})
}
