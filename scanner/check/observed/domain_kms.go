package observed

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// DomainKMS is the check domain-kms: a domain member reaches the KMS service.
var DomainKMS = check.Check{
	ID:        "domain-kms",
	Title:     "a domain member reaches the KMS service",
	Section:   "KMS activation",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Allowed, Protocol: simulate.TCP},
	After:     check.Negotiation,
	Cells: func(p *intent.Policy) []run.CellID {
		return check.HostCells("domain-kms", p, p.WithRole(intent.RoleDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		_, h := check.Pair(p, id)
		return traffic.FlowsTo(p, id, check.Port(h.Port), nil), check.NoAddress
	},
	Claims: func(p *intent.Policy, _ *check.Trial) []check.Claim {
		answered := check.Claim{Code: reason.ClaimAnswered, Needs: kmsAnsweredNeeds, Ask: traffic.Answered}
		claims := []check.Claim{traffic.ClaimSent, answered, traffic.ClaimSameHost, traffic.ClaimUsed}
		if p.Isolation.Basis == intent.BasisHardened {
			claims = append(claims, traffic.ClaimWindowsRPC)
		}
		return claims
	},
	Tell: intending(func(*check.Input) reason.List { return reason.One(reason.IntendedBind) }, tellKMS),
}

// kmsAnsweredNeeds are those of an answer, and a bind to an interface that nobody has,
// which is always worth a finding.
func kmsAnsweredNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(traffic.AnsweredNeeds(p, t), check.RandomBind(t.From.Name, t.Host, t.Addr))
}

// tellKMS is tellAllowed with what accepts any interface.
func tellKMS(in *check.Input, done []*check.Judged, cell *run.Cell) {
	tellAllowed(in, done, cell)
	for i := range done {
		t := done[i]
		if o := in.See(check.RandomBind(t.From.Name, t.Host, t.Addr)); o.RPC != nil && o.RPC.Bind == "accepted" {
			cell.Findings = append(cell.Findings, check.Found(reason.AnyInterface, "at", t.Label))
		}
	}
}
