package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		needs := allowNeeds(p, v, h, family(h.Addresses, false), port(h.Port))
		for _, a := range family(h.Addresses, false) {
			needs = append(needs, alone(v.Name, h, a))
		}
		for _, w := range watchers(p, h.Name) {
			needs = append(needs, flows(w))
		}
		for _, k := range p.HostVantages(h.Name) {
			needs = append(needs, appliedNeeds(k.Name)...)
		}
		return needs
	},
	Judge: func(in *Input) run.Cell {
		h := in.host()
		f := fold{none: noAddress, intended: reason.One(reason.IntendedESP)}
		for _, a := range family(h.Addresses, false) {
			o := in.See(reach(in.Cell.Vantage, h, a, port(h.Port), run.Before))
			switch {
			case !f.sees(label(a, port(h.Port)), o):
			case !o.Heard():
				f.add(part{verdict: run.Inconclusive, why: reason.One(reason.NoConnectionToWatch, "seen", seen(label(a, port(h.Port)), o))})
			default:
				f.add(in.protected(h, a))
			}
		}
		return f.cell()
	},
}

// protected judges one address by the wire at the host, or, weakest, by what
// the host has been told to enforce.
func (in *Input) protected(h policy.Host, a netip.Addr) part {
	from := in.sources(in.Cell.Vantage)
	for _, w := range watchers(in.Policy, h.Name) {
		o := in.See(flows(w))
		if o.Class != run.Answered {
			continue
		}
		clear, esp := wire(o, from, a, h.Port)
		switch {
		case clear > 0:
			return part{verdict: run.Fail,
				why:  reason.One(reason.ClearSegments, "count", clear, "vantage", in.Cell.Vantage, "to", label(a, port(h.Port))),
				seen: reason.One(reason.SeenClear, "watch", w, "esp", esp)}
		case esp > 0:
			return part{verdict: run.Pass, seen: reason.One(reason.SeenProtected, "watch", w, "esp", esp)}
		}
	}
	if why, ok := in.enforced(h, a); ok {
		return part{verdict: run.Pass, seen: why, findings: []run.Finding{found(reason.WeakEvidence)}}
	}
	if v := in.vantage(); behindNAT(v) && len(v.SeenAs) == 0 {
		return part{verdict: run.Inconclusive, seen: answeredOnly, why: reason.One(reason.SeenAsUndeclared, "vantage", v.Name)}
	}
	return part{verdict: run.Inconclusive, seen: answeredOnly, why: reason.One(reason.WireNotWatched, "host", h.Name)}
}

// answeredOnly is all that is known of a connection that nobody watched.
var answeredOnly = reason.One(reason.Seen, "class", run.Answered)

// wire counts the clear segments beyond a first SYN, which Windows sends while
// it negotiates, and the ESP packets from a source to an address.
func wire(o *run.Observation, from []netip.Addr, a netip.Addr, kms uint16) (clear, esp int) {
	count := func(meant func(*run.Flow) bool) int {
		return run.Packets(o.Flows, func(f *run.Flow) bool { return f.Dst == a && slices.Contains(from, f.Src) && meant(f) })
	}
	clear = count(func(f *run.Flow) bool {
		switch f.Kind {
		case run.FlowTCP, run.FlowSYNACK, run.FlowReset, run.FlowRefusal:
			return f.DstPort == kms
		}
		return false
	})
	esp = count(func(f *run.Flow) bool { return f.Kind == run.FlowESP || f.Kind == run.FlowUDPESP })
	return clear, esp
}

// enforced reports whether the host's own policy requires protection of what
// the vantage sends to it, from every address that the host sees of it.
func (in *Input) enforced(h policy.Host, a netip.Addr) (reason.List, bool) {
	for _, k := range in.Policy.HostVantages(h.Name) {
		p, err := in.applied(k.Name)
		if p == nil || err != nil {
			continue
		}
		there := in.sim.Host(h).As(p)
		var said reason.List
		for _, src := range in.seen(in.vantage(), a) {
			e := in.sim.Takes(simulate.At{Endpoint: &there, Addr: a}, src, tcp(h.Port)).Effect
			if e.Security.Verdict != consec.Require {
				return nil, false
			}
			if said == nil {
				said = reason.One(reason.HostRequires, "host", k.Name, "from", src, "rule", e.Rule)
			}
		}
		if said != nil {
			return said, true
		}
	}
	return nil, false
}
