package live

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// copies compares what the domain controllers of a domain have of the GPOs with
// firewall settings and of those that are asked for. Controllers that nobody declares
// are asked only where the declaration says so.
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
	if !r.source.o.AllControllers {
		return
	}
	if r.unlisted != nil || !slices.Contains(d.Servers, d.primary().root.host) {
		err := r.unlisted
		if err == nil {
			err = reason.Fail(reason.ObjectMissing)
		}
		d.problem(r.forest, run.AspectCopies, d.Name, lost{part(err, reason.ControllersUnlisted)})
	}
	d.Copies = append(d.Copies, r.undeclared(ctx, d, wanted)...)
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

// mostControllers is how many controllers of a domain are asked that nobody declares.
const mostControllers = 200

// undeclared reads the copies of those controllers of a domain that the directory
// names and nobody declares. They are shown tickets for themselves and nothing else,
// so nobody is served by bearing the name of one. An object of a site may outlive its
// controller, and its name may be a member's by now: an account must say the same.
func (r *reading) undeclared(ctx context.Context, d *domain, wanted []int) []run.Copy {
	var copies []run.Copy
	refuse := func(name string, err error) { copies = append(copies, run.Copy{Server: name, Error: reason.Of(err)}) }
	var names []string
	for _, name := range r.beside(d) {
		switch in := r.suffixes(d); {
		case !isWithin(name, in):
			refuse(clip(name), reason.Fail(reason.ControllerNameForeign, "domains", in))
		case !slices.Contains(d.Controllers, name):
			refuse(name, reason.Fail(reason.ControllerAccountMissing))
		case len(names) == mostControllers:
			refuse(name, reason.Fail(reason.ControllersTooMany, "most", mostControllers))
		default:
			names = append(names, name)
		}
	}
	l, err := r.byTickets()
	if err != nil {
		for _, name := range names {
			refuse(name, err)
		}
		return copies
	}
	for some := range slices.Chunk(names, sideBySide) {
		members := make([]*member, len(some))
		together(len(some), func(i int) { members[i] = l.visit(ctx, some[i]) })
		for _, m := range members {
			if m.err != nil {
				refuse(m.host, m.err)
			} else {
				copies = append(copies, r.copyOf(ctx, d, m, wanted))
			}
			m.close()
		}
	}
	return copies
}

// visit connects to a controller that nobody declares, with Kerberos alone.
func (l *login) visit(ctx context.Context, name string) *member {
	m := &member{server: server{url: "ldap://" + name, host: name, port: portLDAP}}
	if m.conn, m.err = l.connect(ctx, m.server); m.err == nil {
		m.files, m.filesErr = l.kerberosSMB(ctx, m, l.tickets)
	}
	return m
}

// byTickets is the account as controllers see it that nobody declares: without its
// password.
func (r *reading) byTickets() (*login, error) {
	t, err := r.ticketsForSMB()
	if err == nil && t == nil {
		err = reason.Fail(reason.AccountDomainUnknown)
	}
	if err != nil {
		return nil, err
	}
	l := *r.login
	if l.simple() {
		l.User, l.Principal = "", l.User
	}
	l.password, l.tickets = nil, t
	return &l, nil
}

// beside are the controllers of a domain that nobody declares.
func (r *reading) beside(d *domain) []string {
	var names []string
	for _, name := range slices.Compact(slices.Clone(d.Servers)) {
		is := func(m *member) bool { return m.host == name || m.root.host == name }
		if !slices.ContainsFunc(d.members, is) && !slices.ContainsFunc(r.failed, is) {
			names = append(names, name)
		}
	}
	return names
}

// suffixes are the domains in which the declaration has a domain and its forest.
func (r *reading) suffixes(d *domain) []string {
	var all []string
	if r.forest.Name != "" {
		all = append(all, r.forest.Name)
	}
	for _, m := range d.members {
		if _, of, ok := strings.Cut(m.host, "."); ok && m.needsName() == nil && !slices.Contains(all, of) {
			all = append(all, of)
		}
	}
	return all
}

// isWithin says whether a name is that of a host in one of some domains. A name that
// the directory tells may be anything.
func isWithin(name string, domains []string) bool {
	const longest = 253 // of a name in DNS
	host := func(c rune) bool { return c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' }
	if len(name) > longest ||
		strings.ContainsFunc(name, func(c rune) bool { return !host(c) }) || strings.Contains("."+name, "..") {
		return false
	}
	return slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(name, "."+d) })
}
