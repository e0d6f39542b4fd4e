package gpo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Linked is the check gpo-linked: the isolation GPO is linked, enabled and inherited where hosts and clients are.
var Linked = check.Check{
	ID:         "gpo-linked",
	Title:      "the isolation GPO is linked, enabled and inherited where hosts and clients are",
	Section:    "Create a GPO; How to implement",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-exists"},
	Cells:      check.GPOCells("gpo-linked"),
	Trials:     itsIsolation,
	Claims: func(p *intent.Policy, t *check.Trial) []check.Claim {
		codes := ofRole(p, t)
		if p.Isolation.Basis == intent.BasisHardened && isFor(p, t, "clients") {
			codes = append(codes, reason.ClaimNoneLeft)
		}
		return check.Together(linked, codes...)(p, t)
	},
}

// itsIsolation is the one trial of a cell of an isolation.
func itsIsolation(_ *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
	return []check.Trial{{Target: id.Target}}, nil
}

// isFor reports whether the isolation of a trial is for an end, "hosts" or "clients".
func isFor(p *intent.Policy, t *check.Trial, role string) bool {
	all := check.Isolations(p)
	i := slices.IndexFunc(all, func(i check.Isolation) bool { return i.Target == t.Target })
	return i < 0 || isolationIsFor(all[i], role)
}

func isolationIsFor(i check.Isolation, role string) bool {
	return i.Declared.Role == role || i.Declared.Role == "both" || i.Declared.Role == ""
}

// ofRole are the claims that all was read, and that what an isolation is comes to the
// ends that it is for: to each host, and to enough clients.
func ofRole(p *intent.Policy, t *check.Trial) []reason.Code {
	codes := []reason.Code{reason.ClaimComplete}
	if isFor(p, t, "hosts") {
		codes = append(codes, reason.ClaimReaches)
	}
	if isFor(p, t, "clients") {
		codes = append(codes, reason.ClaimCounted)
	}
	return codes
}

// linked looks where the GPOs are linked, and what is below.
func linked(e *check.Evidence, l *check.Ledger) {
	i := e.IsolationOf()
	gpos := e.CarriersOf(i)
	known, there := e.There(l, i, gpos, run.AspectLinks)
	if !there {
		return
	}
	toLink := []any{"name", gpos[0].Name, "home", e.Directories.Home(gpos[0]), "dn", e.Directories.Domain(i.Domain).DN}
	l.Intended = reason.One(reason.IntendedLink, "domain", i.Domain)
	nowhere := links(e, l, i, gpos, toLink)
	if known && len(nowhere) > 0 {
		l.Of(ofRole(e.Policy, e.Trial)[1]).Broken = nowhere
		return
	}
	known = e.Complete(l, i.Domain, run.AspectComputers) && known // what is below is known by its accounts
	staleLinks(e.Input, i, l)
	if isolationIsFor(i, "hosts") {
		l.Of(reason.ClaimReaches).Broken = hostsNotBelow(e.Input, i, configured.CarriersFor(e.Input, "hosts", ""), toLink)
	}
	if isolationIsFor(i, "clients") {
		l.Of(reason.ClaimCounted).Broken = clientsNotBelow(e.Input, i, configured.CarriersFor(e.Input, "clients", ""), toLink)
		undeclaredDomains(e.Input, i, l)
	}
	if known {
		l.Shown(e.Forests())
	}
}

// links says where the GPOs are linked, and why none of the links counts; nil where
// one does.
func links(e *check.Evidence, l *check.Ledger, i check.Isolation, gpos []*run.GPO, toLink []any) (nowhere reason.List) {
	var names []string
	var links reason.List
	counts := false
	for _, g := range gpos {
		for _, l := range e.Directories.LinkedAt(e.Directories.Home(g), g.ID) {
			names, counts = append(names, linkText(l)), counts || l.Lost == nil
			if l.Link.Disabled {
				links = append(links, reason.New(reason.LinkDisabled, "container", l.Scope, "options", options(l)))
			}
		}
	}
	l.Conduct = reason.One(reason.LinkedAt, "links", names)
	switch {
	case counts:
		return nil
	case len(links) > 0:
		return reason.List{i.About(reason.NoEnabledLink, append(toLink, "links", links)...)}
	}
	return reason.List{i.About(reason.LinkedNowhere, toLink...)}
}

func linkText(l gpo.Linked) string {
	var words []string
	if l.Link.Disabled {
		words = append(words, "disabled")
	}
	if l.Link.Enforced {
		words = append(words, "enforced")
	}
	if len(words) == 0 {
		return l.Scope
	}
	return l.Scope + " (" + check.List(words) + ")"
}

// options are those of a link as the directory has them ([MS-GPOL] 2.2.2).
func options(l gpo.Linked) (n int) {
	if l.Link.Disabled {
		n |= 1
	}
	if l.Link.Enforced {
		n |= 2
	}
	return n
}

