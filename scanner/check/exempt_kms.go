package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var exemptKMS = Check{
	ID:        "exempt-kms",
	Title:     "an exempt address reaches the KMS service in clear",
	Section:   "Define exemptions",
	Confirmed: "lab",
	Flow:      Flow{Intent: Allowed, Protocol: simulate.TCP},
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, id := range hostCells("exempt-kms", p, p.WithRole(policy.RoleExempt)) {
			if v, h := pair(p, id); exemptFor(p, v, h) {
				ids = append(ids, id)
			}
		}
		return ids
	},
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		return allowNeeds(p, v, h, family(h.Addresses, false), port(h.Port))
	},
	Judge: func(in *Input) run.Cell {
		h := in.host()
		cell := judgeAllow(in, family(h.Addresses, false), port(h.Port))
		cell.Intended = reason.One(reason.IntendedExempt)
		for _, a := range in.sources(in.Cell.Vantage) {
			if e, ok := in.Policy.Exempt(a, h.Name); ok {
				cell.Intended = reason.One(reason.IntendedExempt, "exemption", e.Name)
			}
		}
		return cell
	},
}
