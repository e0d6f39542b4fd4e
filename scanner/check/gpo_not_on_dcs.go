package check

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoNotOnDCs = Check{
	ID:         "gpo-not-on-dcs",
	Title:      "no domain controller gets the GPO, neither a writable nor a read-only one",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	After:      arrival,
	Cells:      gpoCells("gpo-not-on-dcs"),
	Needs:      directoryNeeds,
	Judge:      judgeNotOnDCs,
}

func judgeNotOnDCs(in *Input) run.Cell {
	i := in.isolation()
	gpos := in.carriers(i)
	f := fold{intended: reason.List{i.about(reason.IntendedNoControllers)}}
	if !f.there(in, i, gpos, run.AspectLinks, run.AspectComputers, run.AspectSecurity) {
		return f.cell()
	}
	known := len(f.parts) == 0
	d := in.directories.Domain(i.domain)
	var wrong reason.List
	var spared reason.List
	seen := 0
	for k := range d.Computers {
		c := &d.Computers[k]
		if !c.Controller && !c.ReadOnly || len(in.directories.LinksUnread(c.Container)) > 0 {
			continue
		}
		seen += len(c.Names)
		told := in.directories.Told(estate.Subject{Machine: c.Machine, Domain: i.domain})
		kind := "writable"
		if c.ReadOnly {
			kind = "read-only"
		}
		say := func(code reason.Code, args ...any) reason.Reason {
			return reason.New(code, append(args, "kind", kind, "names", c.Names)...)
		}
		for _, g := range gpos {
			o := told.Outcome(g)
			switch {
			case o == nil:
				spared = spared.Add(reason.New(reason.ControllersNotBelow, "names", c.Names, "container", c.Container))
			case o.Applied == estate.No:
				spared = spared.Add(reason.New(reason.ControllersSpared, "names", c.Names, "why", o.Why))
			case o.Applied == estate.Unknown && (len(g.Registry) == 0 || in.bindsDC(in.directories.Assume(g).Policy)):
				f.all(run.Inconclusive, reason.List{say(reason.ControllerMaybeGetsGPO, "why", o.Why)})
			case o.Applied == estate.Yes && in.bindsDC(told.Policy):
				wrong = append(wrong, say(reason.ControllerGetsGPO, "gpo", g.Name))
			default:
				spared = spared.Add(reason.New(reason.ControllersUnbound, "names", c.Names))
			}
		}
		if d := in.requiredAtDC(told.Policy); d.Rule != "" && !in.carries(d.Source) {
			wrong = append(wrong, say(reason.ControllerRequires, "rule", ruleOf(d)))
		}
	}
	f.conduct = spared
	if len(wrong) > 0 {
		f.all(run.Fail, reason.One(reason.ControllersBound, "why", wrong))
	}
	if known && seen == 0 {
		f.all(run.Inconclusive, reason.One(reason.NoControllerAccounts))
	}
	if len(f.parts) == 0 {
		for _, g := range gpos {
			if missing := in.deniesDCs(g); len(missing) > 0 {
				f.find(found(reason.NoDenyForControllers, "gpo", g.Name, "missing", missing))
			}
		}
	}
	return f.passing()
}

// bindsDC reports whether what a domain controller is told protects its packets
// to or from a KMS host, or may.
func (in *Input) bindsDC(p *consec.Policy) bool {
	return slices.ContainsFunc(in.flowsAtDC(p), func(d consec.Decision) bool { return d.Verdict != consec.Clear && d.Verdict != consec.Exempt })
}

// requiredAtDC is the first rule by which a domain controller does not talk in
// clear with a KMS host.
func (in *Input) requiredAtDC(p *consec.Policy) consec.Decision {
	for _, d := range in.flowsAtDC(p) {
		if d.Verdict == consec.Require {
			return d
		}
	}
	return consec.Decision{}
}

