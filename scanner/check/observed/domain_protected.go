package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// DomainProtected is the check domain-protected: what a domain member says to the KMS service travels inside IPsec.
var DomainProtected = check.Check{
	ID:        "domain-protected",
	Title:     "what a domain member says to the KMS service travels inside IPsec",
	Section:   "IPsec",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Protected, Protocol: simulate.TCP},
	After:     check.Negotiation,
	Cells: func(p *intent.Policy) []run.CellID {
		return check.HostCells("domain-protected", p, p.WithRole(intent.RoleDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		v, h := check.Pair(p, id)
		var all []check.Trial
		for _, a := range h.Addresses {
			all = append(all, check.TrialOf(v, h, check.Port(h.Port), check.LoneNeed(v.Name, h, a)))
		}
		return all, check.NoAddress
	},
	Claims: func(*intent.Policy, *check.Trial) []check.Claim { return protected },
	Tell:   intending(func(*check.Input) reason.List { return reason.One(reason.IntendedESP) }, tellProtected),
}

// protected is what shows that the lone connection of a member went inside IPsec.
var protected = []check.Claim{
	traffic.ClaimSent,
	{Code: reason.ClaimAnswered, Needs: loneNeeds, Ask: loneAnswered},
	{Code: reason.ClaimSeenOnWire, Needs: traffic.OwnWireNeeds, Ask: seenOnWire},
	traffic.ClaimUsed,
	{Code: reason.ClaimNoClear, Needs: protectedNeeds, Ask: noClear},
	{Code: reason.ClaimESPBothWays, Needs: protectedNeeds, Ask: espBothWays},
}

func loneNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(traffic.AnsweredNeeds(p, t), check.Before(t))
}

// loneAnswered: the lone connection was answered, so that there is one to look at.
func loneAnswered(e *check.Evidence) claim.Support {
	o, plain := e.Result(), e.See(check.Before(e.Trial))
	switch {
	case !traffic.Went(e, o):
		return claim.Open(nil, o)
	case !o.Heard() && plain.Heard():
		return claim.Open(reason.One(reason.NoConnectionToWatch, "seen", check.Seen(e.Label, o)), o, plain)
	case !o.Heard():
		return traffic.Unreached(e, o)
	case o.RPC != nil && o.RPC.Bind != "accepted" && plain.Heard() && plain.RPC != nil && plain.RPC.Bind == "accepted":
		return claim.Open(reason.One(reason.PaddedBindRefused, "to", e.Label, "bind", o.RPC.Bind), o, plain)
	}
	return traffic.Accepted(e, o)
}

