package rsop

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Deployment is [Directories] with the isolation that a policy declares in them: it
// knows which machines are KMS hosts, and which GPOs carry the isolation.
type Deployment struct {
	*Directories
	Policy *intent.Policy
	// Failed are the declared forests that could not be read at all, by name,
	// each with the reason.
	Failed map[string]reason.List

	isolationGPOs map[string][]*run.GPO // by isolation
	clients       map[string]clients    // by domain
	machines      map[string]*Resultant // by KMS host, of its registry
}

// Deploy puts together what the declared forests say. read gives what came of
// reading one, nil where that was not done.
func Deploy(p *intent.Policy, read func(forest string) *run.Observation) *Deployment {
	d := &Deployment{Policy: p, Failed: map[string]reason.List{}}
	var forests []*run.Forest
	for _, f := range p.Directories() {
		switch o := read(f.Name); {
		case o == nil:
			d.Failed[f.Name] = reason.One(reason.NotReadInRun)
		case o.Forest == nil:
			d.Failed[f.Name] = unread(o)
		default:
			forests = append(forests, asDeclared(f.Name, o.Forest))
		}
	}
	d.Directories = New(forests...)
	return d
}

// unread is why an observation has no forest.
func unread(o *run.Observation) reason.List {
	switch {
	case len(o.Trouble) > 0:
		return o.Trouble
	case len(o.Missing) > 0:
		return o.Missing
	}
	return reason.One(reason.NotReadInRun)
}

// asDeclared lets copies of GPOs, or what machines have applied, stand for the
// forest that they are declared to be of, whatever domains they come from.
func asDeclared(name string, f *run.Forest) *run.Forest {
	if len(f.Machines) == 0 && !f.IsCopy() || slices.ContainsFunc(f.Domains, func(d run.Domain) bool { return strings.EqualFold(d.Name, name) }) {
		return f
	}
	whole := run.Domain{Name: name}
	for _, d := range f.Domains {
		whole.GPOs = append(whole.GPOs, d.GPOs...)
		whole.Filters = append(whole.Filters, d.Filters...)
	}
	out := *f
	out.Name, out.Domains = name, []run.Domain{whole}
	return &out
}

// Isolation is a GPO that carries the isolation in one domain, as the policy
// declares it, or with an empty declaration whatever GPO of the domain turns
// out to.
type Isolation struct {
	Domain   string
	Declared intent.GPO
}

// Isolations lists them in the order of the policy.
func Isolations(p *intent.Policy) []Isolation {
	var forests []string
	for _, f := range p.Directories() {
		forests = append(forests, f.Name)
	}
	var all []Isolation
	if len(p.Isolation.Policies) == 0 {
		for _, f := range forests {
			all = append(all, Isolation{f, intent.GPO{Role: "both"}})
		}
		return all
	}
	for _, g := range p.Isolation.Policies {
		domains := g.Domains
		if len(domains) == 0 {
			domains = forests
		}
		for _, d := range domains {
			all = append(all, Isolation{d, g})
		}
	}
	return all
}

// is reports whether the isolation is for an end: "hosts" or "clients".
func (i Isolation) is(role string) bool {
	return i.Declared.Role == "both" || i.Declared.Role == "" || i.Declared.Role == role
}

// IsolationGPOs are the GPOs that an isolation is in its domain: the declared one, be
// it of this domain or linked from another one of the forest, or without a
// declaration all that name a KMS host in a protecting connection security rule;
// where none does, those that protect traffic from any to any.
func (d *Deployment) IsolationGPOs(i Isolation) []*run.GPO {
	key := strings.ToLower(i.Domain + "\x00" + i.Declared.ID + "\x00" + i.Declared.Name)
	return once(&d.isolationGPOs, key, func() []*run.GPO { return d.find(i) })
}

func (d *Deployment) find(i Isolation) []*run.GPO {
	domain := d.Domain(i.Domain)
	if domain == nil {
		return nil
	}
	if i.Declared.ID == "" && i.Declared.Name == "" {
		found := some(domain, func(g *run.GPO) bool { return d.Names(g, d.HostAddresses()) })
		if len(found) == 0 {
			found = some(domain, d.namesAll)
		}
		return found
	}
	declared := func(g *run.GPO) bool {
		if i.Declared.ID != "" {
			return strings.EqualFold(g.ID, i.Declared.ID)
		}
		return strings.EqualFold(g.Name, i.Declared.Name)
	}
	if found := some(domain, declared); len(found) > 0 {
		return found
	}
	var found []*run.GPO
	f := d.Forest(i.Domain)
	for j := range f.Domains {
		other := &f.Domains[j]
		found = append(found, some(other, func(g *run.GPO) bool { return declared(g) && d.linkedIn(domain, f, other.Name, g) })...)
	}
	return found
}

