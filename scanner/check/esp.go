package check

import (
	"fmt"
	"net/netip"
	"strings"

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
		cell := run.Cell{Verdict: run.Pass, Intended: "protocol-50 datagrams of every size arrive, both ways"}
		var seen, reasons []string
		for _, n := range append(there, back...) {
			o := in.See(n)
			if stopped, stop := blocked(o); stop {
				if stopped.Verdict == run.Skip {
					stopped.Verdict = run.Inconclusive
				}
				return stopped
			}
			verdict, text := judgeESP(o)
			if verdict.Worse(cell.Verdict) {
				cell.Verdict = verdict
			}
			if verdict != run.Pass {
				reasons = append(reasons, text)
			}
			seen = append(seen, text)
		}
		cell.Observed, cell.Reason = strings.Join(seen, "; "), clauses(reasons)
		return cell
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

func judgeESP(o *run.Observation) (run.Verdict, string) {
	way := fmt.Sprintf("from %s to %s", o.Need.Vantage, o.Need.Peer)
	switch {
	case o.Class.Local():
		return run.Error, fmt.Sprintf("%s: not sent: %s", way, note(o))
	case o.ESP == nil:
		return run.Error, way + ": nothing is known of the datagrams"
	case o.ESP.SmallSeen == 0 && o.ESP.LargeSeen == 0:
		return run.Fail, fmt.Sprintf("%s: none of %d ESP datagrams arrived", way, o.ESP.Small+o.ESP.Large)
	case o.ESP.LargeSeen == 0:
		return run.Fail, fmt.Sprintf("%s: small ESP datagrams arrive, those of %d octets do not", way, o.ESP.LargeSize)
	case o.ESP.SmallSeen == 0:
		return run.Fail, fmt.Sprintf("%s: large ESP datagrams arrive, small ones do not", way)
	}
	return run.Pass, fmt.Sprintf("%s: %d of %d arrived", way, o.ESP.SmallSeen+o.ESP.LargeSeen, o.ESP.Small+o.ESP.Large)
}
