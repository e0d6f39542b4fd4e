package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// end is one end of the isolation: a machine, or all that were told the same.
type end struct {
	name    string // for sentences
	told    *estate.Told
	addrs   []netip.Addr // its own; for many machines none
	env     consec.Env
	account *run.Account // of one machine; nil where it has none or is many
	domain  string
	count   int // of machines
}

// profile is the one that the paper's rule is for: that of a member on its own
// network.
const profile = "domain"

// hostEnd is what a KMS host has been told. The cell answers where nobody
// knows; stop says that it does.
func (in *Input) hostEnd(h policy.Host) (e end, cell run.Cell, stop bool) {
	e = end{name: h.Name, addrs: h.Addresses, env: consec.Env{Profile: profile}, domain: in.domainOf(h.FQDN), count: 1}
	if len(h.Addresses) == 0 {
		return e, run.Cell{Verdict: run.Error, Reason: fmt.Sprintf("%s has no address", h.Name)}, true
	}
	if cell, stop := in.unreadable(e.domain); stop {
		return e, cell, true
	}
	if a, domain := in.directories.Account(orElse(h.FQDN, h.Name)); a != nil {
		e.account, e.domain = a, domain
		e.env = environment(a.Machine)
		e.told = in.directories.Told(in.directories.Subject(a, domain, h.Addresses...))
		return e, cell, false
	}
	switch f := in.directories.Forest(e.domain); {
	case f.Kind == run.SourceRegistry:
		e.told = in.directories.Assume(exportsOf(f, h)...)
	case f.Lost[run.AspectComputers] != "":
		e.told = in.directories.Assume(in.assumed(e.domain, "hosts")...)
	default:
		if cell, stop := in.unreadable(e.domain, run.AspectComputers); stop {
			return e, cell, true
		}
		return e, run.Cell{Verdict: run.Fail, Cause: "", Reason: fmt.Sprintf(
			"%s has no computer account in %s: no GPO reaches it", orElse(h.FQDN, h.Name), e.domain),
			Remedy: "join the host to the domain, or correct its fqdn in the policy"}, true
	}
	return e, cell, false
}

// domainOf is the domain that a fully qualified name is in, or else the first
// that was read.
func (in *Input) domainOf(fqdn string) string {
	_, suffix, _ := strings.Cut(strings.ToLower(fqdn), ".")
	for s := suffix; s != ""; _, s, _ = strings.Cut(s, ".") {
		if in.directories.Domain(s) != nil {
			return s
		}
	}
	if suffix != "" {
		for _, f := range in.Policy.Directories() {
			if inForest(suffix, f.Name) {
				return suffix
			}
		}
	}
	for _, f := range in.directories.Forests {
		for _, d := range f.Domains {
			return d.Name
		}
	}
	return suffix
}

// assumed are the GPOs that are declared for an end, hosts or clients, where
// the source does not tell to which machines they apply. Without a declaration
// all that name a KMS host are.
func (in *Input) assumed(domain, role string) []*run.GPO {
	var gpos []*run.GPO
	for _, i := range isolations(in.Policy) {
		if strings.EqualFold(i.domain, domain) && (i.declared.Role == "both" || i.declared.Role == "" || i.declared.Role == role) {
			gpos = append(gpos, in.carriers(i)...)
		}
	}
	return gpos
}

// exportsOf are the registry exports that are of a host: those named like it,
// or all there are.
func exportsOf(f *run.Forest, h policy.Host) []*run.GPO {
	var own, all []*run.GPO
	for i := range f.Domains {
		for j := range f.Domains[i].GPOs {
			g := &f.Domains[i].GPOs[j]
			all = append(all, g)
			stem, _, _ := strings.Cut(g.Name, ".")
			if strings.EqualFold(stem, h.Name) || h.FQDN != "" && strings.HasPrefix(strings.ToLower(g.Name), strings.ToLower(h.FQDN)) {
				own = append(own, g)
			}
		}
	}
	if len(own) > 0 {
		return own
	}
	return all
}

