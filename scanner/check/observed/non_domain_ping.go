package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// NonDomainPing is the check non-domain-ping: an outsider's ping of the KMS host times out.
var NonDomainPing = check.Check{
	ID:        "non-domain-ping",
	Title:     "an outsider's ping of the KMS host times out",
	Section:   "Verify server isolation",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Denied, Protocol: simulate.Echo},
	After:     []string{"gpo-applied"},
	Cells: func(p *intent.Policy) []run.CellID {
		return check.HostCells("non-domain-ping", p, p.WithRole(intent.RoleNonDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		if p.Isolation.Scope == intent.ScopeKMSPort && !check.OutsidersPass(p) {
			return nil, reason.One(reason.ScopeIsKMSPort)
		}
		return denials(p, id, false, func(intent.Host) []check.Port { return []check.Port{check.Echo} })
	},
	Claims: traffic.DeniedClaims,
	Tell:   tellDeny,
}
