package gpo

import (
	"cmp"
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/rsop"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// WMIFilter is the check gpo-wmi-filter: the WMI filter can be evaluated, and is true on every Windows in use.
var WMIFilter = check.Check{
	ID:         "gpo-wmi-filter",
	Title:      "the WMI filter can be evaluated, and is true on every Windows in use",
	Section:    "Edit the policy",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-readable"},
	Cells:      check.GPOCells("gpo-wmi-filter"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(filters, reason.ClaimComplete, reason.ClaimEvaluates),
}

// filters evaluates the filter of each GPO.
func filters(e *check.Evidence, l *check.Ledger) {
	i := e.IsolationOf()
	gpos := e.CarriersOf(i)
	known, there := e.There(l, i, gpos)
	if !there {
		return
	}
	l.Intended = reason.One(reason.IntendedFilter)
	for _, g := range gpos {
		l.Conduct = l.Conduct.Add(filter(e, l, i, g)...)
	}
	if known && len(l.Of(reason.ClaimComplete).Void) == 0 {
		l.Of(reason.ClaimEvaluates).Shown(e.Forests())
	}
}

// filter evaluates the filter of one GPO, and says what it has.
func filter(e *check.Evidence, l *check.Ledger, i check.Isolation, g *run.GPO) (said reason.List) {
	if strings.TrimSpace(g.Filter) == "" {
		return reason.One(reason.GPOUnfiltered, "gpo", g.Name)
	}
	if why := e.Directories.Forest(i.Domain).Lost[run.AspectFilters]; len(why) > 0 {
		l.Of(reason.ClaimComplete).GapAt(g.Name, run.Cell{Verdict: run.Skip,
			Reasons: reason.One(reason.FilterNotInSource, "gpo", g.Name, "filter", cmp.Or(g.FilterName, g.Filter), "why", why)})
		return nil
	}
	evaluates := l.Of(reason.ClaimEvaluates)
	said = reason.One(reason.GPOFiltered, "gpo", g.Name)
	domain, id, err := gpo.ParseFilterRef(g.Filter)
	if err != nil {
		evaluates.Broken = append(evaluates.Broken, wrongFilter(reason.FilterReferenceUnreadable, "gpo", g.Name, "why", reason.Of(err)))
		return said
	}
	filter := e.Directories.Filter(cmp.Or(domain, i.Domain), id)
	if filter != nil {
		evaluate(e, l, i, filter)
		return reason.One(reason.GPOFiltered, "gpo", g.Name, "filter", filter.Name)
	}
	if why := e.Directories.Lost(cmp.Or(domain, i.Domain), run.AspectFilters); len(why) > 0 {
		evaluates.Unsure = append(evaluates.Unsure, reason.New(reason.FilterUnread, "gpo", g.Name, "why", why))
	} else {
		evaluates.Broken = append(evaluates.Broken, wrongFilter(reason.FilterNotThere, "gpo", g.Name, "filter", id))
	}
	return said
}

// evaluate asks a filter of each Windows in use.
func evaluate(e *check.Evidence, l *check.Ledger, i check.Isolation, filter *run.WMIFilter) {
	evaluates := l.Of(reason.ClaimEvaluates)
	q, err := wql.ParseFilter(filter.Query)
	if err != nil {
		evaluates.Unsure = append(evaluates.Unsure, wrongFilter(reason.FilterUnreadable, "filter", filter.Name, "why", reason.Of(err)))
		return
	}
	for _, fault := range q.Faults() {
		l.Find(run.Found(fault.With("filter", filter.Name)))
	}
	if errors.Is(q.Err(), wql.ErrCurlyQuotes) {
		evaluates.Broken = append(evaluates.Broken, wrongFilter(reason.FilterRefused, "filter", filter.Name, "why", reason.Of(q.Err())))
		return
	}
	wrong, unsure := filtered(e.Input, i, filter.Name, q)
	evaluates.Broken = append(evaluates.Broken, wrong...)
	for _, why := range unsure {
		evaluates.Unsure = append(evaluates.Unsure, wrongFilter(reason.FilterUnsure, "filter", filter.Name, "why", why))
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
func filtered(in *check.Input, i check.Isolation, name string, q wql.Filter) (missed, unsure reason.List) {
	f := in.Directories.Forest(i.Domain)
	if len(f.Lost[run.AspectComputers]) > 0 {
		_, misses, unknown := q.Coverage()
		for _, w := range misses {
			if w.HasRules() && w.Role != wql.Controller && (i.Declared.Role != "hosts" || w.Role == wql.MemberServer) {
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
	if why := in.Directories.Lost(i.Domain, run.AspectComputers); len(why) > 0 {
		unsure = append(unsure, reason.New(reason.WindowsInUseUnknown, "why", why))
	}
	d := in.Directories.Domain(i.Domain)
	for k := range d.Computers {
		c := &d.Computers[k]
		n := countFor(in, i.Declared.Role, c)
		if c.Controller || c.ReadOnly || !rsop.Capable(c.Machine) || n == 0 {
			continue
		}
		for _, w := range wql.Lookup(c.OS, c.OSVersion, false) {
			switch a := q.Evaluate(w); a.Truth {
			case tri.No:
				if counts[w.String()] == 0 {
					order = append(order, w.String())
				}
				counts[w.String()] += n
			case tri.Unknown:
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
func countFor(in *check.Input, role string, c *run.Computers) int {
	clients := len(in.Directories.ClientNames(c))
	switch role {
	case "hosts":
		return len(c.Names) - clients
	case "clients":
		return clients
	}
	return len(c.Names)
}
