package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var natClient = Check{
	ID:        "nat-client",
	Title:     "a domain member behind NAT gets in, by IPsec in UDP 4500",
	Section:   "NAT",
	Confirmed: "lab",
	Flow:      Flow{Intent: Allowed, Protocol: simulate.TCP},
	After:     negotiation,
	Cells: func(p *policy.Policy) []run.CellID {
		var nat []policy.Vantage
		for _, v := range p.WithRole(policy.RoleDomain) {
			if behindNAT(v) {
				nat = append(nat, v)
			}
		}
		return hostCells("nat-client", p, nat)
	},
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		needs := allowNeeds(p, v, h, family(h.Addresses, false), port(h.Port))
		for _, a := range family(h.Addresses, false) {
			needs = append(needs, ike(v.Name, h, a, portNATT))
		}
		return needs
	},
	Judge: func(in *Input) run.Cell {
		h := in.host()
		cell := judgeAllow(in, family(h.Addresses, false), port(h.Port))
		cell.Intended = reason.One(reason.IntendedNATAnswer)
		if cell.Verdict != run.Fail {
			return cell
		}
		for _, a := range family(h.Addresses, false) {
			if o := in.See(ike(in.Cell.Vantage, h, a, portNATT)); !o.Heard() {
				cell.Reasons = append(cell.Reasons, reason.New(reason.NATTSilent, "seen", seen("", o)))
			}
		}
		return cell
	},
}
