package observe

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// calibrate says of each watch whether it is shown to see what it is to see, and
// by what. It counts kmsiso's own packets: they are known to have been there.
//
// A watch of a host on itself holds where it saw, on each interface with a declared
// address of the host, a packet of the host going out. A mirror holds where it saw
// packets of an allowed vantage to each of its hosts, and packets back: one that
// shows one direction alone would be blind to what a host answers. What the
// watching machine itself sent or got is no mirrored packet.
func calibrate(p *intent.Policy, vantages []run.Vantage, all []run.Observation) {
	for i := range all {
		o := &all[i]
		if o.Watch == nil {
			continue
		}
		v, _ := p.Vantage(o.Need.Vantage)
		by, gaps := watched(p, v, vantages, o)
		if o.Watch.Overflow {
			gaps = append(gaps, reason.New(reason.WatchOverflow, "watch", v.Name))
		}
		o.Watch.Holds = len(gaps) == 0 && len(by) > 0
		if o.Watch.Why = by; !o.Watch.Holds {
			o.Watch.Why = gaps
		}
	}
}

// watched says by what a watch holds, and what is missing.
func watched(p *intent.Policy, v intent.Vantage, vantages []run.Vantage, o *run.Observation) (by, gaps reason.List) {
	for _, h := range p.Hosts {
		var b, g reason.List
		switch {
		case v.Role == intent.RoleKMSHost && v.Host == h.Name:
			b, g = sawItself(h, o)
		case slices.Contains(v.Sees, h.Name):
			b, g = sawVantages(p, h, vantages, o)
		}
		by, gaps = append(by, b...), append(gaps, g...)
	}
	return by, gaps
}

// sawItself looks for packets of the host going out, where its addresses are.
func sawItself(h intent.Host, o *run.Observation) (by, gaps reason.List) {
	for _, a := range h.Addresses {
		if !slices.ContainsFunc(o.Watch.Interfaces, func(i run.WatchedInterface) bool { return slices.Contains(i.Addresses, a) }) {
			gaps = append(gaps, reason.New(reason.AddressUnwatched, "host", h.Name, "address", a))
		}
	}
	for _, i := range o.Watch.Interfaces {
		switch {
		case !slices.ContainsFunc(h.Addresses, func(a netip.Addr) bool { return slices.Contains(i.Addresses, a) }):
		case i.Out == 0:
			gaps = append(gaps, reason.New(reason.SendingUnseen, "host", h.Name, "interface", i.Name))
		default:
			by = append(by, reason.New(reason.SendingSeen, "host", h.Name, "interface", i.Name, "count", i.Out))
		}
	}
	return by, gaps
}

// sawVantages looks for packets between the host and a vantage that may reach it.
func sawVantages(p *intent.Policy, h intent.Host, vantages []run.Vantage, o *run.Observation) (by, gaps reason.List) {
	allowed, self := map[netip.Addr]string{}, map[netip.Addr]bool{}
	for i := range vantages {
		v, _ := p.Vantage(vantages[i].Name)
		for _, a := range vantages[i].Addresses {
			if v.Role == intent.RoleDomain || v.Role == intent.RoleExempt {
				allowed[a] = v.Name
			}
			self[a] = self[a] || v.Name == o.Need.Vantage
		}
	}
	for _, i := range o.Watch.Interfaces {
		for _, a := range i.Addresses {
			self[a] = true
		}
	}
	var there, back string
	for i := range o.Flows {
		f := &o.Flows[i]
		switch {
		case self[f.Src] || self[f.Dst]:
		case allowed[f.Src] != "" && slices.Contains(h.Addresses, f.Dst):
			there = allowed[f.Src]
		case allowed[f.Dst] != "" && slices.Contains(h.Addresses, f.Src):
			back = allowed[f.Dst]
		}
	}
	switch {
	case there == "":
		return nil, reason.One(reason.MirrorSilent, "watch", o.Need.Vantage, "host", h.Name)
	case back == "":
		return nil, reason.One(reason.MirrorOneWay, "watch", o.Need.Vantage, "host", h.Name, "vantage", there)
	}
	return reason.One(reason.MirrorShows, "watch", o.Need.Vantage, "host", h.Name, "vantage", there), nil
}
