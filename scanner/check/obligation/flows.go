package obligation

import (
	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/observed"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// flows are the declared flows, and behind NAT the KMS port and UDP 4500. What no
// declared vantage can try is a declared thing without a trial.
func (o *owing) flows() {
	for _, f := range declaredFlows(o.p) {
		if f.why != nil {
			o.all = append(o.all, run.Obligation{What: f.what, Paid: run.Void, Why: f.why})
			continue
		}
		d := &debt{what: f.what, how: paidAt(f.at), waivable: func() []run.CellID { return f.cells }}
		for _, id := range f.cells {
			if c := o.cells[id]; c != nil {
				d.cells = append(d.cells, c)
			}
		}
		d.why = func() reason.List { return unpaid(d.cells, reason.One(reason.FlowNotShown, "flow", f.what)) }
		o.owe(d)
	}
}

// unpaid is why cells do not pay. What a cell itself says is not said again.
func unpaid(cells []*run.Cell, otherwise reason.List) reason.List {
	if c := undecided(cells); c != nil {
		return reason.One(reason.CellUndecided, "cell", c.ID.String())
	}
	return otherwise
}

// undecided is the first of some cells that fails, is in error, or does not know; nil
// for none.
func undecided(cells []*run.Cell) *run.Cell {
	for _, c := range cells {
		if c.Verdict != run.Pass && c.Verdict != run.Skip && c.Verdict != run.Waived {
			return c
		}
	}
	return nil
}

// declaredFlow is a flow that is declared to work.
type declaredFlow struct {
	what  reason.List
	cells []run.CellID // that can show it
	at    []string     // the labels of their trials that count
	why   reason.List  // why no declared vantage can try it
}

// declaredFlows are the flows that a policy declares, each once.
func declaredFlows(p *intent.Policy) []declaredFlow {
	var all []declaredFlow
	seen := map[string]bool{}
	add := func(f declaredFlow) {
		if key := f.what.Key(); !seen[key] {
			seen[key] = true
			all = append(all, f)
		}
	}
	var nat []intent.Vantage
	for _, v := range p.WithRole(intent.RoleDomain) {
		if check.BehindNAT(v) {
			nat = append(nat, v)
		}
	}
	for _, h := range p.Hosts {
		for _, f := range p.Isolation.Inbound {
			if !check.IsNamed(f.To, h.Name) {
				continue
			}
			for _, from := range f.From {
				for _, n := range f.Ports {
					add(inboundFlow(p, from, h, check.Port(n)))
				}
			}
		}
		itself := p.HostVantages(h.Name)
		for _, to := range observed.Outbound(p, h.Name) {
			add(outboundFlow(p, h, itself, to.Name))
		}
		for _, f := range natFlows(p, h, nat) {
			add(f)
		}
	}
	return all
}

func inboundFlow(p *intent.Policy, from string, h intent.Host, n check.Port) declaredFlow {
	f := declaredFlow{what: reason.One(reason.InboundOwed, "from", from, "host", h.Name, "port", int(n))}
	if _, ok := p.Vantage(from); !ok {
		f.why = reason.One(reason.FlowWithoutVantage, "from", from)
		return f
	}
	return f.tried(p, &observed.KMSInbound, []run.CellID{{Check: observed.KMSInbound.ID, Vantage: from, Target: h.Name}}, func(t *check.Trial) bool { return t.Port == n })
}

func outboundFlow(p *intent.Policy, h intent.Host, itself []intent.Vantage, to string) declaredFlow {
	f := declaredFlow{what: reason.One(reason.OutboundOwed, "host", h.Name, "to", to)}
	var ids []run.CellID
	for _, k := range itself {
		ids = append(ids, run.CellID{Check: observed.KMSOutbound.ID, Vantage: k.Name, Target: to})
	}
	if len(ids) == 0 {
		f.why = reason.One(reason.FlowWithoutVantage, "from", h.Name)
		return f
	}
	return f.tried(p, &observed.KMSOutbound, ids, nil)
}

// natFlows are what members behind NAT need of a host. Without such a member nothing is
// declared. NAT is for IPv4 alone: what has no IPv4 address, such a member cannot try, and
// there is no NAT-T to let through.
func natFlows(p *intent.Policy, h intent.Host, members []intent.Vantage) []declaredFlow {
	if len(members) == 0 {
		return nil
	}
	var all []declaredFlow
	for _, c := range []struct {
		check *check.Check
		what  reason.Code
	}{{&observed.NATClient, reason.NATOwed}, {&observed.NATT4500, reason.NATTOwed}} {
		if c.what == reason.NATTOwed && len(check.Family(h.Addresses, false)) == 0 {
			continue
		}
		var ids []run.CellID
		for _, v := range members {
			ids = append(ids, run.CellID{Check: c.check.ID, Vantage: v.Name, Target: h.Name})
		}
		all = append(all, declaredFlow{what: reason.One(c.what, "host", h.Name)}.tried(p, c.check, ids, nil))
	}
	return all
}

// tried is the flow with the trials of cells that count: those that a vantage can make,
// as far as is declared. WinRM makes no connection.
func (f declaredFlow) tried(p *intent.Policy, c *check.Check, cells []run.CellID, counts func(*check.Trial) bool) declaredFlow {
	for _, id := range cells {
		trials, _ := c.Trials(p, id)
		for i := range trials {
			t := &trials[i]
			if !check.WithoutFarEnd(t.From) && (!t.Addr.IsValid() || mayUse(t.From, t.Addr)) && (counts == nil || counts(t)) {
				f.at = append(f.at, t.Label)
			}
		}
	}
	if f.cells = cells; len(f.at) == 0 {
		f.why = reason.One(reason.FlowNotTriable, "from", cells[0].Vantage)
	}
	return f
}
