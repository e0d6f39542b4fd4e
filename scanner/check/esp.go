package check

import (
	"fmt"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var esp50 = Check{
	ID:        "esp-50",
	Title:     "ESP, IP protocol 50, passes both ways",
	Section:   "Protocol filtering",
	Confirmed: "lab",
	Cells: func(p *policy.Policy) []run.CellID {
		return hostCells("esp-50", p, p.WithRole(policy.RoleDomain))
	},
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		there, back := espNeeds(p, id)
		return append(there, back...)
	},
	Judge: func(in *Input) run.Cell {
		v, h := in.vantage(), in.host()
		if behindNAT(v) {
			return skip("behind NAT ESP travels inside UDP 4500: see natt-4500 and nat-client")
		}
		there, back := espNeeds(in.Policy, in.Cell)
		if len(there) == 0 {
			return run.Cell{Verdict: run.Inconclusive,
				Reason: fmt.Sprintf("no second end on %s's segment; name one (sees:), or read its SAs", h.Name)}
		}
		if end := in.At(there[0].Peer); in.isolatedFromController(end) {
			return skip(fmt.Sprintf("%s, the second end, is isolated from the controller", end.Name))
		}
		f := fold{intended: "protocol-50 datagrams of every size arrive, both ways"}
		for _, n := range append(there, back...) {
			f.add(judgeESP(in.See(n)))
		}
		return f.cell()
	},
}

// espNeeds are the datagrams there and back between a vantage and one that sees
// the host's wire.
func espNeeds(p *policy.Policy, id run.CellID) (there, back []run.Need) {
	v, h := pair(p, id)
	ends := watchers(p, h.Name)
	if len(ends) == 0 || behindNAT(v) {
		return nil, nil
	}
	end := ends[0]
	for _, a := range family(h.Addresses, false) {
		there = append(there, espNeed(v.Name, end, h.Name, a))
	}
	// The address of the vantage itself is learned when it is connected.
	return there, []run.Need{espNeed(end, v.Name, v.Name, netip.Addr{})}
}

func espNeed(from, to, target string, a netip.Addr) run.Need {
	return run.Need{Vantage: from, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeESP, Target: target, Addr: a, Peer: to}}
}

// judgeESP judges one way. A way that cannot be looked at leaves the other one
// without its answer.
func judgeESP(o *run.Observation) part {
	way := fmt.Sprintf("from %s to %s", o.Need.Vantage, o.Need.Peer)
	if p, blind := blocked(o); blind {
		p.label = way
		if p.verdict == run.Skip {
			p.verdict = run.Inconclusive
		}
		return p
	}
	came := func(verdict run.Verdict, format string, args ...any) part {
		said := way + ": " + fmt.Sprintf(format, args...)
		return part{verdict: verdict, reason: said, seen: said}
	}
	switch {
	case o.Class.Local():
		return came(run.Error, "not sent: %s", note(o))
	case o.Class == run.Unknown:
		return came(run.Inconclusive, "no known outcome: %s", note(o))
	case o.ESP == nil:
		return came(run.Error, "nothing is known of the datagrams")
	case o.ESP.SmallSeen == 0 && o.ESP.LargeSeen == 0:
		return came(run.Fail, "none of %d ESP datagrams arrived", o.ESP.Small+o.ESP.Large)
	case o.ESP.LargeSeen == 0:
		return came(run.Fail, "small ESP datagrams arrive, those of %d octets do not", o.ESP.LargeSize)
	case o.ESP.SmallSeen == 0:
		return came(run.Fail, "large ESP datagrams arrive, small ones do not")
	}
	return came(run.Pass, "%d of %d arrived", o.ESP.SmallSeen+o.ESP.LargeSeen, o.ESP.Small+o.ESP.Large)
}
