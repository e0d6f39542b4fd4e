package check

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoWMIFilter = Check{
	ID:         "gpo-wmi-filter",
	Title:      "the WMI filter can be evaluated, and is true on every Windows in use",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-readable"},
	Cells:      gpoCells("gpo-wmi-filter"),
	Trials:     itsTarget,
	Claims:     together((*Evidence).filters, reason.ClaimComplete, reason.ClaimEvaluates),
}

// filters evaluates the filter of each GPO.
func (e *Evidence) filters(l *ledger) {
	i := e.isolation()
	gpos := e.carriers(i)
	known, there := e.there(l, i, gpos)
	if !there {
		return
	}
	l.intended = reason.One(reason.IntendedFilter)
	for _, g := range gpos {
		l.conduct = l.conduct.Add(e.filter(l, i, g)...)
	}
	if known && len(l.of(reason.ClaimComplete).void) == 0 {
		l.of(reason.ClaimEvaluates).shown(e.forests())
	}
}

// filter evaluates the filter of one GPO, and says what it has.
func (e *Evidence) filter(l *ledger, i isolation, g *run.GPO) (said reason.List) {
	if strings.TrimSpace(g.Filter) == "" {
		return reason.One(reason.GPOUnfiltered, "gpo", g.Name)
	}
	if why := e.directories.Forest(i.domain).Lost[run.AspectFilters]; len(why) > 0 {
		l.of(reason.ClaimComplete).gapAt(g.Name, run.Cell{Verdict: run.Skip,
			Reasons: reason.One(reason.FilterNotInSource, "gpo", g.Name, "filter", orElse(g.FilterName, g.Filter), "why", why)})
		return nil
	}
	evaluates := l.of(reason.ClaimEvaluates)
	said = reason.One(reason.GPOFiltered, "gpo", g.Name)
	domain, id, err := gpo.ParseFilterRef(g.Filter)
	if err != nil {
		evaluates.broken = append(evaluates.broken, wrongFilter(reason.FilterReferenceUnreadable, "gpo", g.Name, "why", reason.Of(err)))
		return said
	}
	filter := e.directories.Filter(orElse(domain, i.domain), id)
	if filter != nil {
		e.evaluate(l, i, filter)
		return reason.One(reason.GPOFiltered, "gpo", g.Name, "filter", filter.Name)
	}
	if why := e.directories.Lost(orElse(domain, i.domain), run.AspectFilters); len(why) > 0 {
		evaluates.unsure = append(evaluates.unsure, reason.New(reason.FilterUnread, "gpo", g.Name, "why", why))
	} else {
		evaluates.broken = append(evaluates.broken, wrongFilter(reason.FilterNotThere, "gpo", g.Name, "filter", id))
	}
	return said
}

// evaluate asks a filter of each Windows in use.
func (e *Evidence) evaluate(l *ledger, i isolation, filter *run.WMIFilter) {
	evaluates := l.of(reason.ClaimEvaluates)
	q, err := wql.ParseFilter(filter.Query)
	if err != nil {
		evaluates.unsure = append(evaluates.unsure, wrongFilter(reason.FilterUnreadable, "filter", filter.Name, "why", reason.Of(err)))
		return
	}
	for _, fault := range q.Faults() {
		l.find(run.Found(fault.With("filter", filter.Name)))
	}
	if errors.Is(q.Err(), wql.ErrCurlyQuotes) {
		evaluates.broken = append(evaluates.broken, wrongFilter(reason.FilterRefused, "filter", filter.Name, "why", reason.Of(q.Err())))
		return
	}
	wrong, unsure := e.filtered(i, filter.Name, q)
	evaluates.broken = append(evaluates.broken, wrong...)
	for _, why := range unsure {
		evaluates.unsure = append(evaluates.unsure, wrongFilter(reason.FilterUnsure, "filter", filter.Name, "why", why))
	}
}

// wrongFilter is a reason about a filter, with the one that is true on clients and
// member servers, as the editor and as the directory have it.
func wrongFilter(code reason.Code, args ...any) reason.Reason {
	query, parm2 := wql.Right()
	return reason.New(code, append(args, "right-query", query, "right-parm2", parm2)...)
}

// filtered lists what Windows in use the filter is false on, each with how many
// run it, and what cannot be told: of the machines that the GPO is for. Without
// computers in the source every Windows that has such rules counts as in use.
func (in *Input) filtered(i isolation, name string, q wql.Filter) (missed, unsure reason.List) {
	f := in.directories.Forest(i.domain)
	if len(f.Lost[run.AspectComputers]) > 0 {
		_, misses, unknown := q.Coverage()
		for _, w := range misses {
			if w.HasRules() && w.Role != wql.Controller && (i.declared.Role != "hosts" || w.Role == wql.MemberServer) {
				missed = append(missed, wrongFilter(reason.FilterFalse, "filter", name, "windows", w))
			}
		}
		if len(unknown) > 0 {
			unsure = append(unsure, q.Evaluate(unknown[0]).Why...)
		}
		return missed, unsure
	}
	counts := map[string]int{}
	var order []string
	if why := in.directories.Lost(i.domain, run.AspectComputers); len(why) > 0 {
		unsure = append(unsure, reason.New(reason.WindowsInUseUnknown, "why", why))
	}
	d := in.directories.Domain(i.domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		n := in.countFor(i.declared.Role, c)
		if c.Controller || c.ReadOnly || !rsop.Capable(c.Machine) || n == 0 {
			continue
		}
		for _, w := range wql.Lookup(c.OS, c.OSVersion, false) {
			switch a := q.Evaluate(w); a.Truth {
			case wql.No:
				if counts[w.String()] == 0 {
					order = append(order, w.String())
				}
				counts[w.String()] += n
			case wql.Unknown:
				unsure = unsure.Add(a.Why...)
			}
		}
	}
	for _, w := range order {
		missed = append(missed, wrongFilter(reason.FilterFalse, "filter", name, "windows", w, "count", counts[w]))
	}
	return missed, unsure
}

// countFor is how many of some computers a GPO of that role is for.
func (in *Input) countFor(role string, c *run.Computers) int {
	clients := len(in.directories.ClientNames(c))
	switch role {
	case "hosts":
		return len(c.Names) - clients
	case "clients":
		return clients
	}
	return len(c.Names)
}
