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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		needs := allowNeeds(p, v, h, family(h.Addresses, false), echo)
		// The KMS port backs a ping that only a text tool has told of.
		for _, a := range family(h.Addresses, false) {
			needs = append(needs, reach(v.Name, h, a, port(h.Port), run.Before))
		}
		return append(needs, pingMeansNothingNeeds(p, h)...)
	},
	Judge: func(in *Input) run.Cell {
		if why := in.pingMeansNothing(); why != nil {
			return run.Cell{Verdict: run.Skip, Reasons: why}
		}
		cell := judgeAllow(in, family(in.host().Addresses, false), echo)
		cell.Intended = reason.One(reason.IntendedPing)
		return cell
	},
}

// pair returns the vantage and the KMS host of a cell.
func pair(p *policy.Policy, id run.CellID) (policy.Vantage, policy.Host) {
	v, _ := p.Vantage(id.Vantage)
	h, _ := p.Host(id.Target)
	return v, h
}
