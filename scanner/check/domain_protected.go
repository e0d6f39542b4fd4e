package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var domainProtected = Check{
	ID:        "domain-protected",
	Title:     "what a domain member says to the KMS service travels inside IPsec",
	Section:   "IPsec",
	Confirmed: "lab",
	Flow:      Flow{Intent: Protected, Protocol: simulate.TCP},
	After:     negotiation,
	Cells: func(p *policy.Policy) []run.CellID {
		return hostCells("domain-protected", p, p.WithRole(policy.RoleDomain))
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		v, h := pair(p, id)
		var all []Trial
		for _, a := range h.Addresses {
			all = append(all, trialOf(v, h, port(h.Port), alone(v.Name, h, a)))
		}
		return all, noAddress
	},
	Claims: func(*policy.Policy, Trial) []Claim { return protected },
	Tell:   intending(func(*Input) reason.List { return reason.One(reason.IntendedESP) }, tellProtected),
}

// protected is what shows that the lone connection of a member went inside IPsec.
var protected = []Claim{
	claimSent,
	{Code: reason.ClaimAnswered, Needs: loneNeeds, Ask: (*Evidence).loneAnswered},
	{Code: reason.ClaimSeenOnWire, Needs: ownWireNeeds, Ask: (*Evidence).seenOnWire},
	claimUsed,
	{Code: reason.ClaimNoClear, Needs: protectedNeeds, Ask: (*Evidence).noClear},
	{Code: reason.ClaimESPBothWays, Needs: protectedNeeds, Ask: (*Evidence).espBothWays},
}

// before is the plain connection to the KMS port, which the check of the service asks
// for.
func before(t Trial) run.Need { return reach(t.From.Name, t.Host, t.Addr, t.Port, run.Before) }

func loneNeeds(p *policy.Policy, t Trial) []run.Need {
	return append(answeredNeeds(p, t), before(t))
}

// loneAnswered: the lone connection was answered, so that there is one to look at.
func (e *Evidence) loneAnswered() claim.Support {
	o, plain := e.own(), e.See(before(e.Trial))
	switch {
	case !e.went(o):
		return claim.Open(nil, o)
	case !o.Heard() && plain.Heard():
		return claim.Open(reason.One(reason.NoConnectionToWatch, "seen", seen(e.Label, o)), o, plain)
	case !o.Heard():
		return e.unreached(o)
	case o.RPC != nil && o.RPC.Bind != "accepted" && plain.Heard() && plain.RPC != nil && plain.RPC.Bind == "accepted":
		return claim.Open(reason.One(reason.PaddedBindRefused, "to", e.Label, "bind", o.RPC.Bind), o, plain)
	}
	return e.accepted(o)
}

