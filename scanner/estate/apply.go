package estate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Answer to whether a machine gets a GPO. What is not known is never a no.
type Answer int

// The answers.
const (
	No Answer = iota
	Unknown
	Yes
)

// Outcome is what becomes of one linked GPO at one machine.
type Outcome struct {
	gpo.Linked
	GPO     *run.GPO // nil where there is none
	Domain  string   // of the GPO
	Applied Answer
	Reason  gpo.Reason // "" with Yes
	Why     string     // one sentence without a full stop; "" with Yes
	// Notes are what a reader should know of a GPO that applies.
	Notes []string
}

// Subject is a machine as Group Policy sees it.
type Subject struct {
	run.Machine
	Domain string // DNS name of the account's domain
	SID    string // of the account; "" where it stands for many
	Site   *run.Container

	token []security.SID // that of [Estate.Token], where it is known already
}

// Apply works out which GPOs a machine gets, in the order in which they are
// processed, and why not the others ([MS-GPOL] 3.2.5.1). Where its site is not
// known, the GPOs of every site are among them, with an unknown answer.
func (e *Estate) Apply(s Subject) []Outcome {
	s.token = e.Token(s)
	all := e.elsewhere(s)
	for _, l := range e.Order(s.Container, s.Site) {
		all = append(all, e.outcome(s, l))
	}
	return all
}

func (e *Estate) outcome(s Subject, l gpo.Linked) Outcome {
	to := e.target(l.Link)
	o := Outcome{Linked: l, Domain: to.domain, GPO: to.gpo}
	o.decide(e, s)
	return o
}

// elsewhere are the GPOs that are linked to some site, for a machine whose site
// is not known.
func (e *Estate) elsewhere(s Subject) []Outcome {
	f := e.Forest(s.Domain)
	if s.Site != nil || f == nil {
		return nil
	}
	var all []Outcome
	for i := range f.Sites {
		site := &f.Sites[i]
		if len(site.Links) == 0 {
			continue
		}
		for _, l := range e.Order(s.Container, &site.Container) {
			if l.Scope != site.DN {
				continue
			}
			o := e.outcome(s, l)
			if o.Applied == Yes {
				o.Applied, o.Reason = Unknown, gpo.SiteUnknown
				o.Why = fmt.Sprintf("it is linked to site %s, and the machine's site is not known", site.Name)
			}
			all = append(all, o)
		}
	}
	return all
}

// Reaches says whether the machine gets a GPO if it is linked where it counts.
func (e *Estate) Reaches(s Subject, g *run.GPO) Outcome {
	o := Outcome{GPO: g, Domain: e.Home(g)}
	o.decide(e, s)
	return o
}

func (o *Outcome) set(a Answer, r gpo.Reason, format string, args ...any) {
	o.Applied, o.Reason, o.Why = a, r, fmt.Sprintf(format, args...)
}

func (o *Outcome) decide(e *Estate, s Subject) {
	if o.Lost != "" {
		o.set(No, o.LostReason, "%s", o.Lost)
		return
	}
	if o.GPO == nil {
		o.notThere(e)
		return
	}
	if e.Forest(o.Domain) != e.Forest(s.Domain) {
		o.set(Unknown, gpo.Deleted, "the link at %s leads to another forest (%s), which Windows does not provide for", o.Scope, o.Domain)
		return
	}
	for _, p := range o.GPO.Problems {
		if p.Aspect == run.AspectGPOs {
			o.set(Unknown, gpo.NotReadable, "what it is could not be read: %s: %s", p.Where, catalog.Text(p.Why))
			return
		}
	}
	// What is not known of one step is settled by a no of a later one.
	first := Outcome{Applied: Yes}
	for _, step := range steps {
		o.Applied, o.Reason, o.Why = Yes, "", ""
		step(o, e, s)
		if o.Applied == No {
			return
		}
		if first.Applied == Yes {
			first = *o
		}
	}
	o.Applied, o.Reason, o.Why = first.Applied, first.Reason, first.Why
}

// steps are what Windows asks before it applies a GPO, in its order.
var steps = []func(*Outcome, *Estate, Subject){
	(*Outcome).container, (*Outcome).security, (*Outcome).versions, (*Outcome).filter, (*Outcome).extensions, (*Outcome).settings,
}

// notThere is the outcome of a link that leads to no GPO that was read.
func (o *Outcome) notThere(e *Estate) {
	switch why := e.Lost(o.Domain, run.AspectGPOs); {
	case e.Domain(o.Domain) == nil:
		o.set(Unknown, gpo.Deleted, "the link at %s leads to domain %s, which was not read", o.Scope, o.Domain)
	case why != "":
		o.set(Unknown, gpo.Deleted, "the link at %s leads to %s, and the GPOs of %s could not all be read: %s", o.Scope, o.Link.GPO, o.Domain, why)
	default:
		o.set(No, gpo.Deleted, "the link at %s leads to %s, and there is no such GPO that the reader may see", o.Scope, o.Link.GPO)
	}
}

