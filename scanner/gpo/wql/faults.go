package wql

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fault is something that is wrong with a filter, or worth knowing.
type Fault struct {
	ID     string
	Text   string // one sentence or more, without a full stop
	Remedy string // what to do; "" where there is nothing to do
	// Confirmed says how it is known: spec; "" where it says what is not known.
	Confirmed string
	// Information says that it is no fault by itself.
	Information bool
}

// The faults.
const (
	FaultCurlyQuotes   = "wmi-curly-quotes"       // the query does not parse
	FaultNotUnderstood = "wmi-not-understood"     // kmsiso cannot tell what it does
	FaultVersionOrder  = "wmi-version-order"      // versions are compared as text
	FaultBuildOrder    = "wmi-build-order"        // build numbers are compared as text
	FaultPrecedence    = "wmi-precedence"         // AND binds tighter than OR
	FaultControllers   = "wmi-domain-controllers" // it lets domain controllers through
	FaultExcluded      = "wmi-excluded"           // it keeps out clients or member servers
)

// Faults says what is wrong with the filter of a GPO that is for every client
// and member server with connection security rules, and for no domain
// controller. Orders and precedence are faults only where they change which
// Windows the filter lets through.
func (f Filter) Faults() []Fault {
	var out []Fault
	for i, q := range f.Queries {
		if q.err != nil {
			out = append(out, q.broken(i+1))
		}
	}
	for _, order := range []orderFault{versionOrder, buildOrder} {
		if fault, ok := f.misordered(order); ok {
			out = append(out, fault)
		}
	}
	for i, q := range f.Queries {
		if fault, ok := q.precedence(i + 1); ok {
			out = append(out, fault)
		}
	}
	return append(out, f.scope()...)
}

func remedy() string {
	query, _ := Right()
	return "GPMC, WMI Filters, Edit: " + query
}

// broken is the fault of a query that was not understood.
func (q Query) broken(ordinal int) Fault {
	if errors.Is(q.err, ErrCurlyQuotes) {
		return Fault{
			ID: FaultCurlyQuotes,
			Text: fmt.Sprintf("query %d has typographic quotes (%s), as the paper's own text has: in WQL a string stands in \" or ', "+
				"so WMI refuses the query (WBEM_E_INVALID_QUERY, [MS-WMI] 2.2.1.1, 3.1.4.3.18). To Group Policy that is a local error "+
				"of the evaluation, which ends policy application ([MS-GPOL] 3.2.5.1.7): no Windows gets the GPO. A filter that is "+
				"missing would be skipped and the GPO allowed", ordinal, q.excerpt()),
			Remedy:    remedy(),
			Confirmed: "spec",
		}
	}
	return Fault{
		ID:     FaultNotUnderstood,
		Text:   fmt.Sprintf("query %d (%s): %s, so it is not known which Windows it lets through", ordinal, q.excerpt(), q.err),
		Remedy: "run it on each Windows with Get-CimInstance -Query, or in its place: " + remedy(),
	}
}

// excerpt quotes the text of the query, as much of it as a sentence takes.
func (q Query) excerpt() string { return clipTo(q.Text, 200) }

// orderFault is a property that people compare as a number.
type orderFault struct {
	id, property, known string
}

var (
	versionOrder = orderFault{FaultVersionOrder, "Version",
		"[MS-WMI] 2.2.1.1 makes a comparison with a string constant a lexicographic one, and Version is a string; Microsoft states " +
			"the consequence for BuildNumber, numerals without quotes included (KB3119213), for Version it is inferred from both. The " +
			"paper's own text has Version >= '6'"}
	buildOrder = orderFault{FaultBuildOrder, "BuildNumber",
		"BuildNumber is a string, and Microsoft states that 10*** therefore is less than 9600 (KB3119213)"}
)

// misordered compares the filter with what it would be if a property were
// ordered as a number.
func (f Filter) misordered(order orderFault) (Fault, bool) {
	asked := false
	for _, q := range f.Queries {
		each(q.where.expr, func(c comparison) {
			asked = asked || c.property.name == order.property && strings.ContainsAny(c.operator[:1], "<>") && c.operator != "<>"
		})
	}
	if !asked {
		return Fault{}, false
	}
	var lost, gained []Windows
	for _, w := range table() {
		if !w.HasRules() {
			continue
		}
		really := f.evaluate(machine{Windows: w}).truth
		meant := f.evaluate(machine{w, order.property}).truth
		switch {
		case really == No && meant == Yes:
			lost = append(lost, w)
		case really == Yes && meant == No:
			gained = append(gained, w)
		}
	}
	if lost == nil && gained == nil {
		return Fault{}, false
	}
	var effects []string
	if lost != nil {
		effects = append(effects, "it keeps out "+list(lost))
	}
	if gained != nil {
		effects = append(effects, "it lets through "+list(gained))
	}
	return Fault{
		ID: order.id,
		Text: fmt.Sprintf("the filter compares %s as if it were a number, but WMI compares text, in which 10 is before 6: %s. %s",
			order.property, strings.Join(effects, "; "), order.known),
		Remedy:    remedy(),
		Confirmed: "spec",
	}, true
}

// scope says whom the filter lets through and keeps out, beside what it is for.
func (f Filter) scope() []Fault {
	var controllers, excluded []Windows
	for _, w := range table() {
		truth := f.evaluate(machine{Windows: w}).truth
		switch {
		case !w.HasRules():
		case w.Role == Controller && truth == Yes:
			controllers = append(controllers, w)
		case w.Role != Controller && truth == No:
			excluded = append(excluded, w)
		}
	}
	var out []Fault
	if controllers != nil {
		out = append(out, Fault{
			ID: FaultControllers,
			Text: fmt.Sprintf("the filter lets through %s; the paper keeps domain controllers out by a Deny for Enterprise Domain "+
				"Controllers instead, which does not cover read-only ones", list(controllers)),
			Remedy:      remedy(),
			Confirmed:   "spec",
			Information: true,
		})
	}
	if excluded != nil {
		out = append(out, Fault{
			ID:          FaultExcluded,
			Text:        "the filter keeps out " + list(excluded),
			Remedy:      remedy(),
			Confirmed:   "spec",
			Information: true,
		})
	}
	return out
}

// list names some Windows by role: all of a role in two words, else their runs.
func list(windows []Windows) string {
	var out []string
	for _, role := range []Role{Client, MemberServer, Controller} {
		if named := runs(windows, role); named != "" {
			out = append(out, named)
		}
	}
	return strings.Join(out, "; ")
}

// runs names those of the Windows that have a role, neighbours in the table by
// the first and the last of them.
func runs(windows []Windows, role Role) string {
	var names []string
	var run []Windows
	end := func() {
		switch len(run) {
		case 0:
		case 1:
			names = append(names, run[0].Name)
		default:
			names = append(names, run[0].Name+" to "+run[len(run)-1].Name)
		}
		run = nil
	}
	every := true
	for _, w := range table() {
		switch {
		case w.Role != role || !w.HasRules():
		case slices.Contains(windows, w):
			run = append(run, w)
		default:
			every = false
			end()
		}
	}
	end()
	switch {
	case names == nil:
		return ""
	case every:
		return fmt.Sprintf("every %s", role)
	}
	return fmt.Sprintf("%s as %s", strings.Join(names, ", "), role)
}
