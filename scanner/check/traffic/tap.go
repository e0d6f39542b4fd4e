package traffic

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Tap is what one watch saw at a host.
type Tap struct {
	*run.Observation

	Name string
	Own  bool // the host's own watch; else a mirror's
}

// Holds says that the watch is shown to see what it is to see.
func (w *Tap) Holds() bool { return w.Watch != nil && w.Watch.Holds }

// WireNeeds are the watches that see the wire at a host.
func WireNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	var needs []run.Need
	for _, w := range check.Watchers(p, t.Host.Name) {
		needs = append(needs, check.WatchNeed(w))
	}
	return needs
}

// Taps are the watches at the host of a trial that saw anything.
func Taps(e *check.Evidence) []Tap { return check.Know(e, "taps", func() []Tap { return findTaps(e) }) }

func findTaps(e *check.Evidence) []Tap {
	var all []Tap
	for _, name := range check.Watchers(e.Policy, e.Host.Name) {
		o := e.See(check.WatchNeed(name))
		v, _ := e.Policy.Vantage(name)
		if o.Class == run.Answered && o.Watch != nil {
			all = append(all, Tap{Observation: o, Name: name, Own: v.Role == intent.RoleKMSHost && v.Host == e.Host.Name})
		}
	}
	return all
}

// Blind says which planned watches of the host were lost, or are not shown to see:
// what they would have contradicted is not known. Where no way in can watch there is
// none to lose.
func Blind(e *check.Evidence) reason.List {
	for _, name := range check.Watchers(e.Policy, e.Host.Name) {
		o := e.See(check.WatchNeed(name))
		switch {
		case len(o.Missing) > 0:
		case len(o.Trouble) > 0:
			return reason.One(reason.WatchLost, "watch", name, "why", o.Trouble[:1])
		case o.Watch == nil: // a version that did not tell how a watch stood
			return reason.One(reason.WatchBlind, "watch", name, "why", check.UnknownTo(string(reason.ClaimWatchHeld)))
		case !o.Watch.Holds:
			return reason.One(reason.WatchBlind, "watch", name, "why", o.Watch.Why)
		}
	}
	return nil
}

// margin is how far the clock of a watch and the time of an observation may be
// apart.
const margin = time.Second

// during reports whether packets of a flow passed in the time of an observation.
func (w *Tap) during(f *run.Flow, o *run.Observation) bool {
	return w.Watch.Start+f.First <= o.End+margin && w.Watch.Start+f.Last >= o.Start-margin
}

// arrivals are the first packets of an observation that came to the host.
func (w *Tap) arrivals(o *run.Observation, from []netip.Addr) int {
	n := o.Need
	return w.count(o, func(f *run.Flow) bool {
		return f.Dst == n.Addr && (f.Own == o.ID || f.Own == "" && slices.Contains(from, f.Src)) &&
			(!w.Own || f.Passage != run.PassedOut) && asks(f, check.Port(n.Port), n.Probe)
	})
}

// asks reports whether a flow is a first packet to a port, an echo request, or IKE.
func asks(f *run.Flow, n check.Port, probe run.Probe) bool {
	switch probe {
	case run.ProbeICMP:
		return f.Kind == run.FlowEcho
	case run.ProbeIKE, run.ProbeLargeIKE:
		return f.Kind == run.FlowIKE && f.DstPort == uint16(n)
	case run.ProbeUDP:
		return overUDP(f) && f.DstPort == uint16(n)
	}
	return f.Kind == run.FlowSYN && f.DstPort == uint16(n)
}

// overUDP reports whether a flow is of datagrams. What comes from port 500 or goes there
// is IKE to a watch, whoever has the other port.
func overUDP(f *run.Flow) bool { return f.Kind == run.FlowUDP || f.Kind == run.FlowIKE }

// answers are packets by which the host answers an observation without IPsec, to
// its own end or to one of these addresses. What the host's own watch saw go out is
// the host's, whatever source address it bears. An answer may come late, after the
// observation has ended.
func (w *Tap) answers(o *run.Observation, to []netip.Addr) int {
	n := o.Need
	return run.Packets(w.Flows, func(f *run.Flow) bool {
		switch {
		case f.Src != n.Addr && (!w.Own || f.Passage != run.PassedOut), w.Own && f.Passage == run.PassedIn, !replies(f, check.Port(n.Port), n.Probe):
			return false
		case f.Own == o.ID:
			return w.Watch.Start+f.Last >= o.Start-margin
		}
		return f.Own == "" && slices.Contains(to, f.Dst) && w.answersIn(f, o)
	})
}

// answersIn reports whether a flow that is nobody's answers what was asked in the time
// of an observation: its request was seen then, and was for one machine, or it goes to an
// end of the observation.
// What has no request was asked for before the watch began, as by an earlier run.
func (w *Tap) answersIn(f *run.Flow, o *run.Observation) bool {
	if r := w.Request(f); r != nil {
		return !r.Dst.IsMulticast() && w.during(r, o)
	}
	return w.during(f, o) && slices.ContainsFunc(o.Tries, func(t run.Try) bool { return t.Local.Port() == peerPort(f) })
}

// peerPort is the port of the machine that a flow goes to, or the identifier of an echo
// reply.
func peerPort(f *run.Flow) uint16 {
	if f.Kind == run.FlowEchoReply {
		return f.SrcPort
	}
	return f.DstPort
}

// replies reports whether a flow answers a first packet to a port, or an echo
// request. A connection that the host opened itself has no such packets.
func replies(f *run.Flow, n check.Port, probe run.Probe) bool {
	switch probe {
	case run.ProbeICMP:
		return f.Kind == run.FlowEchoReply
	case run.ProbeUDP:
		return overUDP(f) && f.SrcPort == uint16(n)
	}
	return (f.Kind == run.FlowSYNACK || f.Kind == run.FlowRefusal) && f.SrcPort == uint16(n)
}

