package check

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	Needs:      directoryNeeds,
	Judge:      judgeLinked,
}

func judgeLinked(in *Input) run.Cell {
	i := in.isolation()
	f := fold{intended: reason.One(reason.IntendedLink, "domain", i.domain)}
	gpos := in.carriers(i)
	if !f.there(in, i, gpos, run.AspectLinks) {
		return f.cell()
	}
	known := len(f.parts) == 0
	var names []string
	var links reason.List
	counts := false
	for _, g := range gpos {
		for _, l := range in.directories.LinkedAt(in.directories.Home(g), g.ID) {
			names, counts = append(names, linkText(l)), counts || l.Lost == nil
			if l.Link.Disabled {
				links = append(links, reason.New(reason.LinkDisabled, "container", l.Scope, "options", options(l)))
			}
		}
	}
	f.conduct = reason.One(reason.LinkedAt, "links", names)
	toLink := []any{"name", gpos[0].Name, "home", in.directories.Home(gpos[0]), "dn", in.directories.Domain(i.domain).DN}
	if known && !counts {
		why := i.about(reason.LinkedNowhere, toLink...)
		if len(links) > 0 {
			why = i.about(reason.NoEnabledLink, append(toLink, "links", links)...)
		}
		f.all(run.Fail, reason.List{why})
		return f.cell()
	}
	in.staleLinks(i, &f)
	if i.declared.Role != "clients" {
		f.all(run.Fail, in.hostsNotBelow(i, in.carriersFor("hosts", ""), toLink))
	}
	if i.declared.Role != "hosts" {
		f.all(run.Fail, in.clientsNotBelow(i, in.carriersFor("clients", ""), toLink))
		in.undeclaredDomains(i, &f)
	}
	return f.passing()
}

// there says whether an isolation has a GPO to judge. Where its GPO is not there,
// gpo-exists says so. What of these aspects is not known is added as a part, and
// what is known is judged all the same.
func (f *fold) there(in *Input, i isolation, gpos []*run.GPO, aspects ...run.Aspect) bool {
	switch known := f.knows(in, i.domain, aspects...); {
	case len(gpos) > 0 && !in.isRegistry(i.domain):
		return true
	case !known:
	case in.isRegistry(i.domain):
		f.none = reason.One(reason.ExportWithoutGPOs)
	default:
		f.none = reason.One(reason.GPOMissing, i.named()...)
	}
	return false
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
		if c.Controller || c.ReadOnly || !estate.Capable(c.Machine) || n == 0 {
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
func (in *Input) staleLinks(i isolation, f *fold) {
	d := in.directories.Domain(i.domain)
	for k := range d.Containers {
		for _, l := range d.Containers[k].Links {
			domain := gpo.DomainOf(l.DN)
			if in.directories.Domain(domain) != nil && in.directories.GPO(domain, l.GPO) == nil {
				f.find(found(reason.StaleLink, "container", d.Containers[k].DN, "gpo-id", l.GPO, "domain", domain))
			}
		}
	}
}

// undeclaredDomains finds domains that have computers and no declared isolation:
// of the isolation's forest, and of the other forests that are read. A hardened
// isolation leaves none out.
func (in *Input) undeclaredDomains(i isolation, f *fold) {
	declared := isolatedDomains(in.Policy)
	say := func(verdict run.Verdict, found run.Finding) {
		f.find(found)
		if in.Policy.Isolation.Basis == policy.BasisHardened {
			f.all(verdict, found.Reason)
		}
	}
	for _, p := range in.directories.Missing(i.domain) {
		if hasFold(declared, p.Where) {
			continue // its own cells say so
		}
		say(run.Inconclusive, found(reason.UnreadDomain, "domain", p.Where, "why", p.Why))
	}
	forests := []*run.Forest{in.directories.Forest(i.domain)}
	if i.target == isolations(in.Policy)[0].target {
		forests = in.directories.Forests // said once
	}
	for _, forest := range forests {
		for k := range forest.Domains {
			d := &forest.Domains[k]
			n := clients(d)
			if n == 0 || hasFold(declared, d.Name) {
				continue
			}
			say(run.Fail, found(reason.UndeclaredDomain, "domain", d.Name, "count", n))
		}
	}
}

// clients counts the computers of a domain that the isolation is for.
func clients(d *run.Domain) int {
	n := 0
	for i := range d.Computers {
		if c := &d.Computers[i]; !c.Controller && !c.ReadOnly && estate.Capable(c.Machine) {
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
