package check

import (
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

var kmsOutbound = Check{
	ID:        "kms-outbound",
	Title:     "the KMS host can initiate connections",
	Section:   "Connectivity from the KMS host",
	Confirmed: "lab",
	Flow:      Flow{Intent: Allowed, Protocol: simulate.TCP, FromHost: true},
	After:     []string{"ike-500", "natt-4500", "esp-50"}, // towards members
	Cells: func(p *policy.Policy) []run.CellID {
		var ids []run.CellID
		for _, k := range p.WithRole(policy.RoleKMSHost) {
			for _, to := range outbound(p, k.Host) {
				ids = append(ids, run.CellID{Check: "kms-outbound", Vantage: k.Name, Target: to.name})
			}
		}
		return ids
	},
	Needs: func(p *policy.Policy, id run.CellID) []run.Need { return outboundNeeds(p, id) },
	Judge: func(in *Input) run.Cell {
		f := fold{intended: reason.One(reason.IntendedOutboundAnswer)}
		needs := outboundNeeds(in.Policy, in.Cell)
		if len(needs) == 0 {
			return run.Cell{Verdict: run.Error, Intended: f.intended,
				Reasons: reason.One(reason.PeerWithoutAddress, "peer", in.Cell.Target, "why", pinError(in.Policy, in.Cell))}
		}
		var all reason.List
		for _, n := range needs {
			o, what := in.See(n), describe(n)
			if !f.sees(what, o) {
				continue
			}
			all = append(all, seen(what, o))
			f.add(reached(what, o))
		}
		cell := f.cell()
		cell.Seen = all.Merge("at")
		return cell
	},
}

// reached judges what became of a connect to something that a host must reach.
func reached(what string, o *run.Observation) part {
	p := part{label: what, why: reason.List{seen("", o)}}
	switch o.Class {
	case run.Answered:
		p.verdict = run.Pass
	case run.Refused:
		p.verdict = run.Pass
		p.findings = []run.Finding{found(reason.OutboundRefused, "to", what)}
	case run.Exhausted, run.NotPermitted, run.Name:
		p.verdict = run.Error
	case run.Unknown:
		p.verdict = run.Inconclusive
	default:
		p.verdict = run.Fail
	}
	return p
}

// peer is something a host must be able to reach.
type peer struct {
	name      string
	endpoints []policy.Endpoint
}

// outbound lists what a host is declared to reach.
func outbound(p *policy.Policy, host string) []peer {
	var all []peer
	for _, f := range p.Isolation.Outbound {
		if !names(f.From, host) {
			continue
		}
		for _, to := range f.To {
			all = append(all, peer{name: to, endpoints: p.Endpoints(to, f.Ports)})
		}
	}
	return all
}

// names reports whether a list of a flow names the host.
func names(list []string, host string) bool {
	for _, n := range list {
		if n == host || n == policy.NameAllHosts {
			return true
		}
	}
	return false
}

func outboundNeeds(p *policy.Policy, id run.CellID) []run.Need {
	k, _ := p.Vantage(id.Vantage)
	var needs []run.Need
	for _, to := range outbound(p, k.Host) {
		if to.name != id.Target {
			continue
		}
		if to.name == policy.NameDNS {
			return []run.Need{srv(k.Name, firstDomain(p))}
		}
		for _, e := range to.endpoints {
			for _, a := range e.Addrs {
				needs = append(needs, knock(k.Name, e, a, port(e.Port)))
			}
		}
	}
	return needs
}

func pinError(p *policy.Policy, id run.CellID) reason.List {
	k, _ := p.Vantage(id.Vantage)
	for _, to := range outbound(p, k.Host) {
		if to.name == id.Target && len(to.endpoints) > 0 {
			return to.endpoints[0].Trouble
		}
	}
	return reason.One(reason.PeerUndeclared)
}

// describe names what a need asks, for a sentence.
func describe(n run.Need) string {
	switch {
	case n.Probe == run.ProbeSRV:
		return "the resolver"
	case n.Port == 0:
		return n.Target + " " + n.Addr.String() + " (ping)"
	}
	return n.Target + " " + label(n.Addr, port(n.Port))
}
