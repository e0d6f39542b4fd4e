package live

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// trusts reads the trustedDomain objects ([MS-ADTS] 6.1.6.7).
func (r *reading) trusts(ctx context.Context, d *domain) {
	base := "CN=System," + d.DN
	q := query{base: base, scope: ldap.ScopeSingleLevel, filter: "(objectClass=trustedDomain)", attrs: []string{
		"trustPartner", "trustDirection", "trustType", "trustAttributes", "msDS-SupportedEncryptionTypes",
	}}
	err := d.primary().each(ctx, q, func(e entry) {
		direction, known := e.number("trustDirection")
		if !known || !e.has("trustPartner") {
			d.problem(r.forest, run.AspectTrusts, e.DN, errRefused)
			return
		}
		kind, _ := e.number("trustType")
		attributes, _ := e.number("trustAttributes")
		d.Trusts = append(d.Trusts, run.Trust{
			Partner: strings.ToLower(e.text("trustPartner")), Direction: direction, Type: kind, Attributes: attributes,
			EncTypes: e.set("msDS-SupportedEncryptionTypes"),
		})
	})
	if err != nil {
		d.problem(r.forest, run.AspectTrusts, base, err)
	}
	slices.SortFunc(d.Trusts, func(a, b run.Trust) int { return strings.Compare(a.Partner, b.Partner) })
}

// sites reads the sites of the forest with their links and subnets.
func (r *reading) sites(ctx context.Context) {
	first := r.domains[0].primary()
	base := "CN=Sites," + first.root.config
	bad := func(where string, err error) {
		r.forest.Problems = append(r.forest.Problems, problem(run.AspectLinks, where, err))
	}
	q := query{base: base, scope: ldap.ScopeSingleLevel, filter: "(objectClass=site)", attrs: []string{"gPLink", "gPOptions"}}
	if err := first.each(ctx, q, func(e entry) {
		r.forest.Sites = append(r.forest.Sites, run.Site{Container: r.container(e), Name: rdn(e.DN)})
	}); err != nil {
		bad(base, part(err, reason.SitesUnread))
	}
	slices.SortFunc(r.forest.Sites, func(a, b run.Site) int { return strings.Compare(a.DN, b.DN) })
	subnets := "CN=Subnets," + base
	q = query{base: subnets, scope: ldap.ScopeSingleLevel, filter: "(objectClass=subnet)", attrs: []string{"cn", "siteObject"}}
	sites := make(map[string]int, len(r.forest.Sites))
	for i, s := range r.forest.Sites {
		sites[strings.ToLower(s.DN)] = i
	}
	if err := first.each(ctx, q, func(e entry) {
		site, there := sites[strings.ToLower(e.text("siteObject"))]
		if !there {
			return // of no site: it decides nothing
		}
		prefix, err := netip.ParsePrefix(e.text("cn"))
		if err != nil {
			bad(e.DN, reason.Fail(reason.SubnetMalformed, "subnet", e.text("cn")))
			return
		}
		r.forest.Sites[site].Subnets = append(r.forest.Sites[site].Subnets, prefix)
	}); err != nil && !errors.Is(err, errNothing) {
		bad(subnets, part(err, reason.SubnetsUnread))
	}
	for _, s := range r.forest.Sites {
		slices.SortFunc(s.Subnets, netip.Prefix.Compare)
	}
}

// servers reads which domain controllers serve each domain: the server objects of
// sites with an object of class nTDSDSA below them ([MS-ADTS] 6.1.1.2.2.1.2.1). It
// fails where they are not known.
func (r *reading) servers(ctx context.Context) error {
	first := r.domains[0].primary()
	base := "CN=Sites," + first.root.config
	serving := map[string]bool{}
	q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: "(objectClass=nTDSDSA)", attrs: []string{"cn"}}
	if err := first.each(ctx, q, func(e entry) { serving[strings.ToLower(parent(e.DN))] = true }); err != nil {
		return err
	}
	q = query{base: base, scope: ldap.ScopeWholeSubtree, filter: "(objectClass=server)", attrs: []string{dnsHostName, "serverReference"}}
	err := first.each(ctx, q, func(e entry) {
		of := gpo.DomainOf(e.text("serverReference"))
		i := slices.IndexFunc(r.domains, func(d *domain) bool { return of == gpo.DomainOf(d.DN) })
		if i < 0 || !serving[strings.ToLower(e.DN)] {
			return
		}
		name := strings.ToLower(e.text(dnsHostName))
		if name == "" {
			name = strings.ToLower(rdn(e.DN))
		}
		r.domains[i].Servers = append(r.domains[i].Servers, name)
	})
	for _, d := range r.domains {
		slices.Sort(d.Servers)
	}
	return err
}

// activation reads the objects of Active Directory-based activation. A forest
// without any may lack their container.
func (r *reading) activation(ctx context.Context) {
	first := r.domains[0].primary()
	base := "CN=Activation Objects,CN=Microsoft SPP,CN=Services," + first.root.config
	q := query{base: base, scope: ldap.ScopeSingleLevel, filter: "(objectClass=*)", attrs: []string{"displayName"}}
	err := first.each(ctx, q, func(e entry) {
		name := e.text("displayName")
		if name == "" {
			name = rdn(e.DN)
		}
		r.forest.Activation = append(r.forest.Activation, run.Activation{DN: e.DN, Name: name})
	})
	if err != nil && !errors.Is(err, errNothing) {
		r.forest.Problems = append(r.forest.Problems, problem(run.AspectActivation, base, err))
	}
}
