package logon

import (
	"net"
	"slices"
	"strings"
)

// Account is whose secret is shown. The same one may be written in many ways:
// CONTOSO\svc, contoso.test\svc, svc@contoso.test and the principal
// svc@CONTOSO.TEST.
type Account struct {
	User string `json:"user"` // lower case
	// Domain is what stands beside it, in lower case: a DNS name, a NetBIOS name,
	// or nothing.
	Domain string `json:"domain,omitempty"`
	// Machine is set for an account of one machine: the name that it is asked by.
	Machine string `json:"machine,omitempty"`
	// UPN says that it was written with @. A domain of the forest may then have
	// it that is not Domain.
	UPN bool `json:"upn,omitempty"`
}

// ParseAccount reads DOMAIN\user, user@domain, .\user and user. The names are
// those of the machine that it is for, the first of which is the one it is asked
// by; none where it is for a domain controller.
func ParseAccount(written string, names ...string) Account {
	written = strings.ToLower(written)
	domain, user, flat := strings.Cut(written, `\`)
	if !flat {
		i := strings.LastIndexByte(written, '@')
		if i < 0 {
			return Account{User: written}
		}
		return Account{User: written[:i], Domain: strings.TrimSuffix(written[i+1:], "."), UPN: true}
	}
	a := Account{User: user, Domain: strings.TrimSuffix(domain, ".")}
	for _, n := range names {
		n = strings.ToLower(strings.TrimSuffix(n, "."))
		if a.Domain == "" || a.Domain == n || !strings.Contains(a.Domain, ".") && a.Domain == label(n) {
			return Account{User: user, Machine: strings.ToLower(names[0])}
		}
	}
	return a
}

// label is the first one of a name; an address is whole.
func label(name string) string {
	if net.ParseIP(name) != nil {
		return name
	}
	first, _, _ := strings.Cut(name, ".")
	return first
}

// Forest is a declared forest with those of its domains that are known.
type Forest struct {
	Name    string   // lower case
	Domains []string // DNS names in lower case
	// Controlled are those of them with a declared controller.
	Controlled []string
}

// flatName is the longest NetBIOS name of a domain.
const flatName = 15

// Forests are those declared.
type Forests []Forest

// Domain is the declared domain of an account, "" where it cannot be told.
func (f Forests) Domain(a Account) string {
	if a.Machine != "" || a.Domain == "" {
		return ""
	}
	var found []string
	for _, forest := range f {
		for _, d := range forest.Domains {
			first := label(d)
			if d == a.Domain || !a.UPN && a.Domain == first[:min(len(first), flatName)] {
				found = append(found, d)
			}
		}
	}
	if len(found) == 1 || len(found) > 1 && strings.Contains(a.Domain, ".") {
		return found[0]
	}
	return ""
}

// controlled reports whether a domain has a declared controller.
func (f Forests) controlled(domain string) bool {
	return slices.ContainsFunc(f, func(x Forest) bool { return slices.Contains(x.Controlled, domain) })
}

func (f Forests) forest(domain string) string {
	i := slices.IndexFunc(f, func(x Forest) bool { return slices.Contains(x.Domains, domain) })
	if i < 0 {
		return ""
	}
	return f[i].Name
}

// same reports whether two may be one account. They are one unless it is known
// that they are not: one refused log-on too few is better than an account locked
// out.
func (f Forests) same(a, b Account) bool {
	switch {
	case a.User != b.User:
		return false
	case a.bare() || b.bare():
		return true
	case a.Machine != "" && b.Machine != "":
		return a.Machine == b.Machine
	case a.Machine != "":
		return !b.UPN && b.Domain == label(a.Machine)
	case b.Machine != "":
		return !a.UPN && a.Domain == label(b.Machine)
	case a.Domain == b.Domain:
		return true
	}
	if !strings.Contains(a.Domain+b.Domain, ".") {
		return false // NetBIOS names: no two domains share one, and none has two
	}
	x, y := f.Domain(a), f.Domain(b)
	if x == "" || y == "" || x == y {
		return true // it may be another UPN suffix, or a NetBIOS name that is not known
	}
	return (a.UPN || b.UPN) && f.forest(x) == f.forest(y)
}

// bare says that nothing stands beside the user's name: it is of the machine or
// of its domain, whichever has it.
func (a Account) bare() bool { return a.Machine == "" && a.Domain == "" }
