package observe

import (
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// conversation is what a packet shows of whom it belongs to: the ends, seen from
// the vantage, and what was spoken. An echo request has its identifier as the port
// of the vantage.
type conversation struct {
	spoken        protocol
	local, remote netip.AddrPort
	spi           uint32
}

// protocol is what a probe speaks.
type protocol string

// spell is when an observation spoke.
type spell struct {
	id, vantage string
	start, end  time.Duration
}

// mark says of the packets on watched wires which observation they belong to: it
// sent them, or they answer it. It is the one place where that is said. A NAT
// between the vantage and the wire gives them another address, as declared, and most
// keep the port; where it is changed they stay unmarked. So does what a vantage sent
// that does not know its own ports.
func mark(p *intent.Policy, all []run.Observation) {
	watched := false
	for i := range all {
		watched = watched || all[i].Watch != nil
	}
	if !watched {
		return
	}
	spells := map[conversation][]spell{}
	for i := range all {
		o := &all[i]
		note(p, spells, o)
		for k := range o.Parts {
			note(p, spells, o.Of(&o.Parts[k]))
		}
		if o.ESP != nil {
			for _, spi := range []uint32{o.ESP.SPI, o.ESP.SPI + 1} {
				spells[conversation{spi: spi}] = []spell{{o.ID, o.Need.Vantage, o.Start, o.End}}
			}
		}
	}
	for i := range all {
		o := &all[i]
		if o.Watch == nil {
			continue
		}
		for k := range o.Flows {
			f := &o.Flows[k]
			f.Own = nearest(spells, f, o.Watch.Start+f.First)
		}
	}
}

// note notes the conversations of an observation.
func note(p *intent.Policy, spells map[conversation][]spell, o *run.Observation) {
	for _, t := range o.Tries {
		if !t.Local.IsValid() || t.Loopback {
			continue
		}
		end := netip.AddrPortFrom(t.Local.Addr().WithZone(""), t.Local.Port())
		for _, local := range outer(p, o.Need.Vantage, end) {
			for _, remote := range remotes(o) {
				c := conversation{spoken: speaks[o.Need.Probe], local: local, remote: remote}
				spells[c] = append(spells[c], spell{o.ID, o.Need.Vantage, t.Start, t.Start + t.RTT})
			}
		}
	}
}

// outer are the ends that others may see of a vantage's own end: itself, and the same
// port at each address that the vantage is declared to be seen under.
func outer(p *intent.Policy, vantage string, own netip.AddrPort) []netip.AddrPort {
	all := []netip.AddrPort{own}
	v, _ := p.Vantage(vantage)
	for _, a := range v.SeenAs {
		if a != own.Addr() && a.Is6() == own.Addr().Is6() {
			all = append(all, netip.AddrPortFrom(a, own.Port()))
		}
	}
	return all
}

// apart is how far two vantages must be from each other in time that have the same
// outer end, so that it is known whose packets bear it.
const apart = 2 * time.Second

// nearest is the observation that spoke when a flow began, "" where none had this
// conversation, or two vantages may have had it. A system uses a port again, but not at
// once.
func nearest(spells map[conversation][]spell, f *run.Flow, began time.Duration) string {
	var near *spell
	best, other := time.Duration(-1), time.Duration(-1) // how far it is, and that of another vantage
	for _, c := range conversations(f) {
		for i := range spells[c] {
			s := &spells[c][i]
			switch far := max(s.start-began, began-s.end, 0); {
			case best < 0 || far < best:
				if near != nil && near.vantage != s.vantage {
					other = best
				}
				near, best = s, far
			case near.vantage != s.vantage && (other < 0 || far < other):
				other = far
			}
		}
	}
	if near == nil || other >= 0 && other < best+apart {
		return ""
	}
	return near.id
}

// conversations are those that a flow may belong to: as what was sent, or as the
// answer.
func conversations(f *run.Flow) []conversation {
	c := conversation{spoken: overTCP}
	switch f.Kind {
	case run.FlowESP:
		return []conversation{{spi: f.SPI}}
	case run.FlowEcho:
		return []conversation{{spoken: echo, local: netip.AddrPortFrom(f.Src, f.SrcPort), remote: netip.AddrPortFrom(f.Dst, 0)}}
	case run.FlowEchoReply:
		return []conversation{{spoken: echo, local: netip.AddrPortFrom(f.Dst, f.SrcPort), remote: netip.AddrPortFrom(f.Src, 0)}}
	case run.FlowIKE, run.FlowUDP, run.FlowUDPESP:
		c.spoken = overUDP
	}
	from, to := netip.AddrPortFrom(f.Src, f.SrcPort), netip.AddrPortFrom(f.Dst, f.DstPort)
	there, back := c, c
	there.local, there.remote = from, to
	back.local, back.remote = to, from
	return []conversation{there, back}
}

// The protocols.
const (
	overTCP protocol = "tcp"
	overUDP protocol = "udp"
	echo    protocol = "echo"
)

// speaks is the protocol of each probe that has ports, or identifiers.
var speaks = map[run.Probe]protocol{
	run.ProbeICMP: echo, run.ProbeTCP: overTCP, run.ProbeTCPFrom: overTCP, run.ProbeRPC: overTCP, run.ProbeIKE: overUDP, run.ProbeLargeIKE: overUDP, run.ProbeSRV: overUDP,
	run.ProbeUDP: overUDP,
}

// remotes are the ends that an observation spoke to.
func remotes(o *run.Observation) []netip.AddrPort {
	if o.Need.Probe != run.ProbeSRV {
		return []netip.AddrPort{netip.AddrPortFrom(o.Need.Addr.WithZone(""), o.Need.Port)}
	}
	var all []netip.AddrPort
	for _, s := range o.SRV {
		all = append(all, s.Resolver)
	}
	return all
}
