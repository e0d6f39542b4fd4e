package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoCoverage = Check{
	ID:         "gpo-coverage",
	Title:      "the rule reaches every enabled computer of the domain, or it is known why not",
	Section:    "How to implement",
	Confirmed:  "spec",
	Configured: true,
	After:      arrival,
	Cells:      domainCells("gpo-coverage"),
	Needs:      directoryNeeds,
	Judge:      judgeCoverage,
}

// coverage counts a domain's computers by what keeps the isolation from them.
type coverage struct {
	covered, total, left, unsure int
	missed                       []*missedFor // in the order of the directory
	none                         missedFor    // accounts that name no Windows
}

// missedFor are the computers that one thing keeps the isolation from.
type missedFor struct {
	why   reason.List
	count int
	names []string // the first few
}

// mostMissed is how many computers are named for each reason.
const mostMissed = 3

func judgeCoverage(in *Input) run.Cell {
	domain := in.domain()
	if stopped, stop := in.unreadable(domain, run.AspectComputers, run.AspectLinks); stop {
		return stopped
	}
	if in.isRegistry(domain) {
		return skipped(reason.ExportWithoutComputers)
	}
	threshold := in.Policy.Isolation.Coverage.Threshold
	c := in.coverageOf(domain)
	cell := run.Cell{Verdict: run.Pass, Intended: fmt.Sprintf("%g %% of the enabled computers of %s get the isolation", threshold, domain)}
	cell.Configured = fmt.Sprintf("%d of %d computers get it; %d are left out: domain controllers, Windows older than such rules, and what is no Windows", c.covered, c.total, c.left+c.none.count)
	if c.none.count > 0 {
		cell.Findings = append(cell.Findings, found(run.Info, reason.NoWindows, c.none.args()...))
	}
	var parts reason.List
	for _, m := range c.missed {
		parts = append(parts, reason.New(reason.ComputersMissed, m.args()...))
	}
	switch {
	case c.total == 0:
		cell.Verdict, cell.Reasons = run.Skip, reason.One(reason.NoClientsInDomain)
	case float64(c.covered)*100 >= threshold*float64(c.total):
		if len(parts) > 0 {
			cell.Findings = append(cell.Findings, found(run.Warn, reason.NotCovered, "why", parts))
		}
	case float64(c.covered+c.unsure)*100 >= threshold*float64(c.total):
		cell.Verdict, cell.Reasons = run.Inconclusive, reason.One(reason.CoverageUnsure, "covered", c.covered, "total", c.total, "why", parts)
	default:
		cell.Verdict, cell.Reasons = run.Fail, reason.One(reason.CoverageLow, "covered", c.covered, "total", c.total, "why", parts)
	}
	return cell
}

// args are the arguments of a reason about the computers: the first few by name,
// how many more there are, and why.
func (m *missedFor) args() []any {
	return []any{"names", m.names, "more", m.count - len(m.names), "why", m.why}
}

func (m *missedFor) add(names []string) {
	m.count += len(names)
	m.names = append(m.names, names[:min(len(names), mostMissed-len(m.names))]...)
}

// coverageOf goes through all computers of the domain.
func (in *Input) coverageOf(domain string) *coverage {
	c := &coverage{}
	index := map[string]*missedFor{}
	carriers := in.carriersFor("clients", "")
	d := in.directories.Domain(domain)
	for i := range d.Computers {
		m := &d.Computers[i]
		own := in.directories.ClientNames(m)
		if len(own) == 0 {
			continue
		}
		switch {
		case m.Controller || m.ReadOnly || estate.Legacy(m.Machine):
			c.left += len(own)
			continue
		case !estate.Capable(m.Machine):
			c.none.add(own)
			continue
		}
		c.total += len(own)
		told := in.directories.Told(estate.Subject{Machine: m.Machine, Domain: domain})
		covers, why := in.reached(told, carriers)
		switch covers {
		case estate.Yes:
			c.covered += len(own)
			continue
		case estate.Unknown:
			c.unsure += len(own)
		}
		x := index[why.Key()]
		if x == nil {
			x = &missedFor{why: why}
			index[why.Key()] = x
			c.missed = append(c.missed, x)
		}
		x.add(own)
	}
	slices.SortStableFunc(c.missed, func(a, b *missedFor) int { return b.count - a.count })
	return c
}

// carriersFor are the GPOs that carry the isolation to an end, "hosts" or
// "clients", in a domain, or with "" in all: one may be linked from another.
func (in *Input) carriersFor(role, domain string) []*run.GPO {
	var all []*run.GPO
	for _, i := range isolations(in.Policy) {
		if r := i.declared.Role; r != role && r != "both" && r != "" || domain != "" && !strings.EqualFold(domain, i.domain) {
			continue
		}
		for _, g := range in.carriers(i) {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	return all
}

// reached says whether one of the GPOs comes to a machine, and if not why.
func (in *Input) reached(t *estate.Told, carriers []*run.GPO) (a estate.Answer, why reason.List) {
	for _, g := range carriers {
		o := t.Outcome(g)
		switch {
		case o == nil:
			continue
		case o.Applied == estate.Yes:
			return estate.Yes, nil
		case why == nil || o.Applied > a:
			a, why = o.Applied, keptAway(g, o)
		}
	}
	switch {
	case why == nil && len(carriers) == 0 && len(t.Doubts) > 0:
		return estate.Unknown, reason.One(reason.NoIsolationSeen, "why", t.Doubts[0])
	case why == nil && len(carriers) == 0:
		return estate.No, reason.One(reason.NoIsolationForClients)
	case why == nil:
		return estate.No, reason.One(reason.NotLinkedAbove, "gpo", carriers[0].Name)
	}
	return a, why
}

// keptAway is why a GPO does not come to a machine, or may not.
func keptAway(g *run.GPO, o *estate.Outcome) reason.List {
	return reason.One(reason.GPOKeptAway, "gpo", g.Name, "why", o.Why)
}
