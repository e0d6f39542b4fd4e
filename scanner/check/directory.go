package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// DirectoryNeeds are what the directory says: one observation for each forest. Every
// check of what is configured needs them all, because a GPO may be linked, and a host be
// trusted, across forests.
func DirectoryNeeds(p *intent.Policy, _ run.CellID) []run.Need {
	var needs []run.Need
	for _, f := range p.Directories() {
		needs = append(needs, directoryNeed(f.Name))
	}
	return needs
}

// ConfiguredNeeds are what shows how the flow between the ends of a cell is
// configured: what the directories say, and what the host has applied.
func ConfiguredNeeds(p *intent.Policy, id run.CellID) []run.Need {
	needs := DirectoryNeeds(p, id)
	for _, k := range p.HostVantages(id.Target) {
		needs = append(needs, AppliedNeeds(k.Name)...)
	}
	return needs
}

func directoryNeed(forest string) run.Need {
	return run.Need{Vantage: run.DirectoryVantage, When: run.Once, Spec: run.Spec{Probe: run.ProbeDirectory, Param: forest}}
}

// readDirectories puts together once for all cells what the forests say; nil
// where none is declared.
func readDirectories(p *intent.Policy, observed func(run.Need) *run.Observation) *rsop.Deployment {
	if len(p.Directories()) == 0 {
		return nil
	}
	return rsop.Deploy(p, func(forest string) *run.Observation { return observed(directoryNeed(forest)) })
}

// unreadForests says why no forest could be read, if none could.
func (in *Input) unreadForests() (why reason.List, unread bool) {
	for _, n := range DirectoryNeeds(in.Policy, in.Cell) {
		in.See(n) // the evidence
	}
	if len(in.Directories.Forests) > 0 {
		return nil, false
	}
	for _, f := range in.Policy.Directories() {
		why = why.Add(in.Directories.Failed[f.Name]...)
	}
	return why, true
}

// Isolation is one GPO that carries the isolation in one domain, and the target
// of its cells.
type Isolation struct {
	Target   string
	Domain   string
	Declared intent.GPO
}

// Isolations lists them in the order of the policy.
func Isolations(p *intent.Policy) []Isolation {
	var all []Isolation
	for _, i := range rsop.Isolations(p) {
		target := gpoTarget(i.Declared)
		switch n := len(i.Declared.Domains); {
		case target == "":
			target = "domain:" + i.Domain
		case n > 1, n == 0 && len(p.Directories()) > 1:
			target += "@" + i.Domain
		}
		all = append(all, Isolation{target, i.Domain, i.Declared})
	}
	return all
}

// Domain is the domain that the target of a cell is of, "" where its name tells
// none.
func (pl *Plan) Domain(target string) string {
	if domain, ok := strings.CutPrefix(target, "domain:"); ok {
		return domain
	}
	all := Isolations(pl.policy)
	for _, i := range all {
		if i.Target == target {
			return i.Domain
		}
	}
	if h, ok := pl.policy.Host(target); ok {
		for _, i := range all {
			if len(h.FQDN) > len(i.Domain) && strings.HasSuffix(strings.ToLower(h.FQDN), "."+strings.ToLower(i.Domain)) {
				return i.Domain
			}
		}
	}
	return ""
}

// gpoTarget is the target of a declared GPO, "" where none is.
func gpoTarget(g intent.GPO) string {
	switch {
	case g.Name != "":
		return "gpo:" + g.Name
	case g.ID != "":
		return "gpo:" + g.ID
	}
	return ""
}

// named are the arguments of a reason that name the isolation.
func (i Isolation) named() []any {
	if i.Declared.Name != "" {
		return []any{"gpo", i.Declared.Name}
	}
	return []any{"gpo-id", i.Declared.ID}
}

// About is a reason about the isolation.
func (i Isolation) About(code reason.Code, args ...any) reason.Reason {
	return reason.New(code, append(i.named(), args...)...)
}

// GPOCells makes a cell for each isolation.
func GPOCells(check string) func(*intent.Policy) []run.CellID {
	return func(p *intent.Policy) []run.CellID {
		if len(p.Directories()) == 0 {
			return nil
		}
		var ids []run.CellID
		for _, i := range Isolations(p) {
			ids = append(ids, DirectoryCell(check, i.Target))
		}
		return ids
	}
}