// clientEnds are the ends of a domain's computers, KMS hosts, domain
// controllers and those older than such rules left out: one for each
// different thing they have been told. Without computers in the source the
// declared GPOs are assumed.
func (in *Input) clientEnds(domain string) (ends []end, cell run.Cell, stop bool) {
	if cell, stop := in.unreadable(domain); stop {
		return nil, cell, true
	}
	f := in.directories.Forest(domain)
	if f.Kind == run.SourceRegistry {
		return nil, skip("the export of a host's registry says nothing of the clients"), true
	}
	if f.Lost[run.AspectComputers] != "" {
		gpos := in.assumed(domain, "clients")
		if len(gpos) == 0 {
			return nil, skip(fmt.Sprintf("%s has no GPO that is declared for clients: see gpo-exists", domain)), true
		}
		return []end{{name: "a client", told: in.directories.Assume(gpos...), env: consec.Env{Profile: profile}, domain: domain}}, cell, false
	}
	if cell, stop := in.unreadable(domain, run.AspectComputers); stop {
		return nil, cell, true
	}
	place := map[string]int{}
	d := in.directories.Domain(domain)
	for i := range d.Computers {
		c := &d.Computers[i]
		names := in.clientNames(c)
		if c.Controller || c.ReadOnly || legacy(c.Machine) || len(names) == 0 {
			continue
		}
		told := in.directories.Told(estate.Subject{Machine: c.Machine, Domain: domain})
		if !in.isolated(told) {
			continue // gpo-coverage speaks of those
		}
		env := environment(c.Machine)
		key := fmt.Sprintf("%p %v %v %v", told.Policy, told.Doubts, env.Version, env.OS)
		j, ok := place[key]
		if !ok {
			j = len(ends)
			place[key] = j
			ends = append(ends, end{name: names[0], told: told, env: env, domain: domain})
		}
		ends[j].count += len(names)
	}
	for i := range ends {
		if n := ends[i].count; n > 1 {
			ends[i].name = fmt.Sprintf("%s and %d more", ends[i].name, n-1)
		}
	}
	if len(ends) == 0 {
		return nil, skip(fmt.Sprintf("no client of %s gets the isolation: see gpo-coverage", domain)), true
	}
	return ends, cell, false
}

// clientNames are the names of computers that are no KMS hosts.
func (in *Input) clientNames(c *run.Computers) []string {
	var names []string
	for _, n := range c.Names {
		if !in.isHost(n) {
			names = append(names, n)
		}
	}
	return names
}

func (in *Input) isHost(name string) bool {
	return slices.ContainsFunc(in.Policy.Hosts, func(h policy.Host) bool {
		return strings.EqualFold(name, h.FQDN) || h.FQDN == "" && strings.EqualFold(name, h.Name)
	})
}

// isolated reports whether a machine has been told of the isolation at all.
func (in *Input) isolated(t *estate.Told) bool {
	for _, i := range isolations(in.Policy) {
		for _, g := range in.carriers(i) {
			if o := t.Outcome(g); o != nil && o.Applied == estate.Yes {
				return true
			}
		}
	}
	return len(t.Policy.Rules) > 0 && in.directories.Covers(t.Policy, hostAddresses(in.Policy))
}

func hostAddresses(p *policy.Policy) []netip.Addr {
	var all []netip.Addr
	for _, h := range p.Hosts {
		all = append(all, h.Addresses...)
	}
	return all
}

// environment is what an account tells of its machine.
func environment(m run.Machine) consec.Env {
	env := consec.Env{Profile: profile}
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

// legacy reports whether a machine is older than connection security rules:
// Windows before Vista and Server 2008.
func legacy(m run.Machine) bool {
	major, _, ok := strings.Cut(m.OSVersion, ".")
	return ok && strings.HasPrefix(m.OS, "Windows") && (major == "5" || major == "4")
}
