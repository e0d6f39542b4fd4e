package gpo

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// NotOnDCs is the check gpo-not-on-dcs: no domain controller gets the GPO, neither a writable nor a read-only one.
var NotOnDCs = check.Check{
	ID:         "gpo-not-on-dcs",
	Title:      "no domain controller gets the GPO, neither a writable nor a read-only one",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	After:      check.Arrival,
	Cells:      check.GPOCells("gpo-not-on-dcs"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(notOnDCs, reason.ClaimComplete, reason.ClaimNoneLeft),
}

// notOnDCs looks at what each domain controller is told.
func notOnDCs(e *check.Evidence, l *check.Ledger) {
	i := e.IsolationOf()
	gpos := e.CarriersOf(i)
	known, there := e.There(l, i, gpos, run.AspectLinks, run.AspectComputers, run.AspectSecurity)
	if !there {
		return
	}
	l.Intended = reason.List{i.About(reason.IntendedNoControllers)}
	left := l.Of(reason.ClaimNoneLeft)
	d := e.Directories.Domain(i.Domain)
	dcs := controllers{in: e.Input, domain: i.Domain, gpos: gpos}
	for k := range d.Computers {
		c := &d.Computers[k]
		if (c.Controller || c.ReadOnly) && len(e.Directories.LinksUnread(c.Container)) == 0 {
			dcs.look(c)
		}
	}
	l.Conduct, left.Unsure = dcs.spared, dcs.unsure
	if len(dcs.wrong) > 0 {
		left.Broken = reason.One(reason.ControllersBound, "why", dcs.wrong)
	}
	switch {
	case !known: // what is not known decides
	case dcs.seen == 0:
		left.Unsure = append(left.Unsure, reason.New(reason.NoControllerAccounts))
	default:
		left.Shown(e.Forests())
	}
	if l.Against() {
		return
	}
	for _, g := range gpos {
		if missing := deniesDCs(e.Input, g); len(missing) > 0 {
			l.Find(check.Found(reason.NoDenyForControllers, "gpo", g.Name, "missing", missing))
		}
	}
}

// controllers are the domain controllers of a domain, by what the isolation's GPOs do
// to them.
type controllers struct {
	in     *check.Input
	domain string
	gpos   []*run.GPO

	seen                  int
	wrong, unsure, spared reason.List
}

// look looks at controllers that are told the same.
func (s *controllers) look(c *run.Computers) {
	s.seen += len(c.Names)
	told := s.in.Directories.Resultant(rsop.Subject{Machine: c.Machine, Domain: s.domain})
	kind := "writable"
	if c.ReadOnly {
		kind = "read-only"
	}
	say := func(code reason.Code, args ...any) reason.Reason {
		return reason.New(code, append(args, "kind", kind, "names", c.Names)...)
	}
	for _, g := range s.gpos {
		o := told.Outcome(g)
		switch {
		case o == nil:
			s.spared = s.spared.Add(reason.New(reason.ControllersNotBelow, "names", c.Names, "container", c.Container))
		case o.Applied == tri.No:
			s.spared = s.spared.Add(reason.New(reason.ControllersSpared, "names", c.Names, "why", o.Why))
		case o.Applied == tri.Unknown && (len(g.Registry) == 0 || bindsDC(s.in, s.in.Directories.Assume(g).Policy)):
			s.unsure = append(s.unsure, say(reason.ControllerMaybeGetsGPO, "why", o.Why))
		case o.Applied == tri.Yes && bindsDC(s.in, told.Policy):
			s.wrong = append(s.wrong, say(reason.ControllerGetsGPO, "gpo", g.Name))
		default:
			s.spared = s.spared.Add(reason.New(reason.ControllersUnbound, "names", c.Names))
		}
	}
	if d := requiredAtDC(s.in, told.Policy); d.Rule != "" && !configured.Carries(s.in, d.Source) {
		s.wrong = append(s.wrong, say(reason.ControllerRequires, "rule", check.RuleOf(d)))
	}
}

// bindsDC reports whether what a domain controller is told protects its packets
// to or from a KMS host, or may.
func bindsDC(in *check.Input, p *consec.Policy) bool {
	return slices.ContainsFunc(flowsAtDC(in, p), func(d effect.Decision) bool { return d.Verdict != effect.Clear && d.Verdict != effect.Exempt })
}

// requiredAtDC is the first rule by which a domain controller does not talk in
// clear with a KMS host.
func requiredAtDC(in *check.Input, p *consec.Policy) effect.Decision {
	for _, d := range flowsAtDC(in, p) {
		if d.Verdict == effect.Require {
			return d
		}
	}
	return effect.Decision{}
}

// flowsAtDC is what a domain controller, at its declared addresses or one that
// stands for them, does with its packets to every KMS host and with the hosts'
// for Kerberos.
func flowsAtDC(in *check.Input, p *consec.Policy) []effect.Decision {
	const kerberos = 88
	var own []netip.Addr
	for _, e := range in.Policy.Endpoints(intent.NameDC, nil) {
		own = append(own, e.Addrs...)
	}
	env := effect.Env{Profile: configured.DomainProfile}
	var all []effect.Decision
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			for _, dc := range in.OrStandIn(check.Family(own, a.Is6()), a) {
				all = append(all, in.Simulator.Outbound(p, dc, a, check.TCP(h.Port), env).Security, in.Simulator.Inbound(p, dc, a, check.TCP(kerberos), env).Security)
			}
		}
	}
	return all
}

// deniesDCs lists to whom of the domain controllers a GPO's ACL does not deny
// its application.
func deniesDCs(in *check.Input, g *run.GPO) []string {
	d, err := security.ParseSDDL(g.Security, "")
	if err != nil {
		return nil
	}
	home := in.Directories.Home(g)
	var domain, root security.SID
	if d := in.Directories.Domain(home); d != nil {
		domain = security.SID(d.SID)
	}
	if f := in.Directories.Forest(home); f != nil {
		if d := in.Directories.Domain(f.Name); d != nil {
			root = security.SID(d.SID)
		}
	}
	denied := func(sid security.SID) bool {
		a := d.ApplyGroupPolicy([]security.SID{sid, security.AuthenticatedUsers, security.Everyone})
		return sid != "" && a.Granted == tri.No && a.ACE != nil
	}
	var missing []string
	if !denied(security.EnterpriseControllers) {
		missing = append(missing, "ENTERPRISE DOMAIN CONTROLLERS")
	}
	if !denied(domain.Child(security.RIDReadOnlyControllers)) && !denied(root.Child(security.RIDEnterpriseReadOnlyControllers)) {
		missing = append(missing, "Read-only Domain Controllers")
	}
	return missing
}
