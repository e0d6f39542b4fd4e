package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
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

// configuredNeeds are what shows how the flow between the ends of a cell is
// configured: what the directories say, and what the host has applied.
func configuredNeeds(p *policy.Policy, id run.CellID) []run.Need {
	needs := directoryNeeds(p, id)
	for _, k := range p.HostVantages(id.Target) {
		needs = append(needs, appliedNeeds(k.Name)...)
	}
	return needs
}

func directoryNeed(forest string) run.Need {
	return run.Need{Vantage: run.DirectoryVantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeDirectory, Param: forest}}
}

// readDirectories puts together once for all cells what the forests say; nil
// where none is declared.
func readDirectories(p *policy.Policy, observed func(run.Need) *run.Observation) *rsop.Deployment {
	if len(p.Directories()) == 0 {
		return nil
	}
	return rsop.Deploy(p, func(forest string) *run.Observation { return observed(directoryNeed(forest)) })
}

// unreadForests says why no forest could be read, if none could.
func (in *Input) unreadForests() (why reason.List, unread bool) {
	for _, n := range directoryNeeds(in.Policy, in.Cell) {
		in.See(n) // the evidence
	}
	if len(in.directories.Forests) > 0 {
		return nil, false
	}
	for _, f := range in.Policy.Directories() {
		why = why.Add(in.directories.Failed[f.Name]...)
	}
	return why, true
}

// isolation is one GPO that carries the isolation in one domain, and the target
// of its cells.
type isolation struct {
	target   string
	domain   string
	declared policy.GPO
}

// isolations lists them in the order of the policy.
func isolations(p *policy.Policy) []isolation {
	var all []isolation
	for _, i := range rsop.Isolations(p) {
		target := gpoTarget(i.Declared)
		switch n := len(i.Declared.Domains); {
		case target == "":
			target = "domain:" + i.Domain
		case n > 1, n == 0 && len(p.Directories()) > 1:
			target += "@" + i.Domain
		}
		all = append(all, isolation{target, i.Domain, i.Declared})
	}
	return all
}

// Domain is the domain that the target of a cell is of, "" where its name tells
// none.
func (pl *Plan) Domain(target string) string {
	if domain, ok := strings.CutPrefix(target, "domain:"); ok {
		return domain
	}
	all := isolations(pl.policy)
	for _, i := range all {
		if i.target == target {
			return i.domain
		}
	}
	if h, ok := pl.policy.Host(target); ok {
		for _, i := range all {
			if len(h.FQDN) > len(i.domain) && strings.HasSuffix(strings.ToLower(h.FQDN), "."+strings.ToLower(i.domain)) {
				return i.domain
			}
		}
	}
	return ""
}

// gpoTarget is the target of a declared GPO, "" where none is.
func gpoTarget(g policy.GPO) string {
	switch {
	case g.Name != "":
		return "gpo:" + g.Name
	case g.ID != "":
		return "gpo:" + g.ID
	}
	return ""
}

// named are the arguments of a reason that name the isolation.
func (i isolation) named() []any {
	if i.declared.Name != "" {
		return []any{"gpo", i.declared.Name}
	}
	return []any{"gpo-id", i.declared.ID}
}

// about is a reason about the isolation.
func (i isolation) about(code reason.Code, args ...any) reason.Reason {
	return reason.New(code, append(i.named(), args...)...)
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

// isolation of the cell's target. A cell of any other target is a mistake of the
// check, which breaks it.
func (in *Input) isolation() isolation {
	all := isolations(in.Policy)
	i := slices.IndexFunc(all, func(i isolation) bool { return i.target == in.Cell.Target })
	if i < 0 {
		panic(fmt.Sprintf("check %s has a cell of %s, which is no isolation of the policy", in.Cell.Check, in.Cell.Target))
	}
	return all[i]
}

// domain of the cell's target.
func (in *Input) domain() string { return strings.TrimPrefix(in.Cell.Target, "domain:") }

// carriers are the GPOs that an isolation is in its domain.
func (in *Input) carriers(i isolation) []*run.GPO {
	return in.directories.IsolationGPOs(rsop.Isolation{Domain: i.domain, Declared: i.declared})
}
