package live

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// chunk is how many names one search asks for.
const chunk = 40

// accounts reads the accounts of the declared machines that are in a domain, by
// their DNS names or, for those named after the domain and those whose name is a
// short one, by their account names.
func (r *reading) accounts(ctx context.Context, d *domain) {
	names := map[string][]string{} // by account, its service principal names
	for some := range slices.Chunk(r.ask.Machines, chunk) {
		var dns, sam []string
		for _, name := range some {
			name = strings.TrimSuffix(strings.ToLower(name), ".")
			dns = append(dns, name)
			if short, of, long := strings.Cut(name, "."); !long || of == d.Name {
				sam = append(sam, short+"$")
			}
		}
		filter := "(&" + machineAccount + "(|" + anyOf(dnsHostName, dns) + anyOf(accountName, sam) + "))"
		if len(sam) == 0 {
			filter = "(&" + machineAccount + anyOf(dnsHostName, dns) + ")"
		}
		q := query{base: d.DN, scope: ldap.ScopeWholeSubtree, filter: filter, attrs: slices.Concat(machineAttributes, []string{encryptionTypes, servicePrincipal, descriptor}), most: page}
		err := d.primary().each(ctx, q, func(e entry) {
			a, bad := r.account(d, e)
			for _, err := range bad {
				d.problem(r.forest, run.AspectComputers, e.DN, err)
			}
			if slices.ContainsFunc(d.Accounts, func(o run.Account) bool { return o.DN == a.DN }) {
				return // declared by two names
			}
			d.Accounts = append(d.Accounts, a)
			names[a.DN] = e.all(servicePrincipal)
		})
		if err != nil {
			d.problem(r.forest, run.AspectComputers, d.DN, part(err, reason.MachinesUnread))
		}
	}
	slices.SortFunc(d.Accounts, func(a, b run.Account) int { return strings.Compare(a.DN, b.DN) })
	for i := range d.Accounts {
		r.sharing(ctx, &d.Accounts[i], names[d.Accounts[i].DN])
	}
}

func (r *reading) account(d *domain, e entry) (a run.Account, bad []error) {
	flags, known := e.number(userAccount)
	if !known {
		bad = append(bad, part(errRefused, reason.AttributeUnread, "attribute", userAccount))
	}
	sid, err := e.sid()
	if err != nil {
		bad = append(bad, err)
	}
	a = run.Account{
		Machine: r.machine(d, e, flags), Name: strings.TrimSuffix(e.text(accountName), "$"), DNSName: strings.ToLower(e.text(dnsHostName)),
		DN: e.DN, SID: string(sid), Enabled: known && flags&accountDisabled == 0, EncTypes: e.set(encryptionTypes),
	}
	raw := e.GetEqualFoldRawAttributeValue(descriptor)
	if len(raw) == 0 {
		return a, append(bad, part(errRefused, reason.DescriptorUnread))
	}
	sd, err := security.ParseBinary(raw)
	if err != nil {
		return a, append(bad, part(err, reason.DescriptorUnread))
	}
	a.Security = sd.SDDL()
	return a, bad
}

// sharing looks in all domains for other accounts with the same service principal
// names: the KDC then issues tickets for neither.
func (r *reading) sharing(ctx context.Context, a *run.Account, names []string) {
	for some := range slices.Chunk(names, chunk) {
		for _, d := range r.domains {
			q := query{base: d.DN, scope: ldap.ScopeWholeSubtree, filter: anyOf(servicePrincipal, some), attrs: []string{servicePrincipal}, most: page}
			err := d.primary().each(ctx, q, func(e entry) {
				if strings.EqualFold(e.DN, a.DN) {
					return
				}
				for _, other := range e.all(servicePrincipal) {
					if slices.ContainsFunc(some, func(n string) bool { return strings.EqualFold(n, other) }) {
						a.Sharing = append(a.Sharing, e.DN+" ("+other+")")
					}
				}
			})
			if err != nil {
				d.problem(r.forest, run.AspectComputers, a.DN, part(err, reason.SharersUnread, "domain", d.Name))
			}
		}
	}
}
