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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		if outsidersPass(p) {
			return nil
		}
		v, h := pair(p, id)
		return denyNeeds(p, v, h, family(h.Addresses, false), ports(p, h))
	},
	Judge: func(in *Input) run.Cell {
		if outsidersPass(in.Policy) {
			return skipped(reason.StageIsRequest)
		}
		h := in.host()
		return judgeDeny(in, family(h.Addresses, false), ports(in.Policy, h))
	},
}
