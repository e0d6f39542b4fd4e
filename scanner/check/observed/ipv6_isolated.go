package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// IPv6Isolated is the check ipv6-isolated: the denials hold over every IPv6 address of the host.
var IPv6Isolated = check.Check{
	ID:        "ipv6-isolated",
	Title:     "the denials hold over every IPv6 address of the host",
	Section:   "+",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Denied, Protocol: simulate.TCP, IPv6: true},
	After:     []string{"gpo-applied"},
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, id := range check.HostCells("ipv6-isolated", p, p.WithRole(intent.RoleNonDomain)) {
			if h, _ := p.Host(id.Target); len(check.Family(h.Addresses, true)) > 0 {
				ids = append(ids, id)
			}
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		return denials(p, id, true, func(h intent.Host) []check.Port { return check.Ports(p, h) })
	},
	Claims: traffic.DeniedClaims,
	Tell:   tellDeny,
}