// some are the GPOs of a domain that are as asked.
func some(domain *run.Domain, as func(*run.GPO) bool) []*run.GPO {
	var found []*run.GPO
	for j := range domain.GPOs {
		if g := &domain.GPOs[j]; as(g) {
			found = append(found, g)
		}
	}
	return found
}

// linkedIn reports whether a GPO of another domain is linked in a domain, or to a
// site.
func (d *Deployment) linkedIn(domain *run.Domain, f *run.Forest, home string, g *run.GPO) bool {
	is := func(l run.Link) bool {
		return strings.EqualFold(l.GPO, g.ID) && strings.EqualFold(gpo.DomainOf(l.DN), home)
	}
	return slices.ContainsFunc(domain.Containers, func(c run.Container) bool { return slices.ContainsFunc(c.Links, is) }) ||
		slices.ContainsFunc(f.Sites, func(s run.Site) bool { return slices.ContainsFunc(s.Links, is) })
}

// Assumed are the GPOs that are declared for an end, "hosts" or "clients",
// where the source does not tell to which machines they apply. Without a
// declaration all that name a KMS host are.
func (d *Deployment) Assumed(domain, role string) []*run.GPO {
	var gpos []*run.GPO
	for _, i := range Isolations(d.Policy) {
		if strings.EqualFold(i.Domain, domain) && i.is(role) {
			gpos = append(gpos, d.IsolationGPOs(i)...)
		}
	}
	return gpos
}

// Isolated reports whether the isolation is in a resultant policy at all.
func (d *Deployment) Isolated(t *Resultant) bool {
	for _, i := range Isolations(d.Policy) {
		for _, g := range d.IsolationGPOs(i) {
			if o := t.Outcome(g); o != nil && o.Applied == tri.Yes {
				return true
			}
		}
	}
	return len(t.Policy.Rules) > 0 && d.Covers(t.Policy, d.HostAddresses())
}

// HostAddresses are the addresses of all KMS hosts.
func (d *Deployment) HostAddresses() []netip.Addr {
	var all []netip.Addr
	for _, h := range d.Policy.Hosts {
		all = append(all, h.Addresses...)
	}
	return all
}

// IsHost reports whether a computer of this name is a KMS host.
func (d *Deployment) IsHost(name string) bool {
	return slices.ContainsFunc(d.Policy.Hosts, func(h intent.Host) bool {
		first, _, _ := strings.Cut(h.FQDN, ".")
		return strings.EqualFold(name, h.FQDN) || h.FQDN == "" && strings.EqualFold(name, h.Name) || first != "" && strings.EqualFold(name, first)
	})
}

// ClientNames are the names of computers that are no KMS hosts.
func (d *Deployment) ClientNames(c *run.Computers) []string {
	var names []string
	for _, n := range c.Names {
		if !d.IsHost(n) {
			names = append(names, n)
		}
	}
	return names
}

// DomainOf is the domain that a fully qualified name is in, or else the first
// that was read.
func (d *Deployment) DomainOf(fqdn string) string {
	_, suffix, _ := strings.Cut(strings.ToLower(fqdn), ".")
	for s := suffix; s != ""; _, s, _ = strings.Cut(s, ".") {
		if d.Domain(s) != nil {
			return s
		}
	}
	if suffix != "" {
		for _, f := range d.Policy.Directories() {
			if inForest(suffix, f.Name) {
				return suffix
			}
		}
	}
	for _, f := range d.Forests {
		for _, domain := range f.Domains {
			return domain.Name
		}
	}
	return suffix
}

// isBelow reports whether a domain that was not read is, by its name, of a forest
// that is declared.
func (d *Deployment) isBelow(domain string) bool {
	return slices.ContainsFunc(d.Policy.Directories(), func(f intent.Forest) bool { return inForest(domain, f.Name) })
}

// inForest guesses whether a domain that was not read belongs to a forest: its
// name ends in the forest's.
func inForest(domain, forest string) bool {
	return strings.EqualFold(domain, forest) || strings.HasSuffix(strings.ToLower(domain), "."+strings.ToLower(forest))
}
