package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var domainPing = Check{
	ID:        "domain-ping",
	Title:     "a domain member pings the KMS host",
	Section:   "Verify server isolation",
	Confirmed: "lab",
	Flow:      Flow{Intent: Allowed, Protocol: simulate.Echo},
	After:     negotiation,
	Cells: func(p *policy.Policy) []run.CellID {
		return hostCells("domain-ping", p, p.WithRole(policy.RoleDomain))
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		return flowsTo(p, id, echo, nil), noAddress
	},
	Claims: func(*policy.Policy, Trial) []Claim {
		return []Claim{claimSent, claimAnswered, claimSameHost, claimUsed}
	},
	Tell: intending(func(*Input) reason.List { return reason.One(reason.IntendedPing) }, tellAllowed),
}

// pair returns the vantage and the KMS host of a cell.
func pair(p *policy.Policy, id run.CellID) (policy.Vantage, policy.Host) {
	v, _ := p.Vantage(id.Vantage)
	h, _ := p.Host(id.Target)
	return v, h
}
