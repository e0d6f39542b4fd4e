package check

import (
	"net/netip"

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
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		_, h := pair(p, id)
		return flowsTo(p, id, port(h.Port), func(v policy.Vantage, h policy.Host, a netip.Addr) bool { return exemptOver(p, v, h, a) }), noAddress
	},
	Claims: func(*policy.Policy, Trial) []Claim {
		return []Claim{claimSent, claimAnswered, claimExempt, claimClear}
	},
	Tell: intending(intendedExempt, tellAllowed),
}

// intendedExempt names the exemption that the vantage is in.
func intendedExempt(in *Input) reason.List {
	for _, a := range in.sources(in.Cell.Vantage) {
		if x, ok := in.Policy.Exempt(a, in.Cell.Target); ok {
			return reason.One(reason.IntendedExempt, "exemption", x.Name)
		}
	}
	return reason.One(reason.IntendedExempt)
}
