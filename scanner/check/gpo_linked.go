package check

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoLinked = Check{
	ID:         "gpo-linked",
	Title:      "the isolation GPO is linked, enabled and inherited where hosts and clients are",
	Section:    "Create a GPO; How to implement",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-exists"},
	Cells:      gpoCells("gpo-linked"),
	Trials:     itsIsolation,
	Claims: func(p *policy.Policy, t Trial) []Claim {
		codes := ofRole(p, t)
		if p.Isolation.Basis == policy.BasisHardened && isFor(p, t, "clients") {
			codes = append(codes, reason.ClaimNoneLeft)
		}
		return together((*Evidence).linked, codes...)(p, t)
	},
}

// itsIsolation is the one trial of a cell of an isolation.
func itsIsolation(_ *policy.Policy, id run.CellID) ([]Trial, reason.List) {
	return []Trial{{Target: id.Target}}, nil
}

// isFor reports whether the isolation of a trial is for an end, "hosts" or "clients".
func isFor(p *policy.Policy, t Trial, role string) bool {
	all := isolations(p)
	i := slices.IndexFunc(all, func(i isolation) bool { return i.target == t.Target })
	return i < 0 || all[i].isFor(role)
}

func (i isolation) isFor(role string) bool {
	return i.declared.Role == role || i.declared.Role == "both" || i.declared.Role == ""
}