// seenOnWire: somebody saw this connection. What the host's own watch did not see of
// an answered one went elsewhere.
func (e *Evidence) seenOnWire() claim.Support {
	o := e.own()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := e.used(o)
	taps := e.taps()
	for i := range taps {
		if w := &taps[i]; w.saw(o, from) {
			return claim.Shown(o, w.Observation)
		}
	}
	for i := range taps {
		switch w := &taps[i]; {
		case !w.own || !w.holds():
		case e.hidden():
			return claim.Open(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
		default:
			return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", w.name, "host", e.Host.Name, "vantage", e.From.Name), o, w.Observation)
		}
	}
	if blind := e.blind(); blind != nil {
		return claim.Open(blind, o)
	}
	return claim.Weak(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}

// besides are the other connections of the vantage to the KMS port of the trial's
// address. After a window it makes one as a control.
func besides(p *policy.Policy, t Trial) []run.Need {
	needs := []run.Need{before(t), randomBind(t.From.Name, t.Host, t.Addr)}
	if !outsidersPass(p) && len(p.WithRole(policy.RoleNonDomain)) > 0 && slices.Contains(controls(p, t.Host), t.From.Name) {
		needs = append(needs, reach(t.From.Name, t.Host, t.Addr, t.Port, run.After))
	}
	return needs
}

// protectedNeeds are all connections of the vantage to the KMS port of the trial's
// address, the watches, and what both ends are told.
func protectedNeeds(p *policy.Policy, t Trial) []run.Need {
	needs := append(ownWireNeeds(p, t), besides(p, t)...)
	for _, v := range sharing(p, t.From) {
		needs = append(needs, alone(v.Name, t.Host, t.Addr))
	}
	return append(needs, usedNeeds(p, t)...)
}

// noClear: nothing of the connection went in clear but the SYNs that Windows sends
// while it negotiates.
func (e *Evidence) noClear() claim.Support {
	o := e.own()
	from, _ := e.used(o)
	taps := e.taps()
	for i := range taps {
		if n := e.clear(&taps[i], o, from); n > 0 {
			return claim.Exposed(reason.One(reason.ClearSegments, "count", n, "vantage", e.From.Name, "to", e.Label), o, taps[i].Observation)
		}
	}
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	for i := range taps {
		if w := &taps[i]; w.holds() && w.saw(o, from) {
			return claim.Shown(o, w.Observation)
		}
	}
	return e.unwatched(o, taps)
}

// clear counts the segments without IPsec, but SYNs, of any connection of the vantage
// to the KMS port. Where outsiders are still let in, the first connection may go in
// clear: then the lone one counts.
func (e *Evidence) clear(w *tap, o *run.Observation, from []netip.Addr) int {
	mine := map[string]bool{o.ID: o.ID != ""}
	if !outsidersPass(e.Policy) {
		for _, n := range besides(e.Policy, e.Trial) {
			if x := e.Peek(n); x != nil {
				mine[x.ID] = true
			}
		}
	}
	alone := e.unshared(e.From.Name, from)
	return run.Packets(w.Flows, func(f *run.Flow) bool {
		peer, meant := w.segment(f, e.Addr, e.Port)
		switch {
		case !meant:
			return false
		case f.Own != "":
			return mine[f.Own]
		case (f.Kind == run.FlowSYNACK || f.Kind == run.FlowRefusal) && w.request(f) == nil:
			return false // asked for before the watch began
		case contains(alone, peer) && !outsidersPass(e.Policy):
			return true
		}
		return contains(from, peer) && w.during(f, o)
	})
}

// unwatched is what a claim about the wire is worth where no watch saw the connection:
// as much as what both ends are told to do, if nobody watched.
func (e *Evidence) unwatched(o *run.Observation, taps []tap) claim.Support {
	for i := range taps {
		if w := &taps[i]; w.own && w.holds() {
			return claim.Open(nil, o, w.Observation) // it would have seen the connection
		}
	}
	if blind := e.blind(); blind != nil {
		return claim.Open(blind, o)
	}
	if e.hidden() {
		return claim.Open(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
	}
	if why, by := e.bothProtect(o); why != nil {
		return claim.Weak(why, append(by, o)...)
	}
	return claim.Open(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}

// espBothWays: the connection went inside ESP. Its packets are told from others by
// their time and by the sizes of the padded bind and its answer.
func (e *Evidence) espBothWays() claim.Support {
	o := e.own()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := e.used(o)
	mine := e.undisturbed(o, from)
	taps := e.taps()
	var untied *tap
	against := false
	for i := range taps {
		w := &taps[i]
		there, back, untold := w.carried(o, from, run.FlowESP, run.FlowUDPESP)
		switch {
		case w.tied(o, mine):
			return claim.Shown(o, w.Observation)
		case len(there)+len(back) > 0 || untold:
			untied = w
			// A watch that holds would have seen the sizes, if they are known.
			against = against || w.own && w.holds() && !untold && sizesKnown(o) && len(mine) == len(from)
		}
	}
	if untied == nil {
		return e.unwatched(o, taps)
	}
	why := reason.One(reason.ESPUntied, "watch", untied.name, "vantage", e.From.Name)
	if both, by := e.bothProtect(o); both != nil && !against {
		return claim.Weak(why.Add(both...), append(by, o, untied.Observation)...)
	}
	return claim.Open(why, o, untied.Observation)
}
