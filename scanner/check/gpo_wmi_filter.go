package check

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason"
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
	Needs:      directoryNeeds,
	Judge:      judgeWMIFilter,
}

func judgeWMIFilter(in *Input) run.Cell {
	i := in.isolation()
	gpos := in.carriers(i)
	f := fold{intended: reason.One(reason.IntendedFilter)}
	if !f.there(in, i, gpos) {
		return f.cell()
	}
	var said reason.List
	for _, g := range gpos {
		said = said.Add(in.judgeFilter(i, g, &f)...)
	}
	f.conduct = said
	return f.passing()
}

// judgeFilter judges the filter of one GPO, and says what it has.
func (in *Input) judgeFilter(i isolation, g *run.GPO, f *fold) (said reason.List) {
	if strings.TrimSpace(g.Filter) == "" {
		return reason.One(reason.GPOUnfiltered, "gpo", g.Name)
	}
	if why := in.directories.Forest(i.domain).Lost[run.AspectFilters]; len(why) > 0 {
		f.add(part{label: g.Name, verdict: run.Skip, unseen: true,
			why: reason.One(reason.FilterNotInSource, "gpo", g.Name, "filter", orElse(g.FilterName, g.Filter), "why", why)})
		return nil
	}
	said = reason.One(reason.GPOFiltered, "gpo", g.Name)
	domain, id, err := gpo.ParseFilterRef(g.Filter)
	if err != nil {
		f.all(run.Fail, reason.List{wrongFilter(reason.FilterReferenceUnreadable, "gpo", g.Name, "why", reason.Of(err))})
		return said
	}
	filter := in.directories.Filter(orElse(domain, i.domain), id)
	if filter == nil {
		if why := in.directories.Lost(orElse(domain, i.domain), run.AspectFilters); len(why) > 0 {
			f.all(run.Inconclusive, reason.One(reason.FilterUnread, "gpo", g.Name, "why", why))
		} else {
			f.all(run.Fail, reason.List{wrongFilter(reason.FilterNotThere, "gpo", g.Name, "filter", id)})
		}
		return said
	}
	said = reason.One(reason.GPOFiltered, "gpo", g.Name, "filter", filter.Name)
	q, err := wql.ParseFilter(filter.Query)
	if err != nil {
		f.all(run.Inconclusive, reason.List{wrongFilter(reason.FilterUnreadable, "filter", filter.Name, "why", reason.Of(err))})
		return said
	}
	for _, fault := range q.Faults() {
		f.find(run.Found(fault.With("filter", filter.Name)))
	}
	if errors.Is(q.Err(), wql.ErrCurlyQuotes) {
		f.all(run.Fail, reason.List{wrongFilter(reason.FilterRefused, "filter", filter.Name, "why", reason.Of(q.Err()))})
		return said
	}
	wrong, unsure := in.filtered(i, filter.Name, q)
	f.all(run.Fail, wrong)
	for _, why := range unsure {
		f.all(run.Inconclusive, reason.List{wrongFilter(reason.FilterUnsure, "filter", filter.Name, "why", why)})
	}
	return said
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
		if c.Controller || c.ReadOnly || !estate.Capable(c.Machine) || n == 0 {
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
