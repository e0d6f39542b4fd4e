package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var nonDomainKMS = Check{
	ID:        "non-domain-kms",
	Title:     "an outsider gets no answer from the KMS host, on any port",
	Section:   "Verify server isolation",
	Confirmed: "lab",
	Flow:      Flow{Intent: Denied, Protocol: simulate.TCP},
	After:     []string{"gpo-applied"},
	Cells: func(p *policy.Policy) []run.CellID {
		return hostCells("non-domain-kms", p, p.WithRole(policy.RoleNonDomain))
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		return denials(p, id, false, func(h policy.Host) []port { return ports(p, h) })
	},
	Claims: deniedClaims,
	Tell:   tellDeny,
}
