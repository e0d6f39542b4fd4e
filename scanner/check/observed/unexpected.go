package observed

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Unexpected looks at all that a KMS host was seen to answer, whoever asked. Where the
// check that asked judges whether the answer was in clear, its own cell says so.
var Unexpected = check.Check{
	ID:        "unexpected",
	Title:     "the host was not seen to answer anybody in clear who must not be answered",
	Section:   "+",
	Confirmed: "lab",
	Watching:  true,
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, h := range p.Hosts {
			if w := check.Watchers(p, h.Name); len(w) > 0 && p.Isolation.Stage == intent.StageRequire {
				ids = append(ids, run.CellID{Check: "unexpected", Vantage: ownFirst(p, w, h), Target: h.Name})
			}
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		h, _ := p.Host(id.Target)
		t := check.Trial{Label: h.Name, Host: h}
		t.Own = traffic.WireNeeds(p, &t)
		return []check.Trial{t}, nil
	},
	Claims: func(*intent.Policy, *check.Trial) []check.Claim {
		return []check.Claim{
			{Code: reason.ClaimWatchHeld, Needs: check.OwnNeeds, Ask: watchHeld},
			{Code: reason.ClaimNothingSeen, Needs: answersNeeds, Ask: nothingSeen},
		}
	},
	Tell: tellUnexpected,
}

// ownFirst is the watch that a host itself has, else the first.
func ownFirst(p *intent.Policy, watches []string, h intent.Host) string {
	for _, name := range watches {
		if v, _ := p.Vantage(name); v.Role == intent.RoleKMSHost && v.Host == h.Name {
			return name
		}
	}
	return watches[0]
}

// answersNeeds are the watches, and what says whether echo is exempt at the host.
func answersNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(append(check.OwnNeeds(p, t), configured.PingMeansNothingNeeds(p, t.Host)...), check.DirectoryNeeds(p, run.CellID{})...)
}

// watchHeld: each watch that was planned saw all the while what it is to see.
func watchHeld(e *check.Evidence) claim.Support {
	var missing reason.List
	var held, lost []*run.Observation
	for _, n := range e.Own {
		o := e.See(n)
		switch {
		case len(o.Missing) > 0 || e.IsolatedFromController(e.At(n.Vantage)):
			missing, lost = missing.Add(append(e.At(n.Vantage).Trouble, o.Missing...)...), append(lost, o)
		default:
			held = append(held, o)
		}
	}
	if why := traffic.Blind(e); why != nil && len(held) > 0 {
		return claim.Open(why, held...)
	}
	if len(held) == 0 {
		return claim.Void(missing, lost...)
	}
	return claim.Shown(held[0], held[1:]...)
}

// nothingSeen: no watch saw the host answer in clear whom it must not answer.
func nothingSeen(e *check.Evidence) claim.Support {
	var saw []*run.Observation
	var why reason.List
	for _, w := range traffic.Taps(e) {
		saw = append(saw, w.Observation)
		why = append(why, answersOf(e, &w, true)...)
	}
	switch {
	case len(why) > 0:
		return claim.Exposed(why, saw...)
	case len(saw) == 0:
		return claim.Open(nil)
	}
	return claim.Shown(saw[0], saw[1:]...)
}

// mostAnswered is how many machines are named that a host answered at one port.
const mostAnswered = 3

// answersOf are the answers of the host, seen by a watch, that nobody was to get, and
// that no other check judges: those of which the request was seen, or the others.
func answersOf(e *check.Evidence, w *traffic.Tap, asked bool) reason.List {
	type at struct {
		kind run.FlowKind
		addr netip.Addr
		port uint16
	}
	var order []at
	peers := map[at][]string{}
	for i := range w.Flows {
		f := &w.Flows[i]
		if !answersStranger(e, w, f) {
			continue
		}
		request := w.Request(f)
		known := request != nil && !asksItself(f)
		switch {
		case known != asked, known && (judgedWhereAsked(e, f) || judgedElsewhere(e, request)), request != nil && !ownOf(e, w, request.Dst):
			continue
		case !known && (f.Own != "" || f.Kind == run.FlowUDP && !run.Serves(f.SrcPort, f.DstPort)):
			continue // its own question
		}
		k := at{f.Kind, f.Src, f.SrcPort}
		if f.Kind == run.FlowEchoReply {
			k.port = 0
		}
		if peers[k] == nil {
			order = append(order, k)
		}
		peers[k] = check.AppendNew(peers[k], f.Dst.String())
	}
	code := reason.UnexpectedAnswer
	if !asked {
		code = reason.AnswerWithoutRequest
	}
	var all reason.List
	for _, k := range order {
		names := peers[k][:min(len(peers[k]), mostAnswered)]
		all = append(all, reason.New(code, "watch", w.Name, "host", e.Host.Name, "where", []string{check.Label(k.addr, answeredAt(k.kind, k.port))},
			"kind", k.kind, "peers", names, "more", len(peers[k])-len(names)))
	}
	return all.Merge("where")
}

