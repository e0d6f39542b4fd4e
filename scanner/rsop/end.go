package rsop

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// End is one end of a packet: a machine, or all that have one resultant policy.
type End struct {
	Name      string // for sentences
	Resultant *Resultant
	Addrs     []netip.Addr // its own; for many machines none
	Env       effect.Env
	Account   *run.Account // of one machine; nil where it has none or is many
	Domain    string
	Count     int // of machines
}

// DomainProfile is the one that the paper's rule is for: that of a member on
// its own network.
const DomainProfile = "domain"

// HostEnd is a KMS host with its resultant policy. Its error is a [*Gap].
func (d *Deployment) HostEnd(h intent.Host) (End, error) {
	e := End{Name: h.Name, Addrs: h.Addresses, Env: effect.Env{Profile: DomainProfile}, Domain: d.DomainOf(h.FQDN), Count: 1}
	name := h.FQDN
	if name == "" {
		name = h.Name
	}
	if len(h.Addresses) == 0 {
		return e, gap(GapFailed, reason.HostNoAddress, "host", h.Name)
	}
	if why := d.Unread(e.Domain); why != nil {
		return e, why
	}
	switch found, err := d.Find(name); {
	case err != nil:
		return e, gap(GapUndeclared, reason.NameUnclear, "host", name, "why", reason.Of(err))
	case found != nil && found.Account != nil:
		e.Account, e.Domain = found.Account, found.Domain
		if why := WithoutRules(*found.Machine); len(why) > 0 {
			return e, gap(GapSystem, reason.HostWithoutRules, "host", name, "why", why)
		}
		e.Env = Environment(*found.Machine)
		e.Resultant = d.Resultant(found.Subject(d.Directories, h.Addresses...))
		return e, nil
	}
	switch f := d.Forest(e.Domain); {
	case len(f.Machines) > 0:
		own := d.registriesOf(f, h)
		if len(own) == 0 {
			return e, gap(GapSource, reason.ExportOfOthers, "source", f.Source, "host", h.Name)
		}
		e.Resultant = once(&d.machines, h.Name, func() *Resultant { return applied(own) })
	case len(f.Lost[run.AspectComputers]) > 0:
		gpos := d.Assumed(e.Domain, "hosts")
		if len(gpos) == 0 {
			return e, gap(GapNone, reason.NoGPOForHosts, "domain", e.Domain)
		}
		e.Resultant = d.Assume(gpos...)
	default:
		if why := d.Unread(e.Domain, run.AspectComputers); why != nil {
			return e, why
		}
		for _, p := range d.Missing(e.Domain) {
			if inForest(parentName(name), p.Where) {
				return e, gap(GapUndeclared, reason.HostInUnread, "host", name, "why", p.Reason().Because("why"))
			}
		}
		if of := parentName(name); of != "" && d.Forest(of) == nil && !d.isBelow(of) {
			return e, gap(GapUndeclared, reason.HostOutside, "host", name, "domain", of)
		}
		return e, gap(GapAccount, reason.HostWithoutAccount, "host", name, "domain", e.Domain)
	}
	return e, nil
}

// parentName is a DNS name without its first label.
func parentName(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// registriesOf are the registries that are of a host: those named as it, or the
// only one of the only host.
func (d *Deployment) registriesOf(f *run.Forest, h intent.Host) []run.MachinePolicy {
	var own []run.MachinePolicy
	for _, m := range f.Machines {
		stem, _, _ := strings.Cut(m.Name, ".")
		first, _, _ := strings.Cut(h.FQDN, ".")
		if strings.EqualFold(stem, h.Name) || first != "" && strings.EqualFold(stem, first) {
			own = append(own, m)
		}
	}
	if len(own) == 0 && len(f.Machines) == 1 && len(d.Policy.Hosts) == 1 {
		return f.Machines
	}
	return own
}

// ClientEnds are the ends of a domain's computers, KMS hosts, domain
// controllers and those older than such rules left out: one for each
// different resultant policy. Without computers in the source the
// declared GPOs are assumed. Its error is a [*Gap].
func (d *Deployment) ClientEnds(domain string) ([]End, error) {
	c := once(&d.clients, domain, func() (c clients) {
		c.ends, c.err = d.clientEnds(domain)
		return c
	})
	return slices.Clone(c.ends), c.err
}

type clients struct {
	ends []End
	err  error
}

func (d *Deployment) clientEnds(domain string) ([]End, error) {
	if why := d.Unread(domain); why != nil {
		return nil, why
	}
	f := d.Forest(domain)
	if len(f.Machines) > 0 {
		return nil, gap(GapSource, reason.ExportSilentOnClients)
	}
	if len(f.Lost[run.AspectComputers]) > 0 {
		gpos := d.Assumed(domain, "clients")
		if len(gpos) == 0 {
			return nil, gap(GapNone, reason.NoGPOForClients, "domain", domain)
		}
		return []End{{Name: "a client", Resultant: d.Assume(gpos...), Env: effect.Env{Profile: DomainProfile}, Domain: domain}}, nil
	}
	if why := d.Unread(domain, run.AspectComputers); why != nil {
		return nil, why
	}
	var ends []End
	place := map[Treatment]int{}
	computers := d.Domain(domain).Computers
	for i := range computers {
		c := &computers[i]
		names := d.ClientNames(c)
		if c.Controller || c.ReadOnly || !Capable(c.Machine) || len(names) == 0 {
			continue
		}
		told := d.Resultant(Subject{Machine: c.Machine, Domain: domain})
		if !d.Isolated(told) {
			continue // gpo-coverage speaks of those
		}
		env := Environment(c.Machine)
		key := TreatmentOf(told, env)
		j, ok := place[key]
		if !ok {
			j = len(ends)
			place[key] = j
			ends = append(ends, End{Name: names[0], Resultant: told, Env: env, Domain: domain})
		}
		ends[j].Count += len(names)
	}
	for i := range ends {
		if n := ends[i].Count; n > 1 {
			ends[i].Name = fmt.Sprintf("%s and %d more", ends[i].Name, n-1)
		}
	}
	if len(ends) == 0 {
		return nil, gap(GapNone, reason.NoIsolatedClients, "domain", domain)
	}
	return ends, nil
}

// Treatment is what decides what a machine does with a packet, but for its
// addresses: it is equal for machines that are treated alike.
type Treatment struct {
	policy  *consec.Policy
	doubts  string
	version consec.Version
	os      consec.OS
	known   bool // the version of Windows
}

// TreatmentOf is that of a machine with this resultant policy.
func TreatmentOf(t *Resultant, env effect.Env) Treatment {
	k := Treatment{policy: t.Policy, doubts: t.Doubts.Key()}
	if env.Version != nil && env.OS != nil {
		k.version, k.os, k.known = *env.Version, *env.OS, true
	}
	return k
}

// Environment is what an account tells of its machine.
func Environment(m run.Machine) effect.Env {
	env := effect.Env{Profile: DomainProfile}
	rows := wql.Lookup(m.OS, m.OSVersion, m.Controller || m.ReadOnly)
	if len(rows) == 0 {
		return env
	}
	if v, os, ok := consec.WindowsVersion(build(rows[0])); ok {
		env.Version, env.OS = &v, &os
	}
	return env
}

func build(w wql.Windows) int {
	n, err := strconv.Atoi(w.BuildNumber())
	if err != nil {
		return 0 // no Windows
	}
	return n
}
