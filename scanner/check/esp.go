package check

import (
	"fmt"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
			return skipped(reason.ESPBehindNAT)
		}
		if len(family(h.Addresses, false)) == 0 {
			return run.Cell{Verdict: run.Skip, Reasons: noAddress}
		}
		there, back := espNeeds(in.Policy, in.Cell)
		if len(there) == 0 {
			return run.Cell{Verdict: run.Inconclusive, Reasons: reason.One(reason.NoSecondEnd, "host", h.Name)}
		}
		if end := in.At(there[0].Peer); in.isolatedFromController(end) {
			return skipped(reason.SecondEndIsolated, "vantage", end.Name)
		}
		f := fold{intended: reason.One(reason.IntendedDatagrams)}
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
	n := o.Need
	if p, blind := blocked(o); blind {
		p.label = fmt.Sprintf("from %s to %s", n.Vantage, n.Peer)
		if p.verdict == run.Skip {
			p.verdict = run.Inconclusive
		}
		return p
	}
	came := func(verdict run.Verdict, code reason.Code, args ...any) part {
		said := reason.One(code, append([]any{"from", n.Vantage, "to", n.Peer}, args...)...)
		return part{verdict: verdict, why: said, seen: said}
	}
	switch {
	case o.Class.Local():
		return came(run.Error, reason.ESPNotSent, "words", note(o))
	case o.Class == run.Unknown:
		return came(run.Inconclusive, reason.ESPUnknown, "words", note(o))
	case o.ESP == nil:
		return came(run.Error, reason.ESPNotCounted)
	case o.ESP.SmallSeen == 0 && o.ESP.LargeSeen == 0:
		return came(run.Fail, reason.ESPLost, "sent", o.ESP.Small+o.ESP.Large)
	case o.ESP.LargeSeen == 0:
		return came(run.Fail, reason.LargeESPLost, "octets", o.ESP.LargeSize)
	case o.ESP.SmallSeen == 0:
		return came(run.Fail, reason.SmallESPLost)
	}
	return came(run.Pass, reason.ESPArrived, "seen", o.ESP.SmallSeen+o.ESP.LargeSeen, "sent", o.ESP.Small+o.ESP.Large)
}