// hostsNotBelow lists the KMS hosts of the domain that no link comes down to.
func hostsNotBelow(in *check.Input, i check.Isolation, gpos []*run.GPO, toLink []any) (lost reason.List) {
	for _, h := range in.Policy.Hosts {
		a, domain := in.Directories.Account(cmp.Or(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.Domain) {
			continue
		}
		if why := notBelow(in, a.Container, gpos); why != nil {
			lost = append(lost, reason.New(reason.HostNotBelowLink, append(toLink, "host", h.Name, "account", a.DN, "why", why)...))
		}
	}
	return lost
}

// clientsNotBelow counts the computers of the domain that no link comes down
// to, by where they are. Whether the GPO applies to the others is for
// gpo-coverage.
func clientsNotBelow(in *check.Input, i check.Isolation, gpos []*run.GPO, toLink []any) (lost reason.List) {
	var order []string
	counts, whys := map[string]int{}, map[string]reason.List{}
	total := 0
	d := in.Directories.Domain(i.Domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		n := len(in.Directories.ClientNames(c))
		if c.Controller || c.ReadOnly || !rsop.Capable(c.Machine) || n == 0 {
			continue
		}
		total += n
		if why := notBelow(in, c.Container, gpos); why != nil {
			if counts[c.Container] == 0 {
				order = append(order, c.Container)
			}
			counts[c.Container] += n
			whys[c.Container] = why
		}
	}
	missed := 0
	for _, n := range counts {
		missed += n
	}
	if missed == 0 || total == 0 || float64(total-missed)*100 >= in.Policy.Isolation.Coverage.Threshold*float64(total) {
		return nil
	}
	for i, where := range order {
		if i == check.MostNamed && len(order) > check.MostNamed+1 {
			lost = append(lost, reason.New(reason.MoreContainers, "count", len(order)-i))
			break
		}
		lost = append(lost, reason.New(reason.ComputersNotBelowLink, append(toLink, "count", counts[where], "container", where, "why", whys[where])...))
	}
	return lost
}

// notBelow says why no link to the GPOs comes down to a container, nil where one
// does, or may: not all links above it were read.
func notBelow(in *check.Input, container string, gpos []*run.GPO) reason.List {
	why := reason.One(reason.NoLinkAbove)
	for _, l := range in.Directories.Order(container, nil) {
		for _, g := range gpos {
			if in.Directories.GPO(gpo.DomainOf(l.Link.DN), l.Link.GPO) != g {
				continue
			}
			if l.Lost == nil {
				return nil
			}
			why = l.Lost
		}
	}
	for _, f := range in.Directories.Forests {
		for j := range f.Sites {
			for _, l := range f.Sites[j].Links {
				for _, g := range gpos {
					if !l.Disabled && in.Directories.GPO(gpo.DomainOf(l.DN), l.GPO) == g {
						return nil // perhaps: the site decides, and gpo-coverage says so
					}
				}
			}
		}
	}
	if len(in.Directories.LinksUnread(container)) > 0 {
		return nil
	}
	return why
}

// staleLinks finds links of the domain that lead nowhere.
func staleLinks(in *check.Input, i check.Isolation, l *check.Ledger) {
	d := in.Directories.Domain(i.Domain)
	for k := range d.Containers {
		for _, to := range d.Containers[k].Links {
			domain := gpo.DomainOf(to.DN)
			if in.Directories.Domain(domain) != nil && in.Directories.GPO(domain, to.GPO) == nil {
				l.Find(check.Found(reason.StaleLink, "container", d.Containers[k].DN, "gpo-id", to.GPO, "domain", domain))
			}
		}
	}
}

// undeclaredDomains finds domains that have computers and no declared isolation:
// of the isolation's forest, and of the other forests that are read. A hardened
// isolation leaves none out.
func undeclaredDomains(in *check.Input, i check.Isolation, l *check.Ledger) {
	declared := check.IsolatedDomains(in.Policy)
	hardened := in.Policy.Isolation.Basis == intent.BasisHardened
	unread := func(domain string, why reason.List) {
		if check.HasFold(declared, domain) {
			return // its own cells say so
		}
		f := check.Found(reason.UnreadDomain, "domain", domain, "why", why)
		l.Find(f)
		if hardened {
			l.Of(reason.ClaimNoneLeft).Unsure = append(l.Of(reason.ClaimNoneLeft).Unsure, f.Reason...)
		}
	}
	for _, p := range in.Directories.Missing(i.Domain) {
		unread(p.Where, p.Why)
	}
	forests := []*run.Forest{in.Directories.Forest(i.Domain)}
	if i.Target == check.Isolations(in.Policy)[0].Target {
		forests = in.Directories.Forests // said once
		for _, f := range in.Policy.Directories() {
			if why, failed := in.Directories.Failed[f.Name]; failed {
				unread(f.Name, why)
			}
		}
	}
	for _, forest := range forests {
		for k := range forest.Domains {
			d := &forest.Domains[k]
			n := clients(d)
			if n == 0 || check.HasFold(declared, d.Name) {
				continue
			}
			undeclared := check.Found(reason.UndeclaredDomain, "domain", d.Name, "count", n)
			l.Find(undeclared)
			if hardened {
				left := l.Of(reason.ClaimNoneLeft)
				left.Broken = append(left.Broken, undeclared.Reason...)
			}
		}
	}
}

// clients counts the computers of a domain that the isolation is for.
func clients(d *run.Domain) int {
	n := 0
	for i := range d.Computers {
		if c := &d.Computers[i]; !c.Controller && !c.ReadOnly && rsop.Capable(c.Machine) {
			n += len(c.Names)
		}
	}
	return n
}