// flowsAtDC is what a domain controller, at its declared addresses or one that
// stands for them, does with its packets to every KMS host and with the hosts'
// for Kerberos.
func (in *Input) flowsAtDC(p *consec.Policy) []consec.Decision {
	const kerberos = 88
	var own []netip.Addr
	for _, e := range in.Policy.Endpoints(policy.NameDC, nil) {
		own = append(own, e.Addrs...)
	}
	env := consec.Env{Profile: profile}
	var all []consec.Decision
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			for _, dc := range in.orStandIn(family(own, a.Is6()), a) {
				all = append(all, in.sim.Outbound(p, dc, a, tcp(h.Port), env).Security, in.sim.Inbound(p, dc, a, tcp(kerberos), env).Security)
			}
		}
	}
	return all
}

// deniesDCs lists to whom of the domain controllers a GPO's ACL does not deny
// its application.
func (in *Input) deniesDCs(g *run.GPO) []string {
	d, err := security.ParseSDDL(g.Security, "")
	if err != nil {
		return nil
	}
	home := in.directories.Home(g)
	var domain, root security.SID
	if d := in.directories.Domain(home); d != nil {
		domain = security.SID(d.SID)
	}
	if f := in.directories.Forest(home); f != nil {
		if d := in.directories.Domain(f.Name); d != nil {
			root = security.SID(d.SID)
		}
	}
	denied := func(sid security.SID) bool {
		a := d.ApplyGroupPolicy([]security.SID{sid, security.AuthenticatedUsers, security.Everyone})
		return sid != "" && a.Granted == security.No && a.ACE != nil
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

var dcActivation = Check{
	ID:         "dc-activation",
	Title:      "domain controllers, which cannot reach isolated hosts, are activated otherwise",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	Cells:      domainCells("dc-activation"),
	Needs:      directoryNeeds,
	Judge:      judgeDCActivation,
}

func judgeDCActivation(in *Input) run.Cell {
	domain := in.domain()
	if stopped, stop := in.unreadable(domain, run.AspectComputers); stop {
		return stopped
	}
	if in.isRegistry(domain) {
		return skipped(reason.ExportWithoutControllers)
	}
	cell := run.Cell{Verdict: run.Pass, Intended: reason.One(reason.IntendedActivation)}
	f := in.directories.Forest(domain)
	var objects []string
	for _, a := range f.Activation {
		objects = append(objects, a.Name)
	}
	adba := in.Policy.Isolation.ADBA
	known := len(f.Lost[run.AspectActivation]) == 0 && len(in.directories.Lost(domain, run.AspectActivation)) == 0
	if len(objects) > 0 {
		cell.Findings = append(cell.Findings, found(reason.ADBA, "objects", objects))
	}
	switch {
	case in.Policy.Isolation.DCActivation != "":
		cell.Conduct = reason.One(reason.ActivationDeclared, "words", in.Policy.Isolation.DCActivation)
	case in.exemptDCs(domain):
		cell.Conduct = reason.One(reason.ControllersExempt)
	case len(objects) > 0 && (adba == nil || *adba):
		cell.Conduct = reason.One(reason.ActivationByDirectory, "objects", objects)
	case adba != nil && *adba && !known:
		why := f.Lost[run.AspectActivation]
		if lost := in.directories.Lost(domain, run.AspectActivation); len(lost) > 0 {
			why = lost
		}
		cell.Verdict, cell.Reasons = run.Inconclusive, reason.One(reason.ADBAUnknown, "why", why)
	case adba != nil && *adba:
		cell.Verdict, cell.Reasons = run.Fail, reason.One(reason.ADBAMissing)
	default:
		cell.Verdict, cell.Reasons = run.Fail, reason.One(reason.ControllersNotActivated, "domain", domain, "hosts", in.directories.HostAddresses())
	}
	return cell
}

// exemptDCs reports whether the addresses of the domain's declared controllers
// are all in an exemption that is for every host.
func (in *Input) exemptDCs(domain string) bool {
	any := false
	for _, e := range in.Policy.Endpoints(policy.NameDC, nil) {
		if !strings.HasSuffix(strings.ToLower(e.Name), "."+strings.ToLower(domain)) {
			continue
		}
		for _, a := range e.Addrs {
			any = true
			for _, h := range in.Policy.Hosts {
				if _, ok := in.Policy.Exempt(a, h.Name); !ok {
					return false
				}
			}
		}
	}
	return any
}
