package observed

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// KMSInbound is the check kms-inbound: declared flows to the KMS host still work.
var KMSInbound = check.Check{
	ID:        "kms-inbound",
	Title:     "declared flows to the KMS host still work",
	Section:   "+",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Allowed, Protocol: simulate.TCP, Declared: true},
	After:     check.Negotiation,
	Cells: func(p *intent.Policy) []run.CellID {
		var ids []run.CellID
		for _, v := range p.Vantages {
			for _, h := range p.Hosts {
				if len(check.InboundPorts(p, v.Name, h.Name)) > 0 {
					ids = append(ids, run.CellID{Check: "kms-inbound", Vantage: v.Name, Target: h.Name})
				}
			}
		}
		return ids
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		var all []check.Trial
		for _, n := range check.InboundPorts(p, id.Vantage, id.Target) {
			all = append(all, traffic.FlowsTo(p, id, n, func(v intent.Vantage, h intent.Host, a netip.Addr) bool {
				switch v.Role {
				case intent.RoleDomain:
					return true
				case intent.RoleExempt:
					return traffic.ExemptOver(p, v, h, a)
				}
				return a.Is4() || len(check.Family(h.Addresses, false)) == 0
			})...)
		}
		return all, check.NoAddress
	},
	Claims: func(_ *intent.Policy, t *check.Trial) []check.Claim {
		claims := []check.Claim{traffic.ClaimSent, traffic.ClaimAnswered}
		switch t.From.Role {
		case intent.RoleDomain:
			claims = append(claims, traffic.ClaimUsed)
		case intent.RoleExempt:
			claims = append(claims, traffic.ClaimExempt)
		}
		return claims
	},
	Tell: intending(func(in *check.Input) reason.List {
		return reason.One(reason.IntendedInboundAnswer, "vantage", in.Cell.Vantage, "host", in.Cell.Target)
	}, tellAllowed),
}
