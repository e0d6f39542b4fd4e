package observed

import (
	"fmt"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ESP50 is the check esp-50: ESP, IP protocol 50, passes both ways.
var ESP50 = check.Check{
	ID:        "esp-50",
	Title:     "ESP, IP protocol 50, passes both ways",
	Section:   "Protocol filtering",
	Confirmed: "lab",
	Cells: func(p *intent.Policy) []run.CellID {
		return check.HostCells("esp-50", p, p.WithRole(intent.RoleDomain))
	},
	Trials: espTrials,
	Claims: func(p *intent.Policy, t *check.Trial) []check.Claim {
		claims := []check.Claim{
			{Code: reason.ClaimSent, Needs: smallNeeds, Ask: espSent},
			{Code: reason.ClaimSmall, Needs: smallNeeds, Ask: smallPasses},
		}
		if !check.WithoutFarEnd(t.From) {
			claims = append(claims, check.Claim{Code: reason.ClaimLarge, Needs: smallNeeds, Ask: largePasses})
		}
		return claims
	},
	Tell: intending(func(*check.Input) reason.List { return reason.One(reason.IntendedDatagrams) }, tellESP),
}

// espTrials are the ways of datagrams between a member and one that sees the host's
// wire: to each address, and back once over each family. From where the member sees
// no more than a mirror, nothing is sent back.
func espTrials(p *intent.Policy, id run.CellID) (all []check.Trial, none reason.List) {
	v, h := check.Pair(p, id)
	end, isHost := secondEnd(p, h)
	switch {
	case check.BehindNAT(v):
		return nil, reason.One(reason.ESPBehindNAT)
	case end == "":
		return nil, reason.One(reason.NoSecondEnd, "host", h.Name)
	}
	back := map[bool]bool{}
	for _, a := range h.Addresses {
		there := check.TrialOf(v, h, 0, espNeed(v.Name, end, h.Name, a))
		there.Label = fmt.Sprintf("%s, from %s to %s", a, v.Name, end)
		all = append(all, there)
		if back[a.Is6()] || !isHost {
			continue
		}
		back[a.Is6()] = true
		other := there
		other.Label = fmt.Sprintf("%s, from %s to %s", a, end, v.Name)
		// The address of the vantage itself is learned when it is connected.
		to := netip.Addr{}
		if a.Is6() {
			to = netip.IPv6Unspecified()
		}
		other.Own = []run.Need{espNeed(end, v.Name, v.Name, to)}
		all = append(all, other)
	}
	return all, check.NoAddress
}

// secondEnd is the vantage that sees what arrives at a host, "" where there is none:
// the host itself, or else a mirror.
func secondEnd(p *intent.Policy, h intent.Host) (name string, isHost bool) {
	for _, w := range check.Watchers(p, h.Name) {
		v, _ := p.Vantage(w)
		if v.Role == intent.RoleKMSHost && v.Host == h.Name {
			return w, true
		}
		if name == "" {
			name = w
		}
	}
	return name, false
}

func espNeed(from, to, target string, a netip.Addr) run.Need {
	return run.Need{Vantage: from, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeESP, Target: target, Addr: a, Peer: to}}
}

// smallNeeds are the datagrams, and the lone connection with the watches that show
// whether it went as IP protocol 50.
func smallNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(traffic.OwnWireNeeds(p, t), check.LoneNeed(t.From.Name, t.Host, t.Addr))
}

var espSending = traffic.Sending{
	NotSent: reason.ESPNotSent, NoName: reason.ESPNotSent, Unknown: reason.ESPUnknown, OwnFilter: reason.ESPOwnFilter, Say: sayESP,
	Unrouted: func(e *check.Evidence, o *run.Observation) claim.Support {
		if traffic.Owed(e) {
			return claim.Failed(sayESP(e, reason.ESPNotSent, o), o)
		}
		return claim.Void(sayESP(e, reason.ESPNotSent, o), o)
	},
}

// sayESP names both ends, and the words of the system.
func sayESP(_ *check.Evidence, code reason.Code, o *run.Observation) reason.List {
	return reason.One(code, "from", o.Need.Vantage, "to", o.Need.Peer, "words", check.Note(o))
}

// espSent: the datagrams left, or a connection shows the same without them.
func espSent(e *check.Evidence) claim.Support {
	o := e.Result()
	for _, name := range []string{o.Need.Vantage, o.Need.Peer} {
		if end := e.At(name); name != e.From.Name && e.IsolatedFromController(end) {
			return claim.Void(reason.One(reason.SecondEndIsolated, "vantage", name), o)
		}
	}
	if len(o.Missing) > 0 {
		lone, w := connectionAs(e, run.FlowESP)
		switch blind := traffic.Blind(e); {
		case w != nil:
			return claim.Shown(lone, w.Observation)
		case blind != nil:
			return claim.Open(blind, o)
		case len(lone.Trouble) > 0:
			return claim.Open(lone.Trouble, o, lone)
		}
	}
	if len(o.Trouble)+len(o.Missing) == 0 && !o.Class.Local() && o.Class != run.Unknown && o.ESP == nil {
		return claim.Failed(reason.One(reason.ESPNotCounted, "from", o.Need.Vantage, "to", o.Need.Peer), o)
	}
	return traffic.Leaves(e, o, &espSending)
}

