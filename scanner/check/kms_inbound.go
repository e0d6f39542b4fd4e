package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var kmsInbound = Check{
	ID:        "kms-inbound",
	Title:     "declared flows to the KMS host still work",
	Section:   "+",
	Confirmed: "lab",
	Flow:      Flow{Intent: Allowed, Protocol: simulate.TCP, Declared: true},
	After:     negotiation,
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.Vantages {
			for _, h := range p.Hosts {
				if len(inboundPorts(p, v.Name, h.Name)) > 0 {
					ids = append(ids, run.CellID{Check: "kms-inbound", Vantage: v.Name, Target: h.Name})
				}
			}
		}
		return ids
	},
	Trials: func(p *policy.Policy, id run.CellID) ([]Trial, reason.List) {
		var all []Trial
		for _, n := range inboundPorts(p, id.Vantage, id.Target) {
			all = append(all, flowsTo(p, id, n, func(v policy.Vantage, h policy.Host, a netip.Addr) bool {
				switch v.Role {
				case policy.RoleDomain:
					return true
				case policy.RoleExempt:
					return exemptOver(p, v, h, a)
				}
				return a.Is4() || len(family(h.Addresses, false)) == 0
			})...)
		}
		return all, noAddress
	},
	Claims: func(_ *policy.Policy, t Trial) []Claim {
		claims := []Claim{claimSent, claimAnswered}
		switch t.From.Role {
		case policy.RoleDomain:
			claims = append(claims, claimUsed)
		case policy.RoleExempt:
			claims = append(claims, claimExempt)
		}
		return claims
	},
	Tell: intending(func(in *Input) reason.List {
		return reason.One(reason.IntendedInboundAnswer, "vantage", in.Cell.Vantage, "host", in.Cell.Target)
	}, tellAllowed),
}

// inboundPorts are the TCP ports of a host that a vantage is declared to use.
func inboundPorts(p *policy.Policy, vantage, host string) []port {
	var all []port
	for _, f := range p.Isolation.Inbound {
		if !slices.Contains(f.From, vantage) || !names(f.To, host) {
			continue
		}
		for _, n := range f.Ports {
			if !slices.Contains(all, port(n)) {
				all = append(all, port(n))
			}
		}
	}
	return all
}
