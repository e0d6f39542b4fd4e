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
	Needs: func(p *policy.Policy, id run.CellID) []run.Need {
		v, h := pair(p, id)
		needs := allowNeeds(p, v, h, family(h.Addresses, false), port(h.Port))
		for _, a := range family(h.Addresses, false) {
			needs = append(needs, randomBind(v.Name, h, a))
		}
		return needs
	},
	Judge: func(in *Input) run.Cell {
		f := fold{none: noAddress}
		addrs := family(in.host().Addresses, false)
		in.allows(&f, addrs, port(in.host().Port))
		in.anyInterface(&f, addrs)
		cell := f.cell()
		cell.Intended = reason.One(reason.IntendedBind)
		return cell
	},
}

// randomBind asks the KMS port for an interface that nobody has.
func randomBind(vantage string, h policy.Host, a netip.Addr) run.Need {
	return run.Need{Vantage: vantage, When: run.Once,
		Spec: run.Spec{Probe: run.ProbeRPC, Target: h.Name, Addr: a, Port: h.Port, Param: run.RandomInterface}}
}

// anyInterface looks at the control binds: a Windows RPC runtime rejects a
// random interface, an emulator of KMS commonly accepts whatever it is asked.
func (in *Input) anyInterface(f *fold, addrs []netip.Addr) {
	h := in.host()
	for _, a := range addrs {
		o := in.See(randomBind(in.Cell.Vantage, h, a))
		if o.RPC == nil || o.RPC.Bind != "accepted" {
			continue
		}
		at := label(a, port(h.Port))
		p := part{label: at, verdict: run.Pass, findings: []run.Finding{found(reason.AnyInterface, "at", at)}}
		if in.Policy.Isolation.Basis == policy.BasisHardened {
			p.verdict, p.why = run.Fail, reason.One(reason.AnyRPCInterface)
		}
		f.add(p)
	}
}
