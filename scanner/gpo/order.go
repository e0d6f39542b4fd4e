package gpo

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Linked is one GPO that a link brings to a machine, or would.
type Linked struct {
	Link run.Link
	// Scope is the DN of the site, domain or OU that has the link.
	Scope string
	// Lost says why the link does not count: it is disabled, or inheritance is
	// blocked below it.
	Lost reason.List
}

// Order lists the GPOs that are linked above an account in the order in which
// Windows processes them: the last one wins ([MS-GPOL] 3.2.5.1.5). Links that
// do not count are in it, each with the reason. The site is nil where the
// machine's is not known or has no links.
func (x *Index) Order(container string, site *run.Container) []Linked {
	levels := x.levels(container, site)    // nearest first
	blocked := make([]string, len(levels)) // which container keeps out what is linked there
	by, n := "", 0
	for i, c := range levels {
		if blocked[i] = by; c.Blocks && by == "" {
			by = c.DN
		}
		n += len(c.Links)
	}
	all := make([]Linked, 0, n)
	// In a container the first link has the highest precedence: it goes last.
	for i, c := range slices.Backward(levels) {
		for _, link := range slices.Backward(c.Links) {
			l := Linked{Link: link, Scope: c.DN}
			switch {
			case link.Disabled:
				l.Lost = reason.One(reason.LinkDisabled, "container", c.DN)
			case link.Enforced:
				continue
			case blocked[i] != "":
				l.Lost = reason.One(reason.InheritanceBlocked, "container", c.DN, "by", blocked[i])
			}
			all = append(all, l)
		}
	}
	// Of the enforced ones the highest container's are the last.
	for _, c := range levels {
		for _, link := range slices.Backward(c.Links) {
			if link.Enforced && !link.Disabled {
				all = append(all, Linked{Link: link, Scope: c.DN})
			}
		}
	}
	return all
}

// levels are the containers with links or blocked inheritance above an
// account, the nearest first, the site last.
func (x *Index) levels(container string, site *run.Container) []*run.Container {
	var all []*run.Container
	for _, dn := range scopes(container) {
		if c := x.Container(dn); c != nil {
			all = append(all, c)
		}
	}
	if site != nil {
		all = append(all, site)
	}
	return all
}

// LinkedAt lists every container of every forest, sites among them, that has a
// link to the GPO.
func (x *Index) LinkedAt(domain, id string) []Linked {
	var all []Linked
	look := func(c *run.Container) {
		for _, link := range c.Links {
			if strings.EqualFold(link.GPO, id) && strings.EqualFold(DomainOf(link.DN), domain) {
				l := Linked{Link: link, Scope: c.DN}
				if link.Disabled {
					l.Lost = reason.One(reason.LinkDisabled, "container", c.DN)
				}
				all = append(all, l)
			}
		}
	}
	for _, f := range x.Forests {
		for i := range f.Domains {
			for j := range f.Domains[i].Containers {
				look(&f.Domains[i].Containers[j])
			}
		}
		for i := range f.Sites {
			look(&f.Sites[i].Container)
		}
	}
	return all
}
