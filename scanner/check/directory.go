package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What the directory says is one observation for each forest. Every check of
// what is configured needs them all, for a GPO may be linked, and a host be
// trusted, across forests.
func directoryNeeds(p *policy.Policy, _ run.CellID) []run.Need {
	var needs []run.Need
	for _, f := range p.Directories() {
		needs = append(needs, directoryNeed(f.Name))
	}
	return needs
}

func directoryNeed(forest string) run.Need {
	return run.Need{Vantage: run.DirectoryVantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeDirectory, Param: forest}}
}

// directories is what the forests say, put together once for all cells.
type directories struct {
	*estate.Estate
	failed map[string]string // forests that could not be read at all, with the reason
}

func readDirectories(p *policy.Policy, observed map[run.Need]*run.Observation) *directories {
	if len(p.Directories()) == 0 {
		return nil
	}
	d := &directories{failed: map[string]string{}}
	var forests []*run.Forest
	for _, f := range p.Directories() {
		switch o := observed[directoryNeed(f.Name)]; {
		case o == nil:
			d.failed[f.Name] = "not read in this run"
		case o.Forest == nil:
			d.failed[f.Name] = o.Error
		default:
			forests = append(forests, o.Forest)
		}
	}
	d.Estate = estate.New(forests...)
	return d
}

// configuredCell answers for a cell whose forests could not be read.
func (in *Input) configuredCell() (run.Cell, bool) {
	for _, n := range directoryNeeds(in.Policy, in.Cell) {
		in.See(n) // the evidence
	}
	if len(in.directories.Forests) > 0 {
		return run.Cell{}, false
	}
	var why []string
	for _, f := range in.Policy.Directories() {
		why = appendNew(why, in.directories.failed[f.Name])
	}
	return run.Cell{Verdict: run.Error, Reason: clauses(why)}, true
}

// An isolation is one GPO that carries the isolation in one domain, as the
// policy declares it, or with an empty declaration whatever GPO of the domain
// turns out to.
type isolation struct {
	target   string // of its cells
	domain   string
	declared policy.GPO
}

// isolations lists them in the order of the policy.
func isolations(p *policy.Policy) []isolation {
	var forests []string
	for _, f := range p.Directories() {
		forests = append(forests, f.Name)
	}
	var all []isolation
	if len(p.Isolation.Policies) == 0 {
		for _, f := range forests {
			all = append(all, isolation{"domain:" + f, f, policy.GPO{Role: "both"}})
		}
		return all
	}
	for _, g := range p.Isolation.Policies {
		domains := g.Domains
		if len(domains) == 0 {
			domains = forests
		}
		for _, d := range domains {
			target := gpoTarget(g)
			if len(domains) > 1 {
				target += "@" + d
			}
			all = append(all, isolation{target, d, g})
		}
	}
	return all
}

func gpoTarget(g policy.GPO) string {
	if g.Name != "" {
		return "gpo:" + g.Name
	}
	return "gpo:" + g.ID
}

// title names the isolation in a sentence.
func (i isolation) title() string {
	switch {
	case i.declared.Name != "":
		return fmt.Sprintf("GPO %q", i.declared.Name)
	case i.declared.ID != "":
		return "GPO " + i.declared.ID
	}
	return "an isolation GPO"
}

// gpoCells makes a cell for each isolation.
func gpoCells(check string) func(*policy.Policy) []run.CellID {
	return func(p *policy.Policy) []run.CellID {
		if len(p.Directories()) == 0 {
			return nil
		}
		var ids []run.CellID
		for _, i := range isolations(p) {
			ids = append(ids, directoryCell(check, i.target))
		}
		return ids
	}
}

// domainCells makes a cell for each domain that the isolation is declared for.
func domainCells(check string) func(*policy.Policy) []run.CellID {
	return func(p *policy.Policy) []run.CellID {
		if len(p.Directories()) == 0 {
			return nil
		}
		var ids []run.CellID
		for _, d := range isolatedDomains(p) {
			ids = append(ids, directoryCell(check, "domain:"+d))
		}
		return ids
	}
}

func isolatedDomains(p *policy.Policy) []string {
	var all []string
	for _, i := range isolations(p) {
		all = appendNew(all, strings.ToLower(i.domain))
	}
	return all
}

// configuredHostCells makes a cell for each KMS host.
func configuredHostCells(check string) func(*policy.Policy) []run.CellID {
	return func(p *policy.Policy) []run.CellID {
		if len(p.Directories()) == 0 {
			return nil
		}
		var ids []run.CellID
		for _, h := range p.Hosts {
			ids = append(ids, directoryCell(check, h.Name))
		}
		return ids
	}
}

// endCells makes a cell for each KMS host and one for the clients of each
// domain: the two ends of the isolation.
func endCells(check string) func(*policy.Policy) []run.CellID {
	return func(p *policy.Policy) []run.CellID {
		return append(configuredHostCells(check)(p), domainCells(check)(p)...)
	}
}

func directoryCell(check, target string) run.CellID {
	return run.CellID{Check: check, Vantage: run.DirectoryVantage, Target: target}
}

// isolation of the cell's target.
func (in *Input) isolation() isolation {
	all := isolations(in.Policy)
	i := slices.IndexFunc(all, func(i isolation) bool { return i.target == in.Cell.Target })
	return all[max(i, 0)]
}

// domain of the cell's target.
func (in *Input) domain() string { return strings.TrimPrefix(in.Cell.Target, "domain:") }

// carriers are the GPOs that an isolation is in its domain: the declared one,
// or all that name a KMS host in a connection security rule.
func (in *Input) carriers(i isolation) []*run.GPO {
	d := in.directories.Domain(i.domain)
	if d == nil {
		return nil
	}
	var found []*run.GPO
	for j := range d.GPOs {
		g := &d.GPOs[j]
		switch {
		case i.declared.ID != "":
			if strings.EqualFold(g.ID, i.declared.ID) {
				found = append(found, g)
			}
		case i.declared.Name != "":
			if strings.EqualFold(g.Name, i.declared.Name) {
				found = append(found, g)
			}
		case in.directories.Names(g, hostAddresses(in.Policy)):
			found = append(found, g)
		}
	}
	return found
}

// unreadable says why a domain is not known, as a cell: an error where it
// should have been read, a skip where this kind of source cannot tell.
func (in *Input) unreadable(domain string, aspects ...run.Aspect) (run.Cell, bool) {
	f := in.directories.Forest(domain)
	if f == nil {
		for _, declared := range in.Policy.Directories() {
			if why := in.directories.failed[declared.Name]; why != "" && inForest(domain, declared.Name) {
				return run.Cell{Verdict: run.Error, Reason: why}, true
			}
		}
		return run.Cell{Verdict: run.Inconclusive, Reason: fmt.Sprintf("domain %s was not read: none of the declared directories holds it", domain)}, true
	}
	for _, a := range aspects {
		if why := f.Lost[a]; why != "" {
			return skip(why), true
		}
		if why := in.directories.Lost(domain, a); why != "" {
			return run.Cell{Verdict: run.Error, Reason: why}, true
		}
	}
	return run.Cell{}, false
}

// inForest guesses whether a domain that was not read belongs to a forest: its
// name ends in the forest's.
func inForest(domain, forest string) bool {
	return strings.EqualFold(domain, forest) || strings.HasSuffix(strings.ToLower(domain), "."+strings.ToLower(forest))
}

// isRegistry reports whether the domain is only the export of a machine's
// registry, which has no GPOs.
func (in *Input) isRegistry(domain string) bool {
	f := in.directories.Forest(domain)
	return f != nil && f.Kind == run.SourceRegistry
}
