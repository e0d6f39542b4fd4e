package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var nonDomainPing = Check{
	ID:        "non-domain-ping",
	Title:     "an outsider's ping of the KMS host times out",
	Section:   "Verify server isolation",
	Confirmed: "lab",
	Flow:      Flow{Intent: Denied, Protocol: simulate.Echo},
	After:     []string{"gpo-applied"},
	Cells: func(p *policy.Policy) []run.CellID {
		return hostCells("non-domain-ping", p, p.WithRole(policy.RoleNonDomain))
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		if p.Isolation.Scope == policy.ScopeKMSPort && !outsidersPass(p) {
			return nil, reason.One(reason.ScopeIsKMSPort)
		}
		return denials(p, id, false, func(policy.Host) []port { return []port{echo} })
	},
	Claims: deniedClaims,
	Tell:   tellDeny,
}

// outsidersPass says that outsiders are not denied yet.
func outsidersPass(p *policy.Policy) bool { return p.Isolation.Stage == policy.StageRequest }
