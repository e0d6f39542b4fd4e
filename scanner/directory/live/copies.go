package live

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// copies compares what the declared domain controllers of a domain have of the
// GPOs with firewall settings and of those that are asked for. Controllers that
// nobody declares are not contacted.
func (r *reading) copies(ctx context.Context, d *domain) {
	wanted := r.compared(d)
	if r.source.o.SYSVOL != "" {
		if r.forest.Lost == nil {
			r.forest.Lost = map[run.Aspect]reason.List{}
		}
		r.forest.Lost[run.AspectCopies] = reason.One(reason.CopiesNotCompared)
		return
	}
	d.Copies = append(d.Copies, d.firstCopy(wanted))
	for _, m := range d.members[1:] {
		d.Copies = append(d.Copies, r.copyOf(ctx, d, m, wanted))
	}
	for _, m := range r.failed {
		if _, of, _ := strings.Cut(m.host, "."); of == d.Name || slices.Contains(d.Controllers, m.host) {
			d.Copies = append(d.Copies, run.Copy{Server: m.host, Error: reason.Of(m.err)})
		}
	}
}

// compared are the places of the GPOs whose copies are compared.
func (r *reading) compared(d *domain) []int {
	var all []int
	for i, g := range d.GPOs {
		asked := slices.ContainsFunc(r.ask.GPOs, func(a string) bool { return strings.EqualFold(a, g.ID) || strings.EqualFold(a, g.Name) })
		if asked || len(g.Registry) > 0 {
			all = append(all, i)
		}
	}
	return all
}

// firstCopy is that of the server which the domain was read from.
func (d *domain) firstCopy(wanted []int) run.Copy {
	m := d.primary()
	c := run.Copy{Server: m.name()}
	if m.filesErr != nil {
		c.Error = reason.Of(m.filesErr)
		return c
	}
	for _, i := range wanted {
		c.GPOs = append(c.GPOs, d.first[i])
	}
	return c
}

// copyOf reads the copies of another member.
func (r *reading) copyOf(ctx context.Context, d *domain, m *member, wanted []int) run.Copy {
	c := run.Copy{Server: m.name()}
	versions := map[string]*uint32{}
	base := "CN=Policies,CN=System," + d.DN
	for some := range slices.Chunk(wanted, chunk) {
		var ids []string
		for _, i := range some {
			ids = append(ids, d.GPOs[i].ID)
		}
		q := query{base: base, scope: ldap.ScopeSingleLevel, filter: anyOf("cn", ids), attrs: []string{"versionNumber"}, most: len(ids)}
		if err := m.each(ctx, q, func(e entry) { versions[strings.ToUpper(rdn(e.DN))] = e.set("versionNumber") }); err != nil {
			c.Error = reason.Of(part(err, reason.VersionsUnread))
			return c
		}
	}
	files, err := r.open(ctx, m)
	if err != nil {
		c.Error = reason.Of(err)
		return c
	}
	c.GPOs = make([]run.CopiedGPO, len(wanted))
	together(len(wanted), func(i int) {
		g := &d.GPOs[wanted[i]]
		c.GPOs[i] = run.CopiedGPO{ID: g.ID, Version: versions[g.ID]}
		if have, err := d.contents(ctx, files, g); err != nil {
			c.GPOs[i].Error = reason.Of(err)
		} else {
			have.copied(&c.GPOs[i])
			have.release()
		}
	})
	return c
}
