package live

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// policies reads the GPOs of a domain, where they are linked, and WMI filters.
func (r *reading) policies(ctx context.Context, d *domain) {
	r.self(ctx, d)
	r.units(ctx, d)
	r.containers(ctx, d)
	r.filters(ctx, d)
	// A directory has no order of its own; two readings are to be compared.
	slices.SortFunc(d.GPOs, func(a, b run.GPO) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Filters, func(a, b run.WMIFilter) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Containers, func(a, b run.Container) int { return strings.Compare(a.DN, b.DN) })
}

// self reads the domain object.
func (r *reading) self(ctx context.Context, d *domain) {
	e, err := d.primary().one(ctx, d.DN, "objectSid", "gPLink", "gPOptions")
	if err != nil {
		d.problem(r.forest, run.AspectLinks, d.DN, err)
		return
	}
	sid, err := e.sid()
	if err != nil {
		d.problem(r.forest, run.AspectSecurity, d.DN, err)
	}
	d.SID = string(sid)
	d.Containers = append(d.Containers, r.container(e))
}

// units reads the OUs that say something of Group Policy.
func (r *reading) units(ctx context.Context, d *domain) {
	q := query{base: d.DN, scope: ldap.ScopeWholeSubtree, filter: "(&(objectClass=organizationalUnit)(|(gPLink=*)(gPOptions=*)))", attrs: []string{"gPLink", "gPOptions"}}
	err := d.primary().each(ctx, q, func(e entry) {
		if c := r.container(e); len(c.Links) > 0 || c.Blocks {
			d.Containers = append(d.Containers, c)
		}
	})
	if err != nil {
		d.problem(r.forest, run.AspectLinks, d.DN, part(err, reason.UnitsUnread))
	}
}

// container reads what an object says of Group Policy. What cannot be read of it
// is a problem, the rest is kept.
func (r *reading) container(e entry) run.Container {
	links, err := gpo.ParseLinks(e.text("gPLink"))
	if err != nil {
		r.forest.Problems = append(r.forest.Problems, problem(run.AspectLinks, e.DN, err))
	}
	blocks, err := gpo.Blocks(e.text("gPOptions"))
	if err != nil {
		r.forest.Problems = append(r.forest.Problems, problem(run.AspectLinks, e.DN, err))
	}
	return run.Container{DN: e.DN, Links: links, Blocks: blocks}
}

// containers reads the groupPolicyContainer objects ([MS-GPOL] 2.2.4).
func (r *reading) containers(ctx context.Context, d *domain) {
	base := "CN=Policies,CN=System," + d.DN
	// Every object is asked for: one that may not be read comes without
	// attributes, and a filter on its class would hide it.
	q := query{base: base, scope: ldap.ScopeSingleLevel, filter: "(objectClass=*)", attrs: []string{
		"objectClass", "displayName", "gPCFileSysPath", "versionNumber", "gPCMachineExtensionNames", "gPCFunctionalityVersion",
		"flags", "gPCWQLFilter", descriptor,
	}}
	err := d.primary().each(ctx, q, func(e entry) {
		if e.has("objectClass") && !of(e, "groupPolicyContainer") {
			return
		}
		d.GPOs = append(d.GPOs, r.policy(e))
	})
	if err != nil {
		d.problem(r.forest, run.AspectGPOs, base, err)
	}
}

// of says whether an object is of a class.
func of(e entry, class string) bool {
	for _, c := range e.all("objectClass") {
		if strings.EqualFold(c, class) {
			return true
		}
	}
	return false
}

func (r *reading) policy(e entry) run.GPO {
	g := run.GPO{
		ID: strings.ToUpper(rdn(e.DN)), Name: e.text("displayName"), DN: e.DN, Path: e.text("gPCFileSysPath"),
		Version: e.set("versionNumber"), Extensions: e.text("gPCMachineExtensionNames"), Filter: e.text("gPCWQLFilter"),
	}
	bad := func(a run.Aspect, err error) { g.Problems = append(g.Problems, problem(a, e.DN, err)) }
	if !e.has("objectClass") {
		bad(run.AspectGPOs, errRefused)
		return g
	}
	g.Flags, _ = e.number("flags")
	functionality, _ := e.number("gPCFunctionalityVersion")
	g.Functionality = int(functionality)
	raw := e.GetEqualFoldRawAttributeValue(descriptor)
	if len(raw) == 0 {
		bad(run.AspectSecurity, part(errRefused, reason.DescriptorUnread))
		return g
	}
	sd, err := security.ParseBinary(raw)
	if err != nil {
		bad(run.AspectSecurity, part(err, reason.DescriptorUnread))
		return g
	}
	g.Security = sd.SDDL()
	r.closure.name(sd)
	return g
}

// filters reads the msWMI-Som objects. A domain that never had one may lack even
// their container.
func (r *reading) filters(ctx context.Context, d *domain) {
	base := "CN=SOM,CN=WMIPolicy,CN=System," + d.DN
	q := query{base: base, scope: ldap.ScopeSingleLevel, filter: "(objectClass=*)", attrs: []string{"objectClass", "msWMI-ID", "msWMI-Name", "msWMI-Parm2"}}
	err := d.primary().each(ctx, q, func(e entry) {
		switch {
		case !e.has("objectClass"):
			d.problem(r.forest, run.AspectFilters, e.DN, errRefused)
		case of(e, "msWMI-Som"):
			id := e.text("msWMI-ID")
			if id == "" {
				id = rdn(e.DN)
			}
			d.Filters = append(d.Filters, run.WMIFilter{ID: strings.ToUpper(id), Name: e.text("msWMI-Name"), DN: e.DN, Query: e.text("msWMI-Parm2")})
		}
	})
	if err != nil && !errors.Is(err, errNothing) {
		d.problem(r.forest, run.AspectFilters, base, err)
	}
}
