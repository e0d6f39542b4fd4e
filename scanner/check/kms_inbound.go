package check

import (
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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		var needs []run.Need
		for _, n := range inboundPorts(p, v.Name, h.Name) {
			needs = append(needs, allowNeeds(p, v, h, family(h.Addresses, false), n)...)
		}
		return needs
	},
	Judge: func(in *Input) run.Cell {
		h := in.host()
		ports := inboundPorts(in.Policy, in.Cell.Vantage, h.Name)
		f := fold{none: noAddress, intended: reason.One(reason.IntendedInboundAnswer, "vantage", in.Cell.Vantage, "host", h.Name)}
		for _, n := range ports {
			in.allows(&f, family(h.Addresses, false), n)
		}
		return f.cell()
	},
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
