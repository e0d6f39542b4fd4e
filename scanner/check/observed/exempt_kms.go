package observed

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// ExemptKMS is the check exempt-kms: an exempt address reaches the KMS service in clear.
var ExemptKMS = check.Check{
	ID:        "exempt-kms",
	Title:     "an exempt address reaches the KMS service in clear",
	Section:   "Define exemptions",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Allowed, Protocol: simulate.TCP},
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, id := range check.HostCells("exempt-kms", p, p.WithRole(intent.RoleExempt)) {
			if v, h := check.Pair(p, id); check.ExemptFor(p, v, h) {
				ids = append(ids, id)
			}
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		_, h := check.Pair(p, id)
		return traffic.FlowsTo(p, id, check.Port(h.Port), func(v intent.Vantage, h intent.Host, a netip.Addr) bool { return traffic.ExemptOver(p, v, h, a) }), check.NoAddress
	},
	Claims: func(*intent.Policy, *check.Trial) []check.Claim {
		return []check.Claim{traffic.ClaimSent, traffic.ClaimAnswered, traffic.ClaimExempt, traffic.ClaimClear}
	},
	Tell: intending(intendedExempt, tellAllowed),
}

// intendedExempt names the exemption that the vantage is in.
func intendedExempt(in *check.Input) reason.List {
	for _, a := range in.Sources(in.Cell.Vantage) {
		if x, ok := in.Policy.Exempt(a, in.Cell.Target); ok {
			return reason.One(reason.IntendedExempt, "exemption", x.Name)
		}
	}
	return reason.One(reason.IntendedExempt)
}
