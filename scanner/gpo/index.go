package gpo

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Index finds the objects of several forests by what refers to them.
type Index struct {
	Forests    []*run.Forest
	domains    map[string]*run.Domain // by DNS name, lower case
	forestOf   map[string]*run.Forest // by the domain's name
	gpos       map[string]*run.GPO    // by domain and id
	homes      map[*run.GPO]string
	containers map[string]*run.Container // by DN
	filters    map[string]*run.WMIFilter // by domain and id
}

// NewIndex makes the index. The forests are read, never changed.
func NewIndex(forests ...*run.Forest) *Index {
	x := &Index{Forests: forests, domains: map[string]*run.Domain{}, forestOf: map[string]*run.Forest{},
		gpos: map[string]*run.GPO{}, homes: map[*run.GPO]string{}, containers: map[string]*run.Container{}, filters: map[string]*run.WMIFilter{}}
	for _, f := range forests {
		for i := range f.Domains {
			d := &f.Domains[i]
			name := strings.ToLower(d.Name)
			x.domains[name], x.forestOf[name] = d, f
			for j := range d.GPOs {
				x.gpos[name+" "+strings.ToUpper(d.GPOs[j].ID)] = &d.GPOs[j]
				x.homes[&d.GPOs[j]] = d.Name
			}
			for j := range d.Containers {
				x.containers[plainDN(d.Containers[j].DN)] = &d.Containers[j]
			}
			for j := range d.Filters {
				x.filters[name+" "+strings.ToUpper(d.Filters[j].ID)] = &d.Filters[j]
			}
		}
	}
	return x
}

// Domain returns a domain by its DNS name, nil where it was not read.
func (x *Index) Domain(name string) *run.Domain { return x.domains[strings.ToLower(name)] }

// Forest returns the forest that a domain belongs to, nil where it was not read.
func (x *Index) Forest(domain string) *run.Forest { return x.forestOf[strings.ToLower(domain)] }

// GPO returns a GPO by its domain and "{GUID}", nil where it is not there.
func (x *Index) GPO(domain, id string) *run.GPO {
	return x.gpos[strings.ToLower(domain)+" "+strings.ToUpper(id)]
}

// Home is the DNS name of the domain that a GPO of the index is of, which need
// not be that of what it is linked to.
func (x *Index) Home(g *run.GPO) string { return x.homes[g] }

// Filter returns a WMI filter by its domain and "{GUID}", nil where it is not
// there or could not be read.
func (x *Index) Filter(domain, id string) *run.WMIFilter {
	return x.filters[strings.ToLower(domain)+" "+strings.ToUpper(id)]
}

// Container returns a domain or an OU, nil where it has neither links nor
// blocked inheritance.
func (x *Index) Container(dn string) *run.Container { return x.containers[plainDN(dn)] }

// plainDN is a distinguished name in the one form that is compared here.
func plainDN(dn string) string { return strings.ToLower(strings.Join(splitDN(dn), ",")) }

// DomainOf returns the DNS name of the domain that a distinguished name is in:
// "contoso.test" for "CN=x,DC=contoso,DC=test".
func DomainOf(dn string) string {
	var labels []string
	for _, rdn := range splitDN(dn) {
		if name, value, ok := strings.Cut(rdn, "="); ok && strings.EqualFold(strings.TrimSpace(name), "DC") {
			labels = append(labels, strings.ToLower(strings.TrimSpace(value)))
		}
	}
	return strings.Join(labels, ".")
}

// scopes lists the containers above an account that Group Policy looks at, the
// nearest first: OUs and the domain. Others, such as CN=Computers, cannot have
// links ([MS-GPOL] 3.2.5.1.4).
func scopes(container string) []string {
	rdns := splitDN(container)
	var all []string
	for i, rdn := range rdns {
		name, _, _ := strings.Cut(rdn, "=")
		switch strings.ToUpper(strings.TrimSpace(name)) {
		case "OU":
			all = append(all, strings.Join(rdns[i:], ","))
		case "DC":
			return append(all, strings.Join(rdns[i:], ","))
		}
	}
	return all
}

// splitDN splits a distinguished name at the commas that separate its parts
// (RFC 4514): not at escaped ones.
func splitDN(dn string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			parts = append(parts, strings.TrimSpace(dn[start:i]))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(dn[start:]); rest != "" {
		parts = append(parts, rest)
	}
	return parts
}

// Lost says why an aspect of a domain is not known; none where it is.
func (x *Index) Lost(domain string, a run.Aspect) reason.List {
	f := x.Forest(domain)
	if f == nil {
		return reason.One(reason.DomainNotRead, "domain", domain)
	}
	if why := f.Lost[a]; len(why) > 0 {
		return why
	}
	for _, p := range f.Problems {
		if of := unreadDomain(p); p.Aspect == a && (of == "" || strings.EqualFold(of, domain)) {
			return reason.List{p.Reason()}
		}
	}
	return nil
}

// LinksUnread says which links that may come down to a container could not be
// read; none where all were: those of the containers above it, and of sites.
func (x *Index) LinksUnread(container string) (all reason.List) {
	f := x.Forest(DomainOf(container))
	if f == nil {
		return reason.One(reason.DomainNotRead, "domain", DomainOf(container))
	}
	if why := f.Lost[run.AspectLinks]; len(why) > 0 {
		return why
	}
	for _, p := range f.Problems {
		if p.Aspect == run.AspectLinks && unreadDomain(p) == "" && mayBeAbove(p.Where, container) {
			all = all.Add(p.Reason())
		}
	}
	return all
}

// mayBeAbove reports whether links of a place may come down to a container: those
// of another domain do not, nor those of an OU that it is not in.
func mayBeAbove(where, container string) bool {
	where = plainDN(where)
	switch name, _, _ := strings.Cut(where, "="); name {
	case "ou":
		return strings.HasSuffix(","+plainDN(container), ","+where)
	case "dc":
		return DomainOf(where) == DomainOf(container)
	}
	return true
}

// unreadDomain is the domain that a problem says is not read, which is nothing
// to the others; "" where it says something else.
func unreadDomain(p run.Problem) string {
	for _, r := range p.Why {
		if r.Is(reason.DomainUnread) {
			return r.Word("domain")
		}
	}
	return ""
}

// Missing lists the domains that belong to the forest of a domain and were not
// read, as the Where of a problem with the reason.
func (x *Index) Missing(domain string) []run.Problem {
	var some []run.Problem
	if f := x.Forest(domain); f != nil {
		for _, p := range f.Problems {
			if of := unreadDomain(p); of != "" && x.Domain(of) == nil {
				some = append(some, p)
			}
		}
	}
	return some
}