// DomainCells makes a cell for each domain that the isolation is declared for.
func DomainCells(check string) func(*intent.Policy) []run.CellID {
	return func(p *intent.Policy) []run.CellID {
		if len(p.Directories()) == 0 {
			return nil
		}
		var ids []run.CellID
		for _, d := range IsolatedDomains(p) {
			ids = append(ids, DirectoryCell(check, "domain:"+d))
		}
		return ids
	}
}

// IsolatedDomains are the domains that are to be isolated, each once.
func IsolatedDomains(p *intent.Policy) []string {
	var all []string
	for _, i := range Isolations(p) {
		all = AppendNew(all, strings.ToLower(i.Domain))
	}
	return all
}

// ConfiguredHostCells makes a cell for each KMS host.
func ConfiguredHostCells(check string) func(*intent.Policy) []run.CellID {
	return func(p *intent.Policy) []run.CellID {
		if len(p.Directories()) == 0 {
			return nil
		}
		var ids []run.CellID
		for _, h := range p.Hosts {
			ids = append(ids, DirectoryCell(check, h.Name))
		}
		return ids
	}
}

// EndCells makes a cell for each KMS host and one for the clients of each
// domain: the two ends of the isolation.
func EndCells(check string) func(*intent.Policy) []run.CellID {
	return func(p *intent.Policy) []run.CellID {
		return append(ConfiguredHostCells(check)(p), DomainCells(check)(p)...)
	}
}

// DirectoryCell is the cell of a configured check about a target.
func DirectoryCell(check, target string) run.CellID {
	return run.CellID{Check: check, Vantage: run.DirectoryVantage, Target: target}
}

// IsolationOf of the cell's target. A cell of any other target is a mistake of the
// check, which breaks it.
func (in *Input) IsolationOf() Isolation {
	all := Isolations(in.Policy)
	i := slices.IndexFunc(all, func(i Isolation) bool { return i.Target == in.Cell.Target })
	if i < 0 {
		panic(fmt.Sprintf("check %s has a cell of %s, which is no isolation of the policy", in.Cell.Check, in.Cell.Target))
	}
	return all[i]
}

// DomainOf of the cell's target.
func (in *Input) DomainOf() string { return strings.TrimPrefix(in.Cell.Target, "domain:") }

// CarriersOf are the GPOs that an isolation is in its domain.
func (in *Input) CarriersOf(i Isolation) []*run.GPO {
	return in.Directories.IsolationGPOs(rsop.Isolation{Domain: i.Domain, Declared: i.Declared})
}

// unreadable says why a domain, or an aspect of it, is not known, as a cell.
func (in *Input) unreadable(domain string, aspects ...run.Aspect) (run.Cell, bool) {
	if why := in.Directories.Unread(domain, aspects...); why != nil {
		return GapCell(why)
	}
	return run.Cell{}, false
}

// GapCell answers for what is not known: an error where it should have been
// read, a skip where this kind of source cannot tell.
func GapCell(err error) (run.Cell, bool) {
	var gap *rsop.Gap
	switch {
	case err == nil:
		return run.Cell{}, false
	case !errors.As(err, &gap):
		return run.Cell{Verdict: run.Error, Reasons: reason.Of(err)}, true
	}
	cell := run.Cell{Reasons: gap.Reasons}
	switch gap.Kind {
	case rsop.GapFailed:
		cell.Verdict = run.Error
	case rsop.GapUndeclared:
		cell.Verdict = run.Inconclusive
	case rsop.GapAccount, rsop.GapSystem:
		cell.Verdict = run.Fail
	default:
		cell.Verdict = run.Skip
	}
	return cell, true
}

// Forests are the readings of the directories.
func (e *Evidence) Forests() []*run.Observation {
	var all []*run.Observation
	for _, n := range DirectoryNeeds(e.Policy, e.Cell) {
		if o := e.Peek(n); o != nil && len(o.Trouble) == 0 {
			all = append(all, o)
		}
	}
	return all
}
