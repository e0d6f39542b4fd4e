package wql

import (
	"errors"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Faults says what is wrong with the filter of a GPO that is for every client
// and member server with connection security rules, and for no domain
// controller, or is worth knowing of it. Orders and precedence are faults only
// where they change which Windows the filter lets through.
func (f Filter) Faults() reason.List {
	var out reason.List
	for i, q := range f.Queries {
		switch {
		case errors.Is(q.err, ErrCurlyQuotes):
			out = append(out, fault(reason.FilterCurlyQuotes, "ordinal", i+1, "words", q.excerpt())...)
		case q.err != nil:
			out = append(out, fault(reason.FilterNotUnderstood, "ordinal", i+1, "words", q.excerpt(), "why", reason.Of(q.err))...)
		}
	}
	out = append(out, f.misordered(reason.FilterVersionOrder, "Version")...)
	out = append(out, f.misordered(reason.FilterBuildOrder, "BuildNumber")...)
	for i, q := range f.Queries {
		out = append(out, q.precedence(i+1)...)
	}
	return append(out, f.scope()...)
}

// fault is something about a filter, with a query that is right.
func fault(code reason.Code, args ...any) reason.List {
	query, _ := Right()
	return reason.One(code, append(args, "right-query", query)...)
}

// excerpt is the text of the query, as much of it as a sentence takes.
func (q Query) excerpt() string { return clipTo(q.Text, 200) }

// misordered compares the filter with what it would be if a property were
// ordered as a number.
func (f Filter) misordered(code reason.Code, name string) reason.List {
	asked := false
	for _, q := range f.Queries {
		each(q.where.expr, func(c comparison) {
			asked = asked || c.property.name == name && strings.ContainsAny(c.operator[:1], "<>") && c.operator != "<>"
		})
	}
	if !asked {
		return nil
	}
	var lost, gained []Windows
	for _, w := range table() {
		if !w.HasRules() {
			continue
		}
		really := f.evaluate(machine{Windows: w}).truth
		meant := f.evaluate(machine{w, name}).truth
		switch {
		case really == tri.No && meant == tri.Yes:
			lost = append(lost, w)
		case really == tri.Yes && meant == tri.No:
			gained = append(gained, w)
		}
	}
	if lost == nil && gained == nil {
		return nil
	}
	return fault(code, "lost", list(lost), "gained", list(gained))
}

// scope says whom the filter lets through and keeps out, beside what it is for.
func (f Filter) scope() (out reason.List) {
	var controllers, excluded []Windows
	for _, w := range table() {
		truth := f.evaluate(machine{Windows: w}).truth
		switch {
		case !w.HasRules():
		case w.Role == Controller && truth == tri.Yes:
			controllers = append(controllers, w)
		case w.Role != Controller && truth == tri.No:
			excluded = append(excluded, w)
		}
	}
	if controllers != nil {
		out = fault(reason.FilterControllers, "gained", list(controllers))
	}
	if excluded != nil {
		out = append(out, fault(reason.FilterExcluded, "lost", list(excluded))...)
	}
	return out
}

// list names some Windows by role.
func list(windows []Windows) reason.List {
	var out reason.List
	for _, role := range []Role{Client, MemberServer, Controller} {
		out = append(out, runs(windows, role)...)
	}
	return out
}

// runs names those of the Windows that have a role: all of that role at once, or
// neighbours in the table by the first and the last of them.
func runs(windows []Windows, role Role) reason.List {
	var first, last []string
	open, every := false, true
	for _, w := range table() {
		switch {
		case w.Role != role || !w.HasRules():
			continue
		case !slices.Contains(windows, w):
			open, every = false, false
			continue
		case !open:
			first, last = append(first, w.Name), append(last, w.Name)
		default:
			last[len(last)-1] = w.Name
		}
		open = true
	}
	switch {
	case first == nil:
		return nil
	case every:
		return reason.One(reason.WindowsOfEveryRole, "role", role)
	}
	return reason.One(reason.WindowsOfRole, "role", role, "first", first, "last", last)
}
