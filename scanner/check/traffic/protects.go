package traffic

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// Besides are the other connections of the vantage to the KMS port of the trial's
// address. After a window it makes one as a control.
func Besides(p *intent.Policy, t *check.Trial) []run.Need {
	needs := []run.Need{check.Before(t), check.RandomBind(t.From.Name, t.Host, t.Addr)}
	if !check.OutsidersPass(p) && len(p.WithRole(intent.RoleNonDomain)) > 0 && slices.Contains(check.Controls(p, t.Host), t.From.Name) {
		needs = append(needs, check.ReachNeed(t.From.Name, t.Host, t.Addr, t.Port, run.After))
	}
	return needs
}

// Clear counts the segments without IPsec, but SYNs, of any connection of the vantage
// to the KMS port. Where outsiders are still let in, the first connection may go in
// clear: then the lone one counts.
func Clear(e *check.Evidence, w *Tap, o *run.Observation, from []netip.Addr) int {
	mine := map[string]bool{o.ID: o.ID != ""}
	if !check.OutsidersPass(e.Policy) {
		for _, n := range Besides(e.Policy, e.Trial) {
			if x := e.Peek(n); x != nil {
				mine[x.ID] = true
			}
		}
	}
	alone := Unshared(e, e.From.Name, from)
	return run.Packets(w.Flows, func(f *run.Flow) bool {
		peer, meant := w.segment(f, e.Addr, e.Port)
		switch {
		case !meant:
			return false
		case f.Own != "":
			return mine[f.Own]
		case (f.Kind == run.FlowSYNACK || f.Kind == run.FlowRefusal) && w.Request(f) == nil:
			return false // asked for before the watch began
		case contains(alone, peer) && !check.OutsidersPass(e.Policy):
			return true
		}
		return contains(from, peer) && w.during(f, o)
	})
}

// What the wire and both ends say of the protection of one connection.

// segment reports whether a flow is of TCP segments, but SYNs, between some machine
// and a port of an address, and which machine. What the host's own watch saw go out of
// that port is the host's, whatever source address it bears.
func (w *Tap) segment(f *run.Flow, a netip.Addr, n check.Port) (peer netip.Addr, meant bool) {
	switch f.Kind {
	case run.FlowTCP, run.FlowSYNACK, run.FlowReset, run.FlowRefusal:
	default:
		return netip.Addr{}, false
	}
	switch {
	case f.Dst == a && f.DstPort == uint16(n):
		return f.Src, true
	case f.SrcPort == uint16(n) && (f.Src == a || w.Own && f.Passage == run.PassedOut):
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

// SizesKnown reports whether the vantage told how long its bind was, and the answer.
func SizesKnown(o *run.Observation) bool { return o.RPC != nil && o.RPC.Asked > 0 && o.RPC.Heard > 0 }

// Tied reports whether ESP packets passed both ways, in the time of the lone
// connection, of the sizes that its padded bind and the answer to that have.
func (w *Tap) Tied(o *run.Observation, from []netip.Addr) bool {
	if !SizesKnown(o) {
		return false
	}
	ip := 20
	if o.Need.Addr.Is6() {
		ip = 40
	}
	sized := func(all []run.WirePacket, pdu int) bool {
		return slices.ContainsFunc(all, func(p run.WirePacket) bool { return p.Size >= pdu+ip+leastESP && p.Size <= pdu+2*ip+mostESP })
	}
	there, back, _ := w.Carried(o, from, run.FlowESP, run.FlowUDPESP)
	return sized(there, o.RPC.Asked) && sized(back, o.RPC.Heard)
}

// BothProtect says that both ends protect the connection, by their rules, of which the
// host's must require it: by what an end has applied or, where that was not read, is
// told. It is nil where one of them does not, or that
// is not known.
func BothProtect(e *check.Evidence, o *run.Observation) (why reason.List, by []*run.Observation) {
	used, _ := Used(e, o)
	kms := check.TCP(e.Host.Port)
	there, by := hostEnds(e)
	for i := range there {
		for _, a := range used {
			takes := e.Simulator.Takes(simulate.At{Endpoint: &there[i], Addr: e.Addr}, a, kms)
			if takes.Effect.Security.Verdict != effect.Require || len(takes.Doubts) > 0 {
				return nil, nil
			}
			why = reason.One(reason.HostRequires, "host", e.Host.Name, "from", a, "rule", takes.Effect.Rule)
		}
	}
	if why == nil {
		return nil, nil
	}
	here, rests := vantageEnd(e)
	for _, a := range used {
		for _, own := range inner(e, a, o) {
			sends := e.Simulator.Sends(simulate.At{Endpoint: here, Addr: own}, e.Addr, kms)
			v := sends.Effect.Security.Verdict
			if v != effect.Require && v != effect.Request || len(sends.Doubts) > 0 {
				return nil, nil
			}
		}
	}
	return why, append(by, rests...)
}

func contains(addrs []netip.Addr, a netip.Addr) bool { return slices.Contains(addrs, a) }
