package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// RuleOf is what decides: a rule, or else the reason why none does.
func RuleOf(d effect.Decision) reason.List {
	switch {
	case d.Rule == "":
		return d.Why
	case d.Source == "":
		return reason.One(reason.LocalRule, "rule", d.Rule)
	}
	return reason.One(reason.RuleOfGPO, "rule", d.Rule, "gpo", d.Source)
}

// opinion is what one source says becomes of the flow that an observed cell is
// about: the directory, or the registry of the host.
type opinion struct {
	known bool
	right bool // as intended
	sure  bool // what the host does is known and documented
	why   reason.List
}

// tellConfigured puts the middle answer into an observed cell, and says of a
// fail between which two of the three answers it breaks.
func (in *Input) tellConfigured(c *run.Cell) {
	h, ok := in.Policy.Host(in.Cell.Target)
	flow := in.planned.check.Flow
	if !ok || !flow.AtHost() || len(c.Conduct) > 0 {
		return
	}
	deny := flow.Intent == Denied
	if in.Directories == nil {
		c.Conduct = reason.One(reason.ConductUnknown, "why", reason.New(reason.DirectoryNotDeclared))
		return
	}
	host := in.Simulator.Host(h)
	told, applied := in.opinionOf(host, h, deny), in.appliedOpinion(host, h, deny)
	c.Conduct = told.why
	if applied.sure {
		c.Conduct = append(slices.Clone(told.why), reason.New(reason.ConductApplied, "why", applied.why))
	}
	if c.Verdict != run.Fail || deny && in.Policy.Isolation.Stage != intent.StageRequire {
		return
	}
	switch {
	case told.known && !told.right:
		c.Breaks = run.BreaksPolicy
	case !told.known:
	case applied.known && !applied.right:
		c.Breaks = run.BreaksApplying
	default:
		c.Breaks = run.BreaksNetwork
	}
}

// appliedOpinion is that of the host's own registry, where a vantage read it.
func (in *Input) appliedOpinion(host *simulate.Endpoint, h intent.Host, deny bool) opinion {
	for _, k := range in.Policy.HostVantages(h.Name) {
		p, err := in.Applied(k.Name)
		if p == nil || err != nil {
			continue
		}
		there := host.As(p)
		return in.opinionOf(&there, h, deny)
	}
	return opinion{}
}

// opinionOf asks what becomes of each packet that the cell is about between its
// vantage and the host. What it says is of the first that does not fare as intended,
// or else of the first.
func (in *Input) opinionOf(host *simulate.Endpoint, h intent.Host, deny bool) opinion {
	if len(host.Unknown) > 0 {
		return opinion{why: reason.One(reason.ConductUnknown, "why", host.Unknown)}
	}
	o := opinion{known: true, right: true, sure: true}
	for _, p := range in.packets(host, h) {
		out := in.Simulator.Packet(p.from, p.to, p.flow)
		right, known := in.asIntended(out, deny)
		if o.why == nil || o.right && !right {
			o.why = in.conduct(p, out, deny)
		}
		o.known, o.right = o.known && known, o.right && right
		o.sure = o.sure && out.To.Effect.Security.Verdict != effect.Unknown && (deny || !out.Undocumented)
	}
	return o
}

// packet is one that a cell is about.
type packet struct {
	from, to simulate.At
	flow     simulate.Flow
}

// packets are those that the cell is about: of each address that the host sees
// of the vantage, to each of the host's.
func (in *Input) packets(host *simulate.Endpoint, h intent.Host) []packet {
	var all []packet
	from := in.Simulator.Vantage(in.FromVantage())
	for _, a := range h.Addresses {
		if in.planned.check.Flow.IPv6 && a.Is4() {
			continue
		}
		for _, at := range in.Simulator.Places(from, a) {
			for _, f := range in.flows(h) {
				all = append(all, packet{at, simulate.At{Endpoint: host, Addr: a}, f})
			}
		}
	}
	return all
}

