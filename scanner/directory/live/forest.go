package live

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/logon"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// reading is one forest while it is read.
type reading struct {
	source  *Source
	ask     directory.Ask
	login   *login
	forest  *run.Forest
	domains []*domain
	closure closure
	failed  []*member
	// smbTickets are for SMB alone, where LDAP takes the password itself.
	smbTickets *logon.Tickets
	smbTried   bool
	partial    bool // some domain of the forest is not read
	// unlisted is why the controllers of the domains are not known.
	unlisted error
}

// domain is one that is read, from the first of its members.
type domain struct {
	run.Domain

	members []*member
	first   []run.CopiedGPO // what the first of them has of each GPO
	large   chan struct{}   // taken by the one large Registry.pol in memory
	once    sync.Once
	names   map[string]bool // see own
}

// member is a declared domain controller.
type member struct {
	server
	*conn
	root rootDSE
	err  error
	// files are its SYSVOL; filesErr says why there are none.
	files    files
	filesErr error
}

func (m *member) close() {
	if m.files != nil {
		m.files.close()
	}
	if m.conn != nil {
		m.conn.close()
	}
}

// primary is what a domain is read from.
func (d *domain) primary() *member { return d.members[0] }

func (d *domain) problem(f *run.Forest, a run.Aspect, where string, err error) {
	f.Problems = append(f.Problems, problem(a, where, err))
}

