// Package rsop is the Resultant Set of Policy of the machines of one or more
// forests: which GPOs a machine gets, in which order, why not the others, and the
// connection security and firewall policy that comes of it.
//
// It works on facts that were read and asks nobody. What the facts do not tell
// is a doubt, never a no.
package rsop

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Directories are the forests that were read, and answer for their machines. They are
// for one goroutine at a time.
type Directories struct {
	*gpo.Index
	cache
}

// New puts the forests together that were read.
func New(forests ...*run.Forest) *Directories {
	return &Directories{Index: gpo.NewIndex(forests...)}
}

// Subject is the account as Group Policy sees it, at one of these addresses.
func (e *Directories) Subject(a *run.Account, domain string, addrs ...netip.Addr) Subject {
	s := e.Member(a.Machine, domain, addrs...)
	s.SID = a.SID
	return s
}

// Member is Subject for a machine of which no more is known than what Group
// Policy treats alike.
func (e *Directories) Member(m run.Machine, domain string, addrs ...netip.Addr) Subject {
	return Subject{Machine: m, Domain: domain, Site: e.site(domain, addrs)}
}

// site is the site that the most specific subnet around an address belongs to.
func (e *Directories) site(domain string, addrs []netip.Addr) *run.Container {
	f := e.Forest(domain)
	if f == nil {
		return nil
	}
	var best *run.Container
	bits := -1
	for i := range f.Sites {
		for _, p := range f.Sites[i].Subnets {
			if p.Bits() > bits && slices.ContainsFunc(addrs, p.Contains) {
				best, bits = &f.Sites[i].Container, p.Bits()
			}
		}
	}
	return best
}
