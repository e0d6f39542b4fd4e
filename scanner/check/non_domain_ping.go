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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		if outsidersPass(p) || p.Isolation.Scope == policy.ScopeKMSPort {
			return nil
		}
		needs := denyNeeds(p, v, h, family(h.Addresses, false), []port{echo})
		return append(needs, pingMeansNothingNeeds(p, h)...)
	},
	Judge: func(in *Input) run.Cell {
		if outsidersPass(in.Policy) {
			return skipped(reason.StageIsRequest)
		}
		if in.Policy.Isolation.Scope == policy.ScopeKMSPort {
			return skipped(reason.ScopeIsKMSPort)
		}
		if why := in.pingMeansNothing(); why != nil {
			return run.Cell{Verdict: run.Skip, Reasons: why}
		}
		return judgeDeny(in, family(in.host().Addresses, false), []port{echo})
	},
}

// outsidersPass says that outsiders are not denied yet.
func outsidersPass(p *policy.Policy) bool { return p.Isolation.Stage == policy.StageRequest }
