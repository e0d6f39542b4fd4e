package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Owed says what a GO owes beside the verdict of each cell, and which cells pay it:
// for each address of each KMS host a deny of the KMS port, and for each host a
// protected way in. Where outsiders are not denied yet, and in an audit, nothing is
// owed.
func (pl *Plan) Owed(r *run.Run, cells []run.Cell) []run.Obligation {
	p := pl.policy
	if r.Audit || outsidersPass(p) {
		return nil
	}
	denied, protected := map[string][]*run.Cell{}, map[string][]*run.Cell{} // by host
	for i := range cells {
		switch c := &cells[i]; c.ID.Check {
		case nonDomainKMS.ID, ipv6Isolated.ID:
			denied[c.ID.Target] = append(denied[c.ID.Target], c)
		case domainProtected.ID:
			protected[c.ID.Target] = append(protected[c.ID.Target], c)
		}
	}
	var all []run.Obligation
	for _, h := range p.Hosts {
		for _, a := range h.Addresses {
			all = append(all, denyOwed(p, h, a, denied[h.Name]))
		}
		all = append(all, wayInOwed(p, h, protected[h.Name]))
	}
	return all
}

// Ports counts the TCP ports of a host that outsiders try; 0 where only the KMS port is
// isolated, or nobody is denied yet.
func (pl *Plan) Ports() int {
	p, most := pl.policy, 0
	if outsidersPass(p) || p.Isolation.Scope != policy.ScopeHost {
		return 0
	}
	for _, h := range p.Hosts {
		most = max(most, len(ports(p, h)))
	}
	return most
}

// denyOwed is the deny of the KMS port at one address of a host, whichever outsider
// shows it.
func denyOwed(p *policy.Policy, h policy.Host, a netip.Addr, cells []*run.Cell) run.Obligation {
	o := run.Obligation{What: reason.One(reason.DenyOwed, "host", h.Name, "address", a)}
	at := label(a, port(h.Port))
	for _, c := range cells {
		for k := range c.Trials {
			if t := &c.Trials[k]; t.At == at {
				pay(&o, c, paidBy(c, t))
			}
		}
	}
	if o.Paid != run.NotShown && o.Paid != "" {
		return o
	}
	o.Paid = run.NotShown
	o.Why = reason.One(reason.DenyNotShown, "host", h.Name, "address", a, "family", familyName(a))
	if len(p.WithRole(policy.RoleNonDomain)) == 0 {
		o.Why = reason.One(reason.OutsiderWanted, "host", h.Name)
	}
	return o
}

// wayInOwed is a connection of a member to a host that is seen to be protected.
func wayInOwed(p *policy.Policy, h policy.Host, cells []*run.Cell) run.Obligation {
	o := run.Obligation{What: reason.One(reason.WayInOwed, "host", h.Name)}
	for _, c := range cells {
		switch {
		case c.Verdict == run.Waived || c.Verdict == run.Pass && c.Weak:
			pay(&o, c, run.Weak)
		case c.Verdict == run.Pass:
			pay(&o, c, run.Shown)
		}
	}
	if o.Paid == "" {
		o.Paid = run.NotShown
		o.Why = reason.One(reason.WayInNotShown, "host", h.Name)
		if len(p.WithRole(policy.RoleDomain)) == 0 {
			o.Why = reason.One(reason.MemberWanted, "host", h.Name)
		}
	}
	return o
}

// pay notes that a cell pays an obligation. Of several the best counts.
func pay(o *run.Obligation, c *run.Cell, how run.Support) {
	if how == run.NotShown {
		return
	}
	if o.Paid != run.Shown {
		o.Paid = how
	}
	o.By = append(o.By, c.ID)
}

// paidBy is how a trial of a cell pays: by its claims, whatever else the cell tried.
func paidBy(c *run.Cell, t *run.Trial) run.Support {
	if c.Verdict == run.Waived {
		return run.Weak
	}
	if len(t.Claims) == 0 || slices.ContainsFunc(t.Claims, func(x run.Claim) bool { return x.Support != run.Shown && x.Support != run.Weak }) {
		return run.NotShown
	}
	if slices.ContainsFunc(t.Claims, func(x run.Claim) bool { return x.Support == run.Weak }) {
		return run.Weak
	}
	return run.Shown
}
