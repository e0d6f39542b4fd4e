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
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		_, h := pair(p, id)
		return flowsTo(p, id, port(h.Port), overIPv4), noAddress
	},
	Claims: func(*policy.Policy, Trial) []Claim {
		return []Claim{claimSent, claimAnswered, claimSameHost, claimUsed, claimIn4500}
	},
	Tell: intending(func(*Input) reason.List { return reason.One(reason.IntendedNATAnswer) }, tellAllowed),
}
