package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// NonDomainKMS is the check non-domain-kms: an outsider gets no answer from the KMS host, on any port.
var NonDomainKMS = check.Check{
	ID:        "non-domain-kms",
	Title:     "an outsider gets no answer from the KMS host, on any port",
	Section:   "Verify server isolation",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Denied, Protocol: simulate.TCP},
	After:     []string{"gpo-applied"},
	Cells: func(p *intent.Policy) []run.CellID {
		return check.HostCells("non-domain-kms", p, p.WithRole(intent.RoleNonDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		return denials(p, id, false, func(h intent.Host) []check.Port { return check.Ports(p, h) })
	},
	Claims: traffic.DeniedClaims,
	Tell:   tellDeny,
}
