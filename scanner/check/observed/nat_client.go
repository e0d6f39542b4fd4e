package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// NATClient is the check nat-client: a domain member behind NAT gets in, by IPsec in UDP 4500.
var NATClient = check.Check{
	ID:        "nat-client",
	Title:     "a domain member behind NAT gets in, by IPsec in UDP 4500",
	Section:   "NAT",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Allowed, Protocol: simulate.TCP},
	After:     check.Negotiation,
	Cells: func(p *intent.Policy) []run.CellID {
		var nat []intent.Vantage
		for _, v := range p.WithRole(intent.RoleDomain) {
			if check.BehindNAT(v) {
				nat = append(nat, v)
			}
		}
		return check.HostCells("nat-client", p, nat)
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		_, h := check.Pair(p, id)
		return traffic.FlowsTo(p, id, check.Port(h.Port), traffic.OverIPv4), check.NoAddress
	},
	Claims: func(*intent.Policy, *check.Trial) []check.Claim {
		return []check.Claim{traffic.ClaimSent, traffic.ClaimAnswered, traffic.ClaimSameHost, traffic.ClaimUsed, traffic.ClaimIn4500}
	},
	Tell: intending(func(*check.Input) reason.List { return reason.One(reason.IntendedNATAnswer) }, tellAllowed),
}
