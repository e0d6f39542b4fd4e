package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// DomainPing is the check domain-ping: a domain member pings the KMS host.
var DomainPing = check.Check{
	ID:        "domain-ping",
	Title:     "a domain member pings the KMS host",
	Section:   "Verify server isolation",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Allowed, Protocol: simulate.Echo},
	After:     check.Negotiation,
	Cells: func(p *intent.Policy) []run.CellID {
		return check.HostCells("domain-ping", p, p.WithRole(intent.RoleDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		return traffic.FlowsTo(p, id, check.Echo, nil), check.NoAddress
	},
	Claims: func(*intent.Policy, *check.Trial) []check.Claim {
		return []check.Claim{traffic.ClaimSent, traffic.ClaimAnswered, traffic.ClaimSameHost, traffic.ClaimUsed}
	},
	Tell: intending(func(*check.Input) reason.List { return reason.One(reason.IntendedPing) }, tellAllowed),
}