// seenOnWire: somebody saw this connection. What the host's own watch did not see of
// an answered one went elsewhere.
func seenOnWire(e *check.Evidence) claim.Support {
	o := e.Result()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := traffic.Used(e, o)
	taps := traffic.Taps(e)
	for i := range taps {
		if w := &taps[i]; w.Saw(o, from) {
			return claim.Shown(o, w.Observation)
		}
	}
	for i := range taps {
		switch w := &taps[i]; {
		case !w.Own || !w.Holds():
		case traffic.Hidden(e):
			return claim.Open(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
		default:
			return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", w.Name, "host", e.Host.Name, "vantage", e.From.Name), o, w.Observation)
		}
	}
	if blind := traffic.Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	return claim.Weak(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}

// protectedNeeds are all connections of the vantage to the KMS port of the trial's
// address, the watches, and what both ends are told.
func protectedNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(traffic.OwnWireNeeds(p, t), traffic.Besides(p, t)...)
	for _, v := range traffic.Sharing(p, t.From) {
		needs = append(needs, check.LoneNeed(v.Name, t.Host, t.Addr))
	}
	return append(needs, traffic.UsedNeeds(p, t)...)
}

// noClear: nothing of the connection went in clear but the SYNs that Windows sends
// while it negotiates.
func noClear(e *check.Evidence) claim.Support {
	o := e.Result()
	from, _ := traffic.Used(e, o)
	taps := traffic.Taps(e)
	for i := range taps {
		if n := traffic.Clear(e, &taps[i], o, from); n > 0 {
			return claim.Exposed(reason.One(reason.ClearSegments, "count", n, "vantage", e.From.Name, "to", e.Label), o, taps[i].Observation)
		}
	}
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	for i := range taps {
		if w := &taps[i]; w.Holds() && w.Saw(o, from) {
			return claim.Shown(o, w.Observation)
		}
	}
	return unwatched(e, o, taps)
}

// unwatched is what a claim about the wire is worth where no watch saw the connection:
// as much as what both ends are told to do, if nobody watched.
func unwatched(e *check.Evidence, o *run.Observation, taps []traffic.Tap) claim.Support {
	for i := range taps {
		if w := &taps[i]; w.Own && w.Holds() {
			return claim.Open(nil, o, w.Observation) // it would have seen the connection
		}
	}
	if blind := traffic.Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	if traffic.Hidden(e) {
		return claim.Open(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
	}
	if why, by := traffic.BothProtect(e, o); why != nil {
		return claim.Weak(why, append(by, o)...)
	}
	return claim.Open(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}

// espBothWays: the connection went inside ESP. Its packets are told from others by
// their time and by the sizes of the padded bind and its answer.
func espBothWays(e *check.Evidence) claim.Support {
	o := e.Result()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := traffic.Used(e, o)
	mine := traffic.Undisturbed(e, o, from)
	taps := traffic.Taps(e)
	var untied *traffic.Tap
	against := false
	for i := range taps {
		w := &taps[i]
		there, back, untold := w.Carried(o, from, run.FlowESP, run.FlowUDPESP)
		switch {
		case w.Tied(o, mine):
			return claim.Shown(o, w.Observation)
		case len(there)+len(back) > 0 || untold:
			untied = w
			// A watch that holds would have seen the sizes, if they are known.
			against = against || w.Own && w.Holds() && !untold && traffic.SizesKnown(o) && len(mine) == len(from)
		}
	}
	if untied == nil {
		return unwatched(e, o, taps)
	}
	why := reason.One(reason.ESPUntied, "watch", untied.Name, "vantage", e.From.Name)
	if both, by := traffic.BothProtect(e, o); both != nil && !against {
		return claim.Weak(why.Add(both...), append(by, o, untied.Observation)...)
	}
	return claim.Open(why, o, untied.Observation)
}

// tellProtected says what the watches saw of each connection.
func tellProtected(in *check.Input, done []*check.Judged, cell *run.Cell) {
	for i := range done {
		t := done[i]
		if t.Void() || t.Unmade() {
			continue
		}
		cell.Seen = cell.Seen.Add(seenProtected(in, t)...)
		if why := t.SupportOf(reason.ClaimAnswered).Why(); why.Has(reason.NobodyAnsweredThere) {
			cell.Findings = append(cell.Findings, run.Found(why[0]))
		}
	}
	tellWeak(done, cell)
}

// seenProtected is what was seen of one connection: by the watch that saw it, or else
// by the vantage alone.
func seenProtected(in *check.Input, t *check.Judged) reason.List {
	e := in.EvidenceOf(t)
	o := e.Result()
	from, _ := traffic.Used(e, o)
	taps := traffic.Taps(e)
	for i := range taps {
		w := &taps[i]
		there, back, _ := w.Carried(o, from, run.FlowESP, run.FlowUDPESP)
		n := len(there) + len(back)
		switch {
		case traffic.Clear(e, w, o, from) > 0:
			return reason.One(reason.SeenClear, "watch", w.Name, "esp", n)
		case o.Heard() && n > 0:
			return reason.One(reason.SeenProtected, "watch", w.Name, "esp", n)
		}
	}
	return reason.List{seenAllowed(t.Label, o)}
}
