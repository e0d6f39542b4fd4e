package check

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var domainKMS = Check{
	ID:        "domain-kms",
	Title:     "a domain member reaches the KMS service",
	Section:   "KMS activation",
	Confirmed: "lab",
	Flow:      Flow{Intent: Allowed, Protocol: simulate.TCP},
	After:     negotiation,
	Cells: func(p *policy.Policy) []run.CellID {
		return hostCells("domain-kms", p, p.WithRole(policy.RoleDomain))
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		_, h := pair(p, id)
		return flowsTo(p, id, port(h.Port), nil), noAddress
	},
	Claims: func(p *policy.Policy, _ Trial) []Claim {
		answered := Claim{Code: reason.ClaimAnswered, Needs: kmsAnsweredNeeds, Ask: (*Evidence).answered}
		claims := []Claim{claimSent, answered, claimSameHost, claimUsed}
		if p.Isolation.Basis == policy.BasisHardened {
			claims = append(claims, claimWindowsRPC)
		}
		return claims
	},
	Tell: intending(func(*Input) reason.List { return reason.One(reason.IntendedBind) }, tellKMS),
}

// kmsAnsweredNeeds are those of an answer, and a bind to an interface that nobody has,
// which is always worth a finding.
func kmsAnsweredNeeds(p *policy.Policy, t Trial) []run.Need {
	return append(answeredNeeds(p, t), randomBind(t.From.Name, t.Host, t.Addr))
}

// tellKMS is tellAllowed with what accepts any interface.
func tellKMS(in *Input, done []*judgedTrial, cell *run.Cell) {
	tellAllowed(in, done, cell)
	for i := range done {
		t := done[i]
		if o := in.See(randomBind(t.From.Name, t.Host, t.Addr)); o.RPC != nil && o.RPC.Bind == "accepted" {
			cell.Findings = append(cell.Findings, found(reason.AnyInterface, "at", t.Label))
		}
	}
}

// randomBind asks the KMS port for an interface that nobody has.
func randomBind(vantage string, h policy.Host, a netip.Addr) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeRPC, Target: h.Name, Addr: a, Port: h.Port, Param: run.RandomInterface}}
}