// container looks at what the GPO's container says to every machine.
func (o *Outcome) container(*Estate, Subject) {
	g := o.GPO
	switch {
	case g.Flags&2 != 0:
		o.set(No, gpo.ComputerHalfOff, "its computer settings are disabled")
	case g.Functionality == 0:
		o.set(Unknown, gpo.Functionality, "it has no gPCFunctionalityVersion, and Windows takes 2 only")
	case g.Functionality != 2:
		o.set(No, gpo.Functionality, "its gPCFunctionalityVersion is %d, and Windows takes 2 only", g.Functionality)
	}
}

// versions looks for the mark of an empty GPO ([MS-GPOL] 3.2.5.1.6).
func (o *Outcome) versions(*Estate, Subject) {
	g := o.GPO
	if g.Version != nil && g.FileVersion != nil && *g.Version&0xffff == 0 && *g.FileVersion&0xffff == 0 {
		o.set(No, gpo.Empty, "the versions of its computer half are 0 in the directory and in SYSVOL: Windows takes it for empty")
	}
}

// extensions asks whether the registry extension carries the GPO out.
func (o *Outcome) extensions(e *Estate, _ Subject) {
	switch r := e.readsRegistry(o.GPO.Extensions); {
	case r.err != nil:
		o.set(Unknown, gpo.NoExtension, "%v", r.err)
	case !r.ok:
		o.set(No, gpo.NoExtension, "%s", r.why)
	}
}

// settings asks whether its files are known.
func (o *Outcome) settings(e *Estate, _ Subject) {
	if why := e.SettingsLost(o.Domain, o.GPO); why != "" {
		o.set(Unknown, gpo.SettingsUnknown, "it applies, but its settings could not be read: %s", why)
	}
}

// filter asks the WMI filter. One that is not there is skipped and the GPO
// allowed ([MS-GPOL] 3.2.5.1.7).
func (o *Outcome) filter(e *Estate, s Subject) {
	if strings.TrimSpace(o.GPO.Filter) == "" {
		return
	}
	domain, id, err := gpo.ParseFilterRef(o.GPO.Filter)
	if err != nil {
		o.set(Unknown, gpo.WMIFilter, "its reference to a WMI filter cannot be read: %v", err)
		return
	}
	if domain == "" {
		domain = o.Domain
	}
	f := e.Filter(domain, id)
	if f == nil {
		if why := e.Lost(domain, run.AspectFilters); why != "" {
			o.set(Unknown, gpo.WMIFilter, "it has a WMI filter, which is not known: %s", why)
			return
		}
		o.Notes = append(o.Notes, fmt.Sprintf("its WMI filter %s is not there or not readable: Windows skips the evaluation and applies the GPO", id))
		return
	}
	remember(o, &e.filtered, evaluation{f, systemOf(s.Machine)}, func() { o.evaluate(e, s, f) })
}

// evaluate asks a WMI filter that is there.
func (o *Outcome) evaluate(e *Estate, s Subject, f *run.WMIFilter) {
	query, err := e.query(f.Query)
	switch {
	case err != nil: // the layout is not documented
		o.set(Unknown, gpo.WMIFilter, "its WMI filter %q cannot be read: %v", f.Name, err)
		return
	case errors.Is(query.Err(), wql.ErrCurlyQuotes):
		o.set(No, gpo.WMIError, "WMI cannot evaluate its filter %q: %v", f.Name, query.Err())
		return
	}
	rows := e.runs(s.Machine)
	if len(rows) == 0 {
		o.set(Unknown, gpo.WMIFilter, "it has the WMI filter %q, and what Windows the machine runs is not known (%s %s)", f.Name, s.OS, s.OSVersion)
		return
	}
	yes, no := 0, 0
	var unsure string
	for _, w := range rows {
		switch a := query.Evaluate(w); a.Truth {
		case wql.Yes:
			yes++
		case wql.No:
			no++
		default:
			unsure = a.Reason
		}
	}
	switch {
	case no == len(rows):
		o.set(No, gpo.WMIFilter, "its WMI filter %q is false on %s", f.Name, rows[0].Name)
	case yes < len(rows):
		if unsure == "" {
			unsure = "the account's operating system may be one of several"
		}
		o.set(Unknown, gpo.WMIFilter, "whether its WMI filter %q is true there is not known: %s", f.Name, unsure)
	}
}