// count counts the packets that are meant, of the time of an observation.
func (w *Tap) count(o *run.Observation, meant func(*run.Flow) bool) int {
	return run.Packets(w.Flows, func(f *run.Flow) bool { return meant(f) && w.during(f, o) })
}

// Saw reports whether the watch saw anything of a connection: its own packets, or
// from these addresses ESP or packets of its kind, in its time. What kmsiso sent for
// something else is none of it.
func (w *Tap) Saw(o *run.Observation, from []netip.Addr) bool {
	n, ike := o.Need, o.Need.Probe == run.ProbeIKE || o.Need.Probe == run.ProbeLargeIKE
	if o.ID != "" && slices.ContainsFunc(w.Flows, func(f run.Flow) bool { return f.Own == o.ID }) {
		return true
	}
	if !ike {
		if there, back, untold := w.Carried(o, from, run.FlowESP, run.FlowUDPESP); len(there)+len(back) > 0 || untold {
			return true
		}
	}
	// IKE of the vantage's own system goes between the same addresses: where the vantage
	// knows its own end, and the host sees that, its own packets are marked.
	if ike && slices.ContainsFunc(o.Tries, func(t run.Try) bool { return slices.Contains(from, t.Local.Addr()) }) {
		return false
	}
	return w.count(o, func(f *run.Flow) bool {
		return f.Own == "" && f.Dst == n.Addr && slices.Contains(from, f.Src) && asks(f, check.Port(n.Port), n.Probe)
	}) > 0
}

// came reports whether the watch saw packets like those of an observation come from these
// addresses in its time, whichever observation they are marked as. Echo requests of one
// vantage may have one identifier.
func (w *Tap) came(o *run.Observation, from []netip.Addr) bool {
	n := o.Need
	return w.count(o, func(f *run.Flow) bool {
		return f.Dst == n.Addr && slices.Contains(from, f.Src) && asks(f, check.Port(n.Port), n.Probe)
	}) > 0
}

// linkTo is the link address to which packets of an observation went, "" where none
// was seen.
func (w *Tap) linkTo(o *run.Observation) string {
	for i := range w.Flows {
		if f := &w.Flows[i]; f.Own == o.ID && f.Dst == o.Need.Addr {
			return f.To
		}
	}
	return ""
}

// linkFrom is the link address from which answers to an observation came.
func (w *Tap) linkFrom(o *run.Observation) string {
	for i := range w.Flows {
		if f := &w.Flows[i]; f.Own == o.ID && f.Src == o.Need.Addr {
			return f.From
		}
	}
	return ""
}

// Used are the source addresses that an observation used, as the host sees them: its
// own where they are known and no NAT changes them, else all that the vantage may
// have.
func Used(e *check.Evidence, o *run.Observation) (addrs []netip.Addr, known bool) {
	v, _ := e.Policy.Vantage(o.Need.Vantage)
	six := o.Need.Addr.Is6()
	if outer := check.Family(v.SeenAs, six); len(outer) > 0 {
		return outer, len(outer) == 1
	}
	for i := range o.Tries {
		if a := o.Tries[i].Local.Addr(); a.IsValid() && (six || !check.BehindNAT(v)) {
			addrs = check.AppendNew(addrs, a.Unmap().WithZone(""))
		}
	}
	if len(addrs) > 0 {
		return addrs, true
	}
	return check.Family(e.Sources(v.Name), six), false
}

// outerUnknown reports whether the addresses that others see of a vantage are not known.
func outerUnknown(v intent.Vantage) bool { return check.BehindNAT(v) && len(v.SeenAs) == 0 }

// Hidden reports whether the host sees the vantage of a trial under addresses that are
// not known. Translation is of IPv4.
func Hidden(e *check.Evidence) bool { return outerUnknown(e.From) && e.Addr.Is4() }

// Carried are packets of ESP between addresses and that of an observation, in its
// time, there and back. What kmsiso itself sent as ESP is none of them. untold says
// that there were more than a watch keeps one by one.
func (w *Tap) Carried(o *run.Observation, from []netip.Addr, kinds ...run.FlowKind) (there, back []run.WirePacket, untold bool) {
	for i := range w.Flows {
		f := &w.Flows[i]
		if f.Own != "" || !slices.Contains(kinds, f.Kind) || !w.during(f, o) {
			continue
		}
		to := &there
		switch {
		case f.Dst == o.Need.Addr && slices.Contains(from, f.Src):
		case f.Src == o.Need.Addr && slices.Contains(from, f.Dst):
			to = &back
		default:
			continue
		}
		untold = untold || len(f.Packets) < f.Count
		for _, p := range f.Packets {
			if at := w.Watch.Start + p.At; at >= o.Start-margin && at <= o.End+margin {
				*to = append(*to, p)
			}
		}
	}
	return there, back, untold
}

// ESP reports whether a watch saw ESP of some kinds both ways, in the time of an
// observation.
func (w *Tap) ESP(o *run.Observation, from []netip.Addr, kinds ...run.FlowKind) bool {
	there, back, _ := w.Carried(o, from, kinds...)
	return len(there) > 0 && len(back) > 0
}

// longestAsked is how long before its answer a request may have been seen.
const longestAsked = 60 * time.Second

// Request is the packet that a flow of answers answers, nil where the watch did not see
// it.
func (w *Tap) Request(answer *run.Flow) *run.Flow {
	for i := range w.Flows {
		f := &w.Flows[i]
		if f.Src != answer.Dst || w.Own && f.Passage == run.PassedOut || f.First > answer.Last || answer.First-f.Last > longestAsked {
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
