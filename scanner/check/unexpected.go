package check

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// unexpected looks at all that a KMS host was seen to answer, whoever asked. Where the
// check that asked judges whether the answer was in clear, its own cell says so.
var unexpected = Check{
	ID:        "unexpected",
	Title:     "the host was not seen to answer anybody in clear who must not be answered",
	Section:   "+",
	Confirmed: "lab",
	Watching:  true,
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, h := range p.Hosts {
			if w := watchers(p, h.Name); len(w) > 0 && p.Isolation.Stage == policy.StageRequire {
				ids = append(ids, run.CellID{Check: "unexpected", Vantage: ownFirst(p, w, h), Target: h.Name})
			}
		}
		return ids
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		h, _ := p.Host(id.Target)
		t := Trial{Label: h.Name, Host: h}
		t.Own = wireNeeds(p, t)
		return []Trial{t}, nil
	},
	Claims: func(*policy.Policy, Trial) []Claim {
		return []Claim{
			{Code: reason.ClaimWatchHeld, Needs: ownNeeds, Ask: (*Evidence).watchHeld},
			{Code: reason.ClaimNothingSeen, Needs: answersNeeds, Ask: (*Evidence).nothingSeen},
		}
	},
	Tell: tellUnexpected,
}

// ownFirst is the watch that a host itself has, else the first.
func ownFirst(p *policy.Policy, watches []string, h policy.Host) string {
	for _, name := range watches {
		if v, _ := p.Vantage(name); v.Role == policy.RoleKMSHost && v.Host == h.Name {
			return name
		}
	}
	return watches[0]
}

// answersNeeds are the watches, and what says whether echo is exempt at the host.
func answersNeeds(p *policy.Policy, t Trial) []run.Need {
	return append(append(ownNeeds(p, t), pingMeansNothingNeeds(p, t.Host)...), directoryNeeds(p, run.CellID{})...)
}

// watchHeld: each watch that was planned saw all the while what it is to see.
func (e *Evidence) watchHeld() claim.Support {
	var missing reason.List
	var held, lost []*run.Observation
	for _, n := range e.Own {
		o := e.See(n)
		switch {
		case len(o.Missing) > 0 || e.isolatedFromController(e.At(n.Vantage)):
			missing, lost = missing.Add(append(e.At(n.Vantage).Trouble, o.Missing...)...), append(lost, o)
		default:
			held = append(held, o)
		}
	}
	if why := e.blind(); why != nil && len(held) > 0 {
		return claim.Open(why, held...)
	}
	if len(held) == 0 {
		return claim.Void(missing, lost...)
	}
	return claim.Shown(held[0], held[1:]...)
}