// goesOn reports whether a flow is of a connection to a service of the host, and nothing
// shows how it began: it was open before the watch.
func goesOn(w *traffic.Tap, f *run.Flow) bool {
	return run.Serves(f.SrcPort, f.DstPort) && !slices.ContainsFunc(w.Flows, func(g run.Flow) bool {
		there := g.Src == f.Src && g.SrcPort == f.SrcPort && g.Dst == f.Dst && g.DstPort == f.DstPort
		back := g.Src == f.Dst && g.SrcPort == f.DstPort && g.Dst == f.Src && g.DstPort == f.SrcPort
		return g.Kind == run.FlowSYN && (there || back) || g.Kind == run.FlowSYNACK && there
	})
}

func answeredAt(kind run.FlowKind, n uint16) check.Port {
	if kind == run.FlowEchoReply {
		return check.Echo
	}
	return check.Port(n)
}

// ownOf reports whether an address is the host's, as it is declared or as the host's own
// watch has it, if that is at the host indeed. What goes to any other address, and what
// the host forwards, it did not answer itself.
func ownOf(e *check.Evidence, w *traffic.Tap, a netip.Addr) bool {
	return traffic.AtHost(e, a) || w.Own && has(w, a) && slices.ContainsFunc(e.Host.Addresses, func(one netip.Addr) bool { return has(w, one) })
}

// has reports whether an interface that was watched has an address.
func has(w *traffic.Tap, a netip.Addr) bool {
	return slices.ContainsFunc(w.Watch.Interfaces, func(i run.WatchedInterface) bool { return slices.Contains(i.Addresses, a) })
}

// answersStranger reports whether a flow is an answer of the host, in clear and within
// the scope, to an address that is neither exempt nor declared.
func answersStranger(e *check.Evidence, w *traffic.Tap, f *run.Flow) bool {
	switch {
	case w.Own && f.Passage != run.PassedOut || !w.Own && !traffic.AtHost(e, f.Src):
		return false
	case f.Dst.IsMulticast() || f.Src.IsMulticast():
		return false
	}
	switch f.Kind {
	case run.FlowSYNACK, run.FlowRefusal, run.FlowTCP:
		if f.Kind == run.FlowTCP && (!traffic.AtHost(e, f.Src) || !goesOn(w, f)) || f.SrcPort != e.Host.Port && e.Policy.Isolation.Scope != intent.ScopeHost {
			return false
		}
	case run.FlowEchoReply:
		if e.Policy.Isolation.Scope != intent.ScopeHost || configured.PingMeansNothing(e.Input) != nil {
			return false
		}
	case run.FlowUDP:
		if e.Policy.Isolation.Scope != intent.ScopeHost || slices.Contains(neverIsolated, f.SrcPort) || slices.Contains(neverIsolated, f.DstPort) {
			return false
		}
	default:
		return false
	}
	if _, exempt := e.Policy.Exempt(f.Dst, e.Host.Name); exempt {
		return false
	}
	return !meant(e, f)
}

// neverIsolated are the UDP ports of IKE, DHCP and DHCPv6, which no isolation covers.
var neverIsolated = []uint16{500, 4500, 67, 68, 546, 547}

// asksItself reports whether datagrams of the host look like its own questions: from a
// port that its system chose, to a well-known one.
func asksItself(f *run.Flow) bool {
	const chosen, wellKnown = 32768, 1024
	return f.Kind == run.FlowUDP && f.SrcPort >= chosen && f.DstPort < wellKnown
}

// tellUnexpected names what looks like an answer, and whose request was not seen.
func tellUnexpected(in *check.Input, done []*check.Judged, cell *run.Cell) {
	cell.Intended = reason.One(reason.IntendedNoAnswer, "host", in.Cell.Target)
	for _, t := range done {
		e := in.EvidenceOf(t)
		for _, w := range traffic.Taps(e) {
			for _, why := range answersOf(e, &w, false) {
				cell.Findings = append(cell.Findings, run.Found(why))
			}
		}
	}
}
