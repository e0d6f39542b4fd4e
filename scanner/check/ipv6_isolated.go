package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var ipv6Isolated = Check{
	ID:        "ipv6-isolated",
	Title:     "the denials hold over every IPv6 address of the host",
	Section:   "+",
	Confirmed: "lab",
	Flow:      Flow{Intent: Denied, Protocol: simulate.TCP, IPv6: true},
	After:     []string{"gpo-applied"},
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, id := range hostCells("ipv6-isolated", p, p.WithRole(policy.RoleNonDomain)) {
			if h, _ := p.Host(id.Target); len(family(h.Addresses, true)) > 0 {
				ids = append(ids, id)
			}
		}
		return ids
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		return denials(p, id, true, func(h policy.Host) []port { return ports(p, h) })
	},
	Claims: deniedClaims,
	Tell:   tellDeny,
}