// nothingSeen: no watch saw the host answer in clear whom it must not answer.
func (e *Evidence) nothingSeen() claim.Support {
	var saw []*run.Observation
	var why reason.List
	for _, w := range e.taps() {
		saw = append(saw, w.Observation)
		why = append(why, e.answersOf(&w, true)...)
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
func (e *Evidence) answersOf(w *tap, asked bool) reason.List {
	type at struct {
		kind run.FlowKind
		addr netip.Addr
		port uint16
	}
	var order []at
	peers := map[at][]string{}
	for i := range w.Flows {
		f := &w.Flows[i]
		if !e.answersStranger(w, f) {
			continue
		}
		request := w.request(f)
		known := request != nil && !asksItself(f)
		switch {
		case known != asked, known && e.judgedWhereAsked(f), request != nil && !e.ownOf(w, request.Dst):
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
		peers[k] = appendNew(peers[k], f.Dst.String())
	}
	code := reason.UnexpectedAnswer
	if !asked {
		code = reason.AnswerWithoutRequest
	}
	var all reason.List
	for _, k := range order {
		names := peers[k][:min(len(peers[k]), mostAnswered)]
		all = append(all, reason.New(code, "watch", w.name, "host", e.Host.Name, "where", []string{label(k.addr, answeredAt(k.kind, k.port))},
			"kind", k.kind, "peers", names, "more", len(peers[k])-len(names)))
	}
	return all.Merge("where")
}

// goesOn reports whether a flow is of a connection to a service of the host, and nothing
// shows how it began: it was open before the watch.
func (w *tap) goesOn(f *run.Flow) bool {
	return run.Serves(f.SrcPort, f.DstPort) && !slices.ContainsFunc(w.Flows, func(g run.Flow) bool {
		there := g.Src == f.Src && g.SrcPort == f.SrcPort && g.Dst == f.Dst && g.DstPort == f.DstPort
		back := g.Src == f.Dst && g.SrcPort == f.DstPort && g.Dst == f.Src && g.DstPort == f.SrcPort
		return g.Kind == run.FlowSYN && (there || back) || g.Kind == run.FlowSYNACK && there
	})
}

func answeredAt(kind run.FlowKind, n uint16) port {
	if kind == run.FlowEchoReply {
		return echo
	}
	return port(n)
}

func (e *Evidence) atHost(a netip.Addr) bool { return slices.Contains(e.Host.Addresses, a) }

// ownOf reports whether an address is the host's, as it is declared or as the host's own
// watch has it, if that is at the host indeed. What goes to any other address, and what
// the host forwards, it did not answer itself.
func (e *Evidence) ownOf(w *tap, a netip.Addr) bool {
	return e.atHost(a) || w.own && w.has(a) && slices.ContainsFunc(e.Host.Addresses, func(one netip.Addr) bool { return w.has(one) })
}

// has reports whether an interface that was watched has an address.
func (w *tap) has(a netip.Addr) bool {
	return slices.ContainsFunc(w.Watch.Interfaces, func(i run.WatchedInterface) bool { return slices.Contains(i.Addresses, a) })
}

// answersStranger reports whether a flow is an answer of the host, in clear and within
// the scope, to an address that is neither exempt nor declared.
func (e *Evidence) answersStranger(w *tap, f *run.Flow) bool {
	switch {
	case w.own && f.Passage != run.PassedOut || !w.own && !e.atHost(f.Src):
		return false
	case f.Dst.IsMulticast() || f.Src.IsMulticast():
		return false
	}
	switch f.Kind {
	case run.FlowSYNACK, run.FlowRefusal, run.FlowTCP:
		if f.Kind == run.FlowTCP && (!e.atHost(f.Src) || !w.goesOn(f)) || f.SrcPort != e.Host.Port && e.Policy.Isolation.Scope != policy.ScopeHost {
			return false
		}
	case run.FlowEchoReply:
		if e.Policy.Isolation.Scope != policy.ScopeHost || e.pingMeansNothing() != nil {
			return false
		}
	case run.FlowUDP:
		if e.Policy.Isolation.Scope != policy.ScopeHost || slices.Contains(neverIsolated, f.SrcPort) || slices.Contains(neverIsolated, f.DstPort) {
			return false
		}
	default:
		return false
	}
	if _, exempt := e.Policy.Exempt(f.Dst, e.Host.Name); exempt {
		return false
	}
	return !e.meant(f)
}

// neverIsolated are the UDP ports of IKE, DHCP and DHCPv6, which no isolation covers.
var neverIsolated = []uint16{500, 4500, 67, 68, 546, 547}

// asksItself reports whether datagrams of the host look like its own questions: from a
// port that its system chose, to a well-known one.
func asksItself(f *run.Flow) bool {
	const chosen, wellKnown = 32768, 1024
	return f.Kind == run.FlowUDP && f.SrcPort >= chosen && f.DstPort < wellKnown
}

// longestAsked is how long before its answer a request may have been seen.
const longestAsked = 60 * time.Second

// request is the packet that a flow of answers answers, nil where the watch did not see
// it.
func (w *tap) request(answer *run.Flow) *run.Flow {
	for i := range w.Flows {
		f := &w.Flows[i]
		if f.Src != answer.Dst || w.own && f.Passage == run.PassedOut || f.First > answer.Last || answer.First-f.Last > longestAsked {
			continue
		}
		switch {
		case answer.Kind == run.FlowUDP && f.First > answer.First:
		case answer.Kind == run.FlowEchoReply && f.Kind == run.FlowEcho && f.SrcPort == answer.SrcPort,
			answer.Kind == run.FlowUDP && f.Kind == run.FlowUDP && f.SrcPort == answer.DstPort && f.DstPort == answer.SrcPort,
			(answer.Kind == run.FlowSYNACK || answer.Kind == run.FlowRefusal) && f.Kind == run.FlowSYN && f.SrcPort == answer.DstPort && f.DstPort == answer.SrcPort:
			return f
		}
	}
	return nil
}

// tellUnexpected names what looks like an answer, and whose request was not seen.
func tellUnexpected(in *Input, done []*judgedTrial, cell *run.Cell) {
	cell.Intended = reason.One(reason.IntendedNoAnswer, "host", in.Cell.Target)
	for _, t := range done {
		e := in.whole(t)
		for _, w := range e.taps() {
			for _, why := range e.answersOf(&w, false) {
				cell.Findings = append(cell.Findings, run.Found(why))
			}
		}
	}
}
