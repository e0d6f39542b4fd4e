package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// What the wire and both ends say of the protection of one connection.

// segment reports whether a flow is of TCP segments, but SYNs, between some machine
// and a port of an address, and which machine. What the host's own watch saw go out of
// that port is the host's, whatever source address it bears.
func (w *tap) segment(f *run.Flow, a netip.Addr, n port) (peer netip.Addr, meant bool) {
	switch f.Kind {
	case run.FlowTCP, run.FlowSYNACK, run.FlowReset, run.FlowRefusal:
	default:
		return netip.Addr{}, false
	}
	switch {
	case f.Dst == a && f.DstPort == uint16(n):
		return f.Src, true
	case f.SrcPort == uint16(n) && (f.Src == a || w.own && f.Passage == run.PassedOut):
		return f.Dst, true
	}
	return netip.Addr{}, false
}

// What ESP adds to the octets of a PDU that is sent in one segment: the headers of IP,
// ESP and TCP, an IV of up to 16 octets, padding with its two octets, and an ICV of 12
// to 32. TCP may have 40 octets of options, UDP adds 8, and a tunnel one more IP
// header.
const (
	leastESP = 8 + 20 + 2 + 12
	mostESP  = 8 + 8 + 16 + 60 + 17 + 32
)

// sizesKnown reports whether the vantage told how long its bind was, and the answer.
func sizesKnown(o *run.Observation) bool { return o.RPC != nil && o.RPC.Asked > 0 && o.RPC.Heard > 0 }

// tied reports whether ESP packets passed both ways, in the time of the lone
// connection, of the sizes that its padded bind and the answer to that have.
func (w *tap) tied(o *run.Observation, from []netip.Addr) bool {
	if !sizesKnown(o) {
		return false
	}
	ip := 20
	if o.Need.Addr.Is6() {
		ip = 40
	}
	sized := func(all []run.WirePacket, pdu int) bool {
		return slices.ContainsFunc(all, func(p run.WirePacket) bool { return p.Size >= pdu+ip+leastESP && p.Size <= pdu+2*ip+mostESP })
	}
	there, back, _ := w.carried(o, from, run.FlowESP, run.FlowUDPESP)
	return sized(there, o.RPC.Asked) && sized(back, o.RPC.Heard)
}

// bothProtect says that both ends protect the connection, by their rules, of which the
// host's must require it: by what an end has applied or, where that was not read, is
// told. It is nil where one of them does not, or that
// is not known.
func (e *Evidence) bothProtect(o *run.Observation) (why reason.List, by []*run.Observation) {
	used, _ := e.used(o)
	kms := tcp(e.Host.Port)
	there, by := e.hostEnds()
	for i := range there {
		for _, a := range used {
			takes := e.sim.Takes(simulate.At{Endpoint: &there[i], Addr: e.Addr}, a, kms)
			if takes.Effect.Security.Verdict != consec.Require || len(takes.Doubts) > 0 {
				return nil, nil
			}
			why = reason.One(reason.HostRequires, "host", e.Host.Name, "from", a, "rule", takes.Effect.Rule)
		}
	}
	if why == nil {
		return nil, nil
	}
	here, rests := e.vantageEnd()
	for _, a := range used {
		for _, own := range e.inner(a, o) {
			sends := e.sim.Sends(simulate.At{Endpoint: here, Addr: own}, e.Addr, kms)
			v := sends.Effect.Security.Verdict
			if v != consec.Require && v != consec.Request || len(sends.Doubts) > 0 {
				return nil, nil
			}
		}
	}
	return why, append(by, rests...)
}

func contains(addrs []netip.Addr, a netip.Addr) bool { return slices.Contains(addrs, a) }

// tellProtected says what the watches saw of each connection.
func tellProtected(in *Input, done []*judgedTrial, cell *run.Cell) {
	for i := range done {
		t := done[i]
		if t.Void() || t.Unmade() {
			continue
		}
		cell.Seen = cell.Seen.Add(in.seenProtected(t)...)
		if why := t.support(reason.ClaimAnswered).Why(); why.Has(reason.NobodyAnsweredThere) {
			cell.Findings = append(cell.Findings, run.Found(why[0]))
		}
	}
	tellWeak(done, cell)
}

// seenProtected is what was seen of one connection: by the watch that saw it, or else
// by the vantage alone.
func (in *Input) seenProtected(t *judgedTrial) reason.List {
	e := in.whole(t)
	o := e.own()
	from, _ := e.used(o)
	taps := e.taps()
	for i := range taps {
		w := &taps[i]
		there, back, _ := w.carried(o, from, run.FlowESP, run.FlowUDPESP)
		n := len(there) + len(back)
		switch {
		case e.clear(w, o, from) > 0:
			return reason.One(reason.SeenClear, "watch", w.name, "esp", n)
		case o.Heard() && n > 0:
			return reason.One(reason.SeenProtected, "watch", w.name, "esp", n)
		}
	}
	return reason.List{seenAllowed(t.Label, o)}
}