// flows are what the cell tries at the host: an echo request, the declared
// ports, or the KMS port.
func (in *Input) flows(h intent.Host) []simulate.Flow {
	switch flow := in.planned.check.Flow; {
	case flow.Protocol == simulate.Echo:
		return []simulate.Flow{FlowTo(Echo)}
	case flow.Protocol == simulate.UDP:
		var all []simulate.Flow
		for _, n := range in.Policy.Limits.UDPPorts {
			all = append(all, simulate.Flow{Protocol: simulate.UDP, Port: n})
		}
		return all
	case flow.Declared:
		var all []simulate.Flow
		for _, n := range InboundPorts(in.Policy, in.Cell.Vantage, h.Name) {
			all = append(all, FlowTo(n))
		}
		return all
	}
	return []simulate.Flow{TCP(h.Port)}
}

// asIntended says whether a packet surely fares as the cell intends, and whether
// that is known. A looser reading of what is not documented is exposure for a
// deny, and nothing to rely on for all others.
func (in *Input) asIntended(out simulate.Outcome, deny bool) (right, known bool) {
	good := 0
	for _, r := range out.May {
		switch {
		case deny && (r.Verdict == run.OutcomeDropped || r.Verdict == run.OutcomeFails),
			!deny && r.Verdict == run.OutcomeProtected,
			!deny && r.Verdict == run.OutcomeClear && in.planned.check.Flow.Intent != Protected:
			good++
		}
	}
	right = good == len(out.May)
	return right, (right || good == 0) && (deny || !out.Undocumented)
}

// conduct is what both ends do with a packet: the host, and where that must
// protect what it sends, the vantage.
func (in *Input) conduct(p packet, out simulate.Outcome, deny bool) reason.List {
	takes := conductOf(p.to.Endpoint, out.To).With("end", p.to.Addr).With("from", p.from.Seen())
	if by := out.To.Effect.Firewall; !deny && by.Verdict == effect.Dropped {
		takes = takes.With("firewall", by.Why)
	}
	if len(out.To.Doubts) > 0 {
		takes = takes.With("doubt", out.To.Doubts[:1])
	}
	if deny || in.FromVantage().Role != intent.RoleDomain || p.to.Resultant == nil && len(p.to.Nothing) == 0 {
		return reason.List{takes}
	}
	return reason.List{takes, conductOf(p.from.Endpoint, out.From).With("end", p.from.Name)}
}

// conductOf is what an end does, and by which rule or why.
func conductOf(e *simulate.Endpoint, c simulate.Conduct) reason.Reason {
	d := c.Effect.Security
	switch {
	case e.Policy == nil && len(e.Nothing) == 0:
		return reason.New(reason.ConductNotRead, "why", e.Unknown)
	case e.Policy == nil:
		return reason.New(reason.ConductWithout, "verdict", d.Verdict, "why", e.Nothing)
	}
	return reason.New(reason.ConductBy, "verdict", d.Verdict, "by", RuleOf(d))
}

// RequiredBy says which configuration makes a host require protection from a
// vantage, on one port of one address, nil where none is known to: the host's
// own registry, or else what the directory tells it.
func (in *Input) RequiredBy(v intent.Vantage, h intent.Host, a netip.Addr, n Port) reason.List {
	requires := func(host *simulate.Endpoint) (d effect.Decision, ok bool) {
		for _, from := range in.Simulator.Places(in.Simulator.Vantage(v), a) {
			takes := in.Simulator.Takes(simulate.At{Endpoint: host, Addr: a}, from.Seen(), FlowTo(n))
			if d = takes.Effect.Security; d.Verdict != effect.Require || d.Undocumented || len(takes.Doubts) > 0 {
				return d, false
			}
		}
		return d, true
	}
	host := in.Simulator.Host(h)
	for _, k := range in.Policy.HostVantages(h.Name) {
		p, err := in.Applied(k.Name)
		switch {
		case err != nil:
			return nil
		case p == nil:
			continue
		}
		there := host.As(p)
		d, ok := requires(&there)
		if !ok {
			return nil // what is applied outweighs what is told
		}
		return reason.One(reason.AppliedPolicyRequires, "host", h.Name, "vantage", v.Name, "rule", RuleOf(d))
	}
	d, ok := requires(host)
	if !ok {
		return nil
	}
	return reason.One(reason.DirectoryPolicyRequires, "host", h.Name, "vantage", v.Name, "rule", RuleOf(d))
}
