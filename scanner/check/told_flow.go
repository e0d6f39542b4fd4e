package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// opinion is what one source says becomes of the flow that an observed cell is
// about: the directory, or the registry of the host.
type opinion struct {
	known bool
	right bool // as intended
	text  string
}

// flowChecks that a host must let in, by the role of who comes.
var letIn = []string{"domain-ping", "domain-kms", "domain-protected", "nat-client", "kms-inbound", "exempt-kms"}

// tellConfigured puts the middle answer into an observed cell, and says of a
// fail between which two of the three answers it breaks.
func (in *Input) tellConfigured(c *run.Cell) {
	h, ok := in.Policy.Host(c.ID.Target)
	deny := slices.Contains(denyChecks, c.ID.Check)
	if !ok || !deny && !slices.Contains(letIn, c.ID.Check) || c.Configured != "" {
		return
	}
	if in.directories == nil {
		c.Configured = "not known: no directory is declared"
		return
	}
	told, applied := in.toldOpinion(h, deny), in.appliedOpinion(h, deny)
	if !deny {
		told = told.and(in.clientOpinion(h))
	}
	c.Configured = told.text
	if applied.known {
		c.Configured += "; applied there: " + applied.text
	}
	if c.Verdict != run.Fail || deny && in.Policy.Isolation.Stage != policy.StageRequire {
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

// and is the opinion of two ends, both of which must be right.
func (o opinion) and(other opinion) opinion {
	if other.text == "" {
		return o
	}
	wrong := o.known && !o.right || other.known && !other.right
	return opinion{known: wrong || o.known && other.known, right: !wrong && o.right && other.right, text: o.text + "; " + other.text}
}

// toldOpinion is the directory's of the host.
func (in *Input) toldOpinion(h policy.Host, deny bool) opinion {
	e, cell, stop := in.hostEnd(h)
	if stop {
		return opinion{text: "not known: " + cell.Reason}
	}
	o := in.opinionOf(e.Told.Policy, e.Env, h, deny)
	if len(e.Told.Doubts) > 0 {
		o.known = false
		o.text += ", but " + e.Told.Doubts[0]
	}
	return o
}

// clientOpinion is the directory's of the cell's vantage, where that is a member
// whose account was read: whether it protects what it sends to the host.
func (in *Input) clientOpinion(h policy.Host) opinion {
	e, ok := in.memberEnd(in.vantage())
	if !ok || in.vantage().Role != policy.RoleDomain {
		return opinion{}
	}
	o := opinion{known: len(e.Told.Doubts) == 0, right: true}
	for _, a := range h.Addresses {
		own := orStranger(family(e.Addrs, a.Is6()), a)[0]
		d := e.Told.Policy.Outbound(own, a, protoTCP, h.Port, e.Env).Security
		right := d.Verdict == consec.Require || d.Verdict == consec.Request
		if o.text == "" || o.right && !right {
			o.text = fmt.Sprintf("%s at %s by %s", d.Verdict, e.Name, byRule(d))
		}
		o.right = o.right && right
		o.known = o.known && d.Verdict != consec.Unknown && !d.Undocumented
	}
	return o
}

// memberEnd is what a vantage with an account in a directory has been told.
func (in *Input) memberEnd(v policy.Vantage) (end, bool) {
	for _, name := range in.Policy.MachineNames(v) {
		a, domain := in.directories.Account(name)
		if a == nil {
			continue
		}
		e := end{Name: v.Name, Addrs: in.sources(v.Name), Env: estate.Environment(a.Machine), Account: a, Domain: domain, Count: 1}
		if v.Path == "vpn" {
			e.Env.InterfaceType = "RemoteAccess"
		}
		e.Told = in.directories.Told(in.directories.Subject(a, domain, e.Addrs...))
		return e, true
	}
	return end{}, false
}

// appliedOpinion is that of the host's own registry, where a vantage read it.
func (in *Input) appliedOpinion(h policy.Host, deny bool) opinion {
	for _, k := range in.Policy.HostVantages(h.Name) {
		p, err := in.applied(k.Name)
		if p == nil || err != nil {
			continue
		}
		return in.opinionOf(p, atHome, h, deny)
	}
	return opinion{}
}

// opinionOf asks a policy about what the cell is about, an echo request or the
// KMS port of the host, and the cell's vantage as the peer: the worst of its
// addresses.
func (in *Input) opinionOf(p *consec.Policy, env consec.Env, h policy.Host, deny bool) opinion {
	o := opinion{known: true, right: true}
	ping := in.Cell.Check == nonDomainPing.ID || in.Cell.Check == domainPing.ID
	for _, a := range h.Addresses {
		if in.Cell.Check == ipv6Isolated.ID && a.Is4() {
			continue
		}
		proto, n := uint8(protoTCP), h.Port
		if ping {
			proto, n = icmpOf(a), 0
		}
		for _, peer := range in.peers(a) {
			f := p.Inbound(a, peer, proto, n, env)
			d := f.Security
			right := d.Verdict != consec.Unknown && f.Firewall.Verdict != consec.Dropped
			switch {
			case deny:
				right = d.Verdict == consec.Require || f.Verdict == consec.Dropped
			case in.vantage().Role == policy.RoleExempt:
				right = right && d.Verdict != consec.Require
			}
			if o.text == "" || o.right && !right {
				o.text = fmt.Sprintf("%s at %s from %s by %s", d.Verdict, a, peer, byRule(d))
				if !deny && f.Firewall.Verdict == consec.Dropped {
					o.text += ", and the firewall drops it: " + f.Firewall.Why
				}
			}
			o.right = o.right && right
			o.known = o.known && d.Verdict != consec.Unknown && (!d.Undocumented || deny)
		}
	}
	return o
}

// peers are the vantage's own addresses of a family, or one that stands for it.
func (in *Input) peers(like netip.Addr) []netip.Addr {
	return orStranger(family(in.sources(in.Cell.Vantage), like.Is6()), like)
}

// requiredBy says which configuration makes a host require protection from a
// vantage, on one port of one address, "" where none is known to: the host's
// own registry, or else what the directory tells it.
func (in *Input) requiredBy(v policy.Vantage, h policy.Host, a netip.Addr, n port) string {
	requires := func(p *consec.Policy, env consec.Env) (consec.Decision, bool) {
		var d consec.Decision
		for _, peer := range orStranger(family(in.sources(v.Name), a.Is6()), a) {
			proto := uint8(protoTCP)
			if n == echo {
				proto = icmpOf(a)
			}
			if d = p.Inbound(a, peer, proto, uint16(n), env).Security; d.Verdict != consec.Require || d.Undocumented {
				return d, false
			}
		}
		return d, true
	}
	for _, k := range in.Policy.HostVantages(h.Name) {
		p, err := in.applied(k.Name)
		switch {
		case err != nil:
			return ""
		case p == nil:
			continue
		}
		d, ok := requires(p, atHome)
		if !ok {
			return "" // what is applied outweighs what is told
		}
		return fmt.Sprintf("the policy applied on %s requires protection from %s there (%s)", h.Name, v.Name, byRule(d))
	}
	if in.directories == nil {
		return ""
	}
	e, _, stop := in.hostEnd(h)
	if stop || len(e.Told.Doubts) > 0 {
		return ""
	}
	d, ok := requires(e.Told.Policy, e.Env)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s is told to require protection from %s there (%s)", h.Name, v.Name, byRule(d))
}

func icmpOf(a netip.Addr) uint8 {
	if a.Is6() {
		return 58
	}
	return 1
}
