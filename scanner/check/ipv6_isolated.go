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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		if outsidersPass(p) {
			return nil
		}
		v, h := pair(p, id)
		return denyNeeds(p, v, h, family(h.Addresses, true), ports(p, h))
	},
	Judge: func(in *Input) run.Cell {
		if outsidersPass(in.Policy) {
			return skipped(reason.StageIsRequest)
		}
		if v := in.At(in.Cell.Vantage); len(v.Addresses) > 0 && len(family(v.Addresses, true)) == 0 {
			return skipped(reason.NoIPv6AtVantage, "vantage", v.Name)
		}
		h := in.host()
		return judgeDeny(in, family(h.Addresses, true), ports(in.Policy, h))
	},
}