// connectionAs is the lone connection of the vantage, and a watch that saw it go both
// ways in packets of a kind; nil where none did.
func connectionAs(e *check.Evidence, kind run.FlowKind) (*run.Observation, *traffic.Tap) {
	lone := e.See(check.LoneNeed(e.From.Name, e.Host, e.Addr))
	if !lone.Heard() {
		return lone, nil
	}
	from, _ := traffic.Used(e, lone)
	taps := traffic.Taps(e)
	for i := range taps {
		if w := &taps[i]; w.ESP(lone, traffic.Unshared(e, e.From.Name, from), kind) {
			return lone, w
		}
	}
	return lone, nil
}

// smallPasses: small ESP packets pass this way. Where no datagram can be sent, or none
// be seen, a connection that passes as IP protocol 50 shows it.
func smallPasses(e *check.Evidence) claim.Support {
	o := e.Result()
	if len(o.Missing) > 0 {
		if lone, w := connectionAs(e, run.FlowESP); w != nil {
			return claim.Shown(lone, w.Observation)
		}
		if lone, w := connectionAs(e, run.FlowUDPESP); w != nil {
			return claim.Void(reason.One(reason.ESPInUDP, "watch", w.Name, "vantage", e.From.Name), lone, w.Observation)
		}
	}
	if o.ESP == nil || !traffic.Went(e, o) {
		return claim.Open(nil, o)
	}
	if o.ESP.SmallSeen > 0 {
		return claim.Shown(o)
	}
	if blind := traffic.Blind(e); blind != nil && o.Need.Vantage == e.From.Name {
		return claim.Open(blind, o)
	}
	by := []*run.Observation{o}
	if o.Need.Vantage == e.From.Name {
		by = append(by, watching(e)...) // with one of them blind it would not be known
	}
	if lone, w := loneUnseen(e); w != nil {
		return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", w.Name, "host", e.Host.Name, "vantage", e.From.Name), o, lone, w.Observation)
	}
	if o.ESP.LargeSeen > 0 {
		return claim.Broken(reason.One(reason.SmallESPLost, "from", o.Need.Vantage, "to", o.Need.Peer), by...)
	}
	return claim.Broken(reason.One(reason.ESPLost, "from", o.Need.Vantage, "to", o.Need.Peer, "sent", o.ESP.Small+o.ESP.Large), by...)
}

// watching are the watches of the host that saw anything.
func watching(e *check.Evidence) (all []*run.Observation) {
	for _, w := range traffic.Taps(e) {
		all = append(all, w.Observation)
	}
	return all
}

// loneUnseen is the lone connection, where it was answered, and the host's own watch that
// held and saw nothing of it; nil where there is none. Then the host does not see the
// member by the address to which ESP was sent, or another machine answers.
func loneUnseen(e *check.Evidence) (*run.Observation, *traffic.Tap) {
	lone := e.See(check.LoneNeed(e.From.Name, e.Host, e.Addr))
	from, _ := traffic.Used(e, lone)
	taps := traffic.Taps(e)
	for i := range taps {
		if w := &taps[i]; w.Own && w.Holds() && lone.Heard() && !w.Saw(lone, from) {
			return lone, w
		}
	}
	return nil, nil
}

// largePasses: ESP packets of the size of a full one pass this way.
func largePasses(e *check.Evidence) claim.Support {
	o := e.Result()
	switch {
	case len(o.Missing) > 0 || o.ESP != nil && o.ESP.Large == 0:
		return claim.Weak(reason.One(reason.LargeESPNotTried, "from", o.Need.Vantage, "to", o.Need.Peer), o)
	case o.ESP == nil || !traffic.Went(e, o):
		return claim.Open(nil, o)
	case o.ESP.LargeSeen > 0:
		return claim.Shown(o)
	case o.ESP.SmallSeen > 0:
		return claim.Broken(reason.One(reason.LargeESPLost, "from", o.Need.Vantage, "to", o.Need.Peer, "octets", o.ESP.LargeSize), o)
	}
	return claim.Open(nil, o) // nothing arrived, which the other claim says
}

// tellESP says how many datagrams arrived each way.
func tellESP(in *check.Input, done []*check.Judged, cell *run.Cell) {
	for i := range done {
		t := done[i]
		o := in.See(t.Own[0])
		if t.Void() || t.Unmade() || o.ESP == nil {
			continue
		}
		seen := reason.New(reason.ESPArrived, "from", o.Need.Vantage, "to", o.Need.Peer,
			"seen", o.ESP.SmallSeen+o.ESP.LargeSeen, "sent", o.ESP.Small+o.ESP.Large)
		cell.Seen = cell.Seen.Add(seen.With("at", t.Label))
	}
	tellWeak(done, cell)
}