// ofRole are the claims that all was read, and that what an isolation is comes to the
// ends that it is for: to each host, and to enough clients.
func ofRole(p *policy.Policy, t Trial) []reason.Code {
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
func (e *Evidence) linked(l *ledger) {
	i := e.isolation()
	gpos := e.carriers(i)
	known, there := e.there(l, i, gpos, run.AspectLinks)
	if !there {
		return
	}
	toLink := []any{"name", gpos[0].Name, "home", e.directories.Home(gpos[0]), "dn", e.directories.Domain(i.domain).DN}
	l.intended = reason.One(reason.IntendedLink, "domain", i.domain)
	nowhere := e.links(l, i, gpos, toLink)
	if known && len(nowhere) > 0 {
		l.of(ofRole(e.Policy, e.Trial)[1]).broken = nowhere
		return
	}
	known = e.complete(l, i.domain, run.AspectComputers) && known // what is below is known by its accounts
	e.staleLinks(i, l)
	if i.isFor("hosts") {
		l.of(reason.ClaimReaches).broken = e.hostsNotBelow(i, e.carriersFor("hosts", ""), toLink)
	}
	if i.isFor("clients") {
		l.of(reason.ClaimCounted).broken = e.clientsNotBelow(i, e.carriersFor("clients", ""), toLink)
		e.undeclaredDomains(i, l)
	}
	if known {
		l.shown(e.forests())
	}
}

// links says where the GPOs are linked, and why none of the links counts; nil where
// one does.
func (e *Evidence) links(l *ledger, i isolation, gpos []*run.GPO, toLink []any) (nowhere reason.List) {
	var names []string
	var links reason.List
	counts := false
	for _, g := range gpos {
		for _, l := range e.directories.LinkedAt(e.directories.Home(g), g.ID) {
			names, counts = append(names, linkText(l)), counts || l.Lost == nil
			if l.Link.Disabled {
				links = append(links, reason.New(reason.LinkDisabled, "container", l.Scope, "options", options(l)))
			}
		}
	}
	l.conduct = reason.One(reason.LinkedAt, "links", names)
	switch {
	case counts:
		return nil
	case len(links) > 0:
		return reason.List{i.about(reason.NoEnabledLink, append(toLink, "links", links)...)}
	}
	return reason.List{i.about(reason.LinkedNowhere, toLink...)}
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
	return l.Scope + " (" + list(words) + ")"
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
func (in *Input) hostsNotBelow(i isolation, gpos []*run.GPO, toLink []any) (lost reason.List) {
	for _, h := range in.Policy.Hosts {
		a, domain := in.directories.Account(orElse(h.FQDN, h.Name))
		if a == nil || !strings.EqualFold(domain, i.domain) {
			continue
		}
		if why := in.notBelow(a.Container, gpos); why != nil {
			lost = append(lost, reason.New(reason.HostNotBelowLink, append(toLink, "host", h.Name, "account", a.DN, "why", why)...))
		}
	}
	return lost
}

// clientsNotBelow counts the computers of the domain that no link comes down
// to, by where they are. Whether the GPO applies to the others is for
// gpo-coverage.
func (in *Input) clientsNotBelow(i isolation, gpos []*run.GPO, toLink []any) (lost reason.List) {
	var order []string
	counts, whys := map[string]int{}, map[string]reason.List{}
	total := 0
	d := in.directories.Domain(i.domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		n := len(in.directories.ClientNames(c))
		if c.Controller || c.ReadOnly || !rsop.Capable(c.Machine) || n == 0 {
			continue
		}
		total += n
		if why := in.notBelow(c.Container, gpos); why != nil {
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
		if i == mostNamed && len(order) > mostNamed+1 {
			lost = append(lost, reason.New(reason.MoreContainers, "count", len(order)-i))
			break
		}
		lost = append(lost, reason.New(reason.ComputersNotBelowLink, append(toLink, "count", counts[where], "container", where, "why", whys[where])...))
	}
	return lost
}

// notBelow says why no link to the GPOs comes down to a container, nil where one
// does, or may: not all links above it were read.
func (in *Input) notBelow(container string, gpos []*run.GPO) reason.List {
	why := reason.One(reason.NoLinkAbove)
	for _, l := range in.directories.Order(container, nil) {
		for _, g := range gpos {
			if in.directories.GPO(gpo.DomainOf(l.Link.DN), l.Link.GPO) != g {
				continue
			}
			if l.Lost == nil {
				return nil
			}
			why = l.Lost
		}
	}
	for _, f := range in.directories.Forests {
		for j := range f.Sites {
			for _, l := range f.Sites[j].Links {
				for _, g := range gpos {
					if !l.Disabled && in.directories.GPO(gpo.DomainOf(l.DN), l.GPO) == g {
						return nil // perhaps: the site decides, and gpo-coverage says so
					}
				}
			}
		}
	}
	if len(in.directories.LinksUnread(container)) > 0 {
		return nil
	}
	return why
}

// staleLinks finds links of the domain that lead nowhere.
func (in *Input) staleLinks(i isolation, l *ledger) {
	d := in.directories.Domain(i.domain)
	for k := range d.Containers {
		for _, to := range d.Containers[k].Links {
			domain := gpo.DomainOf(to.DN)
			if in.directories.Domain(domain) != nil && in.directories.GPO(domain, to.GPO) == nil {
				l.find(found(reason.StaleLink, "container", d.Containers[k].DN, "gpo-id", to.GPO, "domain", domain))
			}
		}
	}
}

// undeclaredDomains finds domains that have computers and no declared isolation:
// of the isolation's forest, and of the other forests that are read. A hardened
// isolation leaves none out.
func (in *Input) undeclaredDomains(i isolation, l *ledger) {
	declared := isolatedDomains(in.Policy)
	hardened := in.Policy.Isolation.Basis == policy.BasisHardened
	unread := func(domain string, why reason.List) {
		if hasFold(declared, domain) {
			return // its own cells say so
		}
		f := found(reason.UnreadDomain, "domain", domain, "why", why)
		l.find(f)
		if hardened {
			l.of(reason.ClaimNoneLeft).unsure = append(l.of(reason.ClaimNoneLeft).unsure, f.Reason...)
		}
	}
	for _, p := range in.directories.Missing(i.domain) {
		unread(p.Where, p.Why)
	}
	forests := []*run.Forest{in.directories.Forest(i.domain)}
	if i.target == isolations(in.Policy)[0].target {
		forests = in.directories.Forests // said once
		for _, f := range in.Policy.Directories() {
			if why, failed := in.directories.Failed[f.Name]; failed {
				unread(f.Name, why)
			}
		}
	}
	for _, forest := range forests {
		for k := range forest.Domains {
			d := &forest.Domains[k]
			n := clients(d)
			if n == 0 || hasFold(declared, d.Name) {
				continue
			}
			undeclared := found(reason.UndeclaredDomain, "domain", d.Name, "count", n)
			l.find(undeclared)
			if hardened {
				left := l.of(reason.ClaimNoneLeft)
				left.broken = append(left.broken, undeclared.Reason...)
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

func hasFold(all []string, s string) bool {
	for _, x := range all {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}
