package estate

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Deployment is an estate with the isolation that a policy declares in it: it
// knows which machines are KMS hosts, and which GPOs carry the isolation.
type Deployment struct {
	*Estate
	Policy *policy.Policy
	// Failed are the declared forests that could not be read at all, by name,
	// each with the reason.
	Failed map[string]string
}

// Isolation is a GPO that carries the isolation in one domain, as the policy
// declares it, or with an empty declaration whatever GPO of the domain turns
// out to.
type Isolation struct {
	Domain   string
	Declared policy.GPO
}

// Isolations lists them in the order of the policy.
func Isolations(p *policy.Policy) []Isolation {
	var forests []string
	for _, f := range p.Directories() {
		forests = append(forests, f.Name)
	}
	var all []Isolation
	if len(p.Isolation.Policies) == 0 {
		for _, f := range forests {
			all = append(all, Isolation{f, policy.GPO{Role: "both"}})
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

// Carriers are the GPOs that an isolation is in its domain: the declared one,
// or all that name a KMS host in a protecting connection security rule.
func (d *Deployment) Carriers(i Isolation) []*run.GPO {
	domain := d.Domain(i.Domain)
	if domain == nil {
		return nil
	}
	var found []*run.GPO
	for j := range domain.GPOs {
		g := &domain.GPOs[j]
		switch {
		case i.Declared.ID != "":
			if strings.EqualFold(g.ID, i.Declared.ID) {
				found = append(found, g)
			}
		case i.Declared.Name != "":
			if strings.EqualFold(g.Name, i.Declared.Name) {
				found = append(found, g)
			}
		case d.Names(g, d.HostAddresses()):
			found = append(found, g)
		}
	}
	return found
}

// Assumed are the GPOs that are declared for an end, "hosts" or "clients",
// where the source does not tell to which machines they apply. Without a
// declaration all that name a KMS host are.
func (d *Deployment) Assumed(domain, role string) []*run.GPO {
	var gpos []*run.GPO
	for _, i := range Isolations(d.Policy) {
		if strings.EqualFold(i.Domain, domain) && i.is(role) {
			gpos = append(gpos, d.Carriers(i)...)
		}
	}
	return gpos
}

// Isolated reports whether a machine has been told of the isolation at all.
func (d *Deployment) Isolated(t *Told) bool {
	for _, i := range Isolations(d.Policy) {
		for _, g := range d.Carriers(i) {
			if o := t.Outcome(g); o != nil && o.Applied == Yes {
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
	return slices.ContainsFunc(d.Policy.Hosts, func(h policy.Host) bool {
		return strings.EqualFold(name, h.FQDN) || h.FQDN == "" && strings.EqualFold(name, h.Name)
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

// inForest guesses whether a domain that was not read belongs to a forest: its
// name ends in the forest's.
func inForest(domain, forest string) bool {
	return strings.EqualFold(domain, forest) || strings.HasSuffix(strings.ToLower(domain), "."+strings.ToLower(forest))
}
