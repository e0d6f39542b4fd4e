package rsop

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Found is the account of a computer that a name leads to.
type Found struct {
	Account *run.Account // nil where only the list of computers has it
	Machine *run.Machine
	Domain  string // of the account
	Name    string // DNS name, or account name without one; lower case
}

// Find finds the account of a computer by its DNS name, or by its plain name
// where only one computer has that. It returns nil where none has the name; the
// error says that several have it. The
// accounts of declared machines, which are read in every forest, come before the
// list of all computers; of two accounts of one DNS name the enabled one counts.
func (e *Directories) Find(name string) (*Found, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	hits := e.accounts(name)
	if hits.best() == nil {
		e.computers(name, &hits)
	}
	all := hits.best()
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return &all[0], nil
	}
	var names []string
	for _, f := range all {
		names = append(names, f.Name+" of "+f.Domain)
	}
	slices.Sort(names)
	if n := len(names); n > mostNames {
		return nil, reason.Fail(reason.AccountsAlike, "accounts", names[:mostNames], "more", n-mostNames)
	}
	return nil, reason.Fail(reason.AccountsAlike, "accounts", names)
}

// mostNames is how many computers of one name are listed.
const mostNames = 6

// Account is Find for the account of one computer: nil where none has the name,
// or several have it.
func (e *Directories) Account(name string) (a *run.Account, domain string) {
	f, err := e.Find(name)
	if f == nil || err != nil {
		return nil, ""
	}
	return f.Account, f.Domain
}

// Subject is the computer as Group Policy sees it, at one of these addresses.
func (f *Found) Subject(e *Directories, addrs ...netip.Addr) Subject {
	if f.Account != nil {
		return e.Subject(f.Account, f.Domain, addrs...)
	}
	return e.Member(*f.Machine, f.Domain, addrs...)
}

// hits are accounts of a DNS name, and those of a plain one.
type hits struct{ exact, plain []Found }

func (h *hits) best() []Found {
	if len(h.exact) > 0 {
		return h.exact
	}
	return h.plain
}

// accounts finds a name among the accounts of declared machines.
func (e *Directories) accounts(name string) hits {
	var h, disabled hits
	short := !strings.Contains(name, ".")
	for _, f := range e.Forests {
		for i := range f.Domains {
			d := &f.Domains[i]
			for j := range d.Accounts {
				a := &d.Accounts[j]
				n := strings.ToLower(a.DNSName)
				if n == "" {
					n = strings.ToLower(a.Name)
				}
				to := &h
				if !a.Enabled {
					to = &disabled
				}
				switch hit := (Found{a, &a.Machine, d.Name, n}); {
				case n == name:
					to.exact = append(to.exact, hit)
				case short && (strings.EqualFold(a.Name, name) || stemIs(n, name)):
					to.plain = append(to.plain, hit)
				}
			}
		}
	}
	if len(h.exact) == 0 {
		h.exact = disabled.exact
	}
	if len(h.plain) == 0 {
		h.plain = disabled.plain
	}
	return h
}

// computers finds a name in the lists of all computers.
func (e *Directories) computers(name string, h *hits) {
	short := !strings.Contains(name, ".")
	for _, f := range e.Forests {
		for i := range f.Domains {
			d := &f.Domains[i]
			for j := range d.Computers {
				c := &d.Computers[j]
				for _, n := range c.Names {
					switch {
					case strings.EqualFold(n, name):
						h.exact = append(h.exact, Found{nil, &c.Machine, d.Name, strings.ToLower(n)})
					case short && stemIs(n, name):
						h.plain = append(h.plain, Found{nil, &c.Machine, d.Name, strings.ToLower(n)})
					}
				}
			}
		}
	}
}

// stemIs reports whether the first label of a DNS name is that.
func stemIs(name, label string) bool {
	return len(name) > len(label) && name[len(label)] == '.' && strings.EqualFold(name[:len(label)], label)
}