func (s *Source) read(ctx context.Context, ask directory.Ask) (*run.Forest, error) {
	l, err := s.login(ctx)
	if err != nil {
		return nil, err
	}
	r := &reading{source: s, ask: ask, login: l, forest: &run.Forest{Name: strings.ToLower(ask.Forest), Source: s.String(), Kind: run.SourceLive}}
	members := s.members(ctx, l)
	defer func() {
		for _, m := range members {
			m.close()
		}
		l.tickets.Close()
		r.smbTickets.Close()
	}()
	if err := r.sort(members); err != nil {
		return nil, err
	}
	if err := r.partitions(ctx, members); err != nil {
		return nil, err
	}
	for _, d := range r.domains {
		r.policies(ctx, d)
		r.trusts(ctx, d)
	}
	r.sites(ctx)
	r.unlisted = r.servers(ctx)
	r.activation(ctx)
	r.closures(ctx)
	for _, d := range r.domains {
		r.computers(ctx, d)
		r.accounts(ctx, d)
		r.sysvol(ctx, d)
		r.copies(ctx, d)
		r.forest.Domains = append(r.forest.Domains, d.Domain)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	r.forest.Source += l.said
	return r.forest, nil
}

// members connects to all declared servers, side by side.
func (s *Source) members(ctx context.Context, l *login) []*member {
	members := make([]*member, len(s.servers))
	belt.All(len(members), func(i int) {
		m := &member{server: s.servers[i]}
		members[i] = m
		if m.conn, m.err = l.connect(ctx, m.server); m.err == nil {
			m.root, m.err = m.conn.root(ctx)
		}
	})
	return members
}

// sort brings the members to their domains, in the order in which they are
// declared. It fails where none answers.
func (r *reading) sort(members []*member) error {
	var (
		errs   []error
		forest string
		by     = map[string]*domain{}
	)
	for _, m := range members {
		switch {
		case m.err != nil:
			errs = append(errs, m.err)
			r.failed = append(r.failed, m)
			r.forest.Problems = append(r.forest.Problems, problem(run.AspectCopies, m.url, lost{m.err}))
			continue
		case forest == "":
			forest = m.root.forest
		case !strings.EqualFold(forest, m.root.forest):
			m.err = unread(m.url, reason.Fail(reason.OtherForest, "forest", gpo.DomainOf(m.root.forest), "first", gpo.DomainOf(forest)))
			r.forest.Problems = append(r.forest.Problems, problem(run.AspectGPOs, m.url, m.err))
			continue
		}
		name := gpo.DomainOf(m.root.domain)
		if by[name] == nil {
			by[name] = &domain{Domain: run.Domain{Name: name, DN: m.root.domain}, large: make(chan struct{}, 1)}
			r.domains = append(r.domains, by[name])
		}
		by[name].members = append(by[name].members, m)
	}
	if len(r.domains) == 0 {
		return errors.Join(errs...)
	}
	first := r.domains[0].primary()
	r.forest.Read, r.forest.Skew, r.forest.SkewWithin = first.root.now, &first.root.skew, first.root.within
	if name := gpo.DomainOf(forest); r.forest.Name == "" {
		r.forest.Name = name
	} else if r.forest.Name != name && by[r.forest.Name] == nil {
		r.forest.Problems = append(r.forest.Problems, problem(run.AspectGPOs, first.url, reason.Fail(reason.ForestMisnamed, "forest", name, "declared", r.forest.Name)))
	}
	return nil
}

// rootDSE is what a domain controller says of itself ([MS-ADTS] 3.1.1.3.2).
type rootDSE struct {
	domain, forest, config string // DNs
	host                   string // DNS name
	now                    time.Time
	skew, within           time.Duration
}

func (c *conn) root(ctx context.Context) (rootDSE, error) {
	const activeDirectory = "1.2.840.113556.1.4.800"
	began := time.Now()
	e, err := c.one(ctx, "", "defaultNamingContext", "rootDomainNamingContext", "configurationNamingContext", "dnsHostName", "currentTime", "supportedCapabilities")
	if err != nil {
		return rootDSE{}, unread(c.server.url, part(err, reason.RootUnread))
	}
	half := time.Since(began) / 2
	r := rootDSE{domain: e.text("defaultNamingContext"), forest: e.text("rootDomainNamingContext"), config: e.text("configurationNamingContext"), host: strings.ToLower(e.text("dnsHostName"))}
	if !slices.Contains(e.all("supportedCapabilities"), activeDirectory) || r.domain == "" || r.forest == "" || r.config == "" {
		return r, unread(c.server.url, reason.Fail(reason.NotAController))
	}
	now, ok := e.when("currentTime")
	if !ok {
		return r, unread(c.server.url, reason.Fail(reason.ClockUnreadable, "words", e.text("currentTime")))
	}
	r.now = now.UTC()
	// It comes without fractions of a second: half of one is the better guess, and may be
	// wrong by as much. The result is rounded, which is another half.
	r.skew, r.within = (now.Sub(began.Add(half)) + time.Second/2).Round(time.Second), half+time.Second
	return r, nil
}

// partitions learns the domains of the forest, and says which of them are not
// read ([MS-ADTS] 6.1.1.2.1.1).
func (r *reading) partitions(ctx context.Context, members []*member) error {
	const domainNC = 2 // systemFlags: FLAG_CR_NTDS_DOMAIN
	first := r.domains[0].primary()
	base := "CN=Partitions," + first.root.config
	q := query{base: base, scope: ldap.ScopeSingleLevel, filter: "(objectClass=crossRef)", attrs: []string{"nCName", "dnsRoot", "nETBIOSName", "systemFlags"}}
	err := first.each(ctx, q, func(e entry) {
		if flags, _ := e.number("systemFlags"); flags&domainNC == 0 {
			return
		}
		name := strings.ToLower(e.text("dnsRoot"))
		i := slices.IndexFunc(r.domains, func(d *domain) bool { return strings.EqualFold(d.DN, e.text("nCName")) })
		if i >= 0 {
			r.domains[i].Name, r.domains[i].NetBIOS = name, e.text("nETBIOSName")
			return
		}
		r.partial = true
		why := reason.One(reason.ControllerUndeclared)
		for _, m := range members {
			if _, of, _ := strings.Cut(m.host, "."); m.err != nil && of == name {
				why = reason.Of(m.err)
			}
		}
		r.forest.Problems = append(r.forest.Problems, problem(run.AspectGPOs, name, lost{reason.Fail(reason.DomainUnread, "domain", name, "why", why)}))
	})
	if err != nil {
		return part(err, reason.PartitionsUnread, "where", base)
	}
	return nil
}
