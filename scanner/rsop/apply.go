package rsop

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Outcome is what becomes of one linked GPO at one machine.
type Outcome struct {
	gpo.Linked
	GPO     *run.GPO // nil where there is none
	Domain  string   // of the GPO
	Applied tri.State
	Why     reason.List // why not, or not surely; none with Yes
	// Notes are what a reader should know of a GPO that applies.
	Notes reason.List
}

// Subject is a machine as Group Policy sees it.
type Subject struct {
	run.Machine
	Domain string // DNS name of the account's domain
	SID    string // of the account; "" where it stands for many
	Site   *run.Container

	token []security.SID // that of [Directories.Token], where it is known already
}

// Apply works out which GPOs a machine gets, in the order in which they are
// processed, and why not the others ([MS-GPOL] 3.2.5.1). Where its site is not
// known, the GPOs of every site are among them, with an unknown answer.
func (e *Directories) Apply(s Subject) []Outcome {
	s.token = e.Token(s)
	all := e.elsewhere(s)
	for _, l := range e.Order(s.Container, s.Site) {
		all = append(all, e.outcome(s, l))
	}
	return all
}

func (e *Directories) outcome(s Subject, l gpo.Linked) Outcome {
	to := e.target(l.Link)
	o := Outcome{Linked: l, Domain: to.domain, GPO: to.gpo}
	o.decide(e, s)
	return o
}

// elsewhere are the GPOs that are linked to some site, for a machine whose site
// is not known.
func (e *Directories) elsewhere(s Subject) []Outcome {
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
			if o.Applied == tri.Yes {
				o.set(tri.Unknown, reason.SiteUnknown, "site", site.Name)
			}
			all = append(all, o)
		}
	}
	return all
}

// Reaches says whether the machine gets a GPO if it is linked where it counts.
func (e *Directories) Reaches(s Subject, g *run.GPO) Outcome {
	o := Outcome{GPO: g, Domain: e.Home(g)}
	o.decide(e, s)
	return o
}

func (o *Outcome) set(a tri.State, code reason.Code, args ...any) {
	o.Applied, o.Why = a, reason.One(code, args...)
}

func (o *Outcome) decide(e *Directories, s Subject) {
	if len(o.Lost) > 0 {
		o.Applied, o.Why = tri.No, o.Lost
		return
	}
	if o.GPO == nil {
		o.notThere(e)
		return
	}
	if e.Forest(o.Domain) != e.Forest(s.Domain) {
		o.set(tri.Unknown, reason.LinkOutOfForest, "container", o.Scope, "domain", o.Domain)
		return
	}
	for _, p := range o.GPO.Problems {
		if p.Aspect == run.AspectGPOs {
			o.set(tri.Unknown, reason.ObjectUnread, "why", p.Reason())
			return
		}
	}
	// What is not known of one step is settled by a no of a later one.
	first := Outcome{Applied: tri.Yes}
	for _, step := range steps {
		o.Applied, o.Why = tri.Yes, nil
		step(o, e, s)
		if o.Applied == tri.No {
			return
		}
		if first.Applied == tri.Yes {
			first = *o
		}
	}
	o.Applied, o.Why = first.Applied, first.Why
}

// steps are what Windows asks before it applies a GPO, in its order.
var steps = []func(*Outcome, *Directories, Subject){
	(*Outcome).container, (*Outcome).security, (*Outcome).versions, (*Outcome).filter, (*Outcome).extensions, (*Outcome).settings,
}

// notThere is the outcome of a link that leads to no GPO that was read.
func (o *Outcome) notThere(e *Directories) {
	switch why := e.Lost(o.Domain, run.AspectGPOs); {
	case e.Domain(o.Domain) == nil:
		o.set(tri.Unknown, reason.LinkToUnread, "container", o.Scope, "domain", o.Domain)
	case len(why) > 0:
		o.set(tri.Unknown, reason.LinkToLost, "container", o.Scope, "gpo", o.Link.GPO, "domain", o.Domain, "why", why)
	default:
		o.set(tri.No, reason.LinkToNothing, "container", o.Scope, "gpo", o.Link.GPO)
	}
}

// container looks at what the GPO's container says to every machine.
func (o *Outcome) container(*Directories, Subject) {
	g := o.GPO
	switch {
	case g.Flags&2 != 0:
		o.set(tri.No, reason.ComputerHalfOff)
	case g.Functionality == 0:
		o.set(tri.Unknown, reason.FunctionalityMissing)
	case g.Functionality != 2:
		o.set(tri.No, reason.FunctionalityOther, "version", g.Functionality)
	}
}

// versions looks for the mark of an empty GPO ([MS-GPOL] 3.2.5.1.6).
func (o *Outcome) versions(*Directories, Subject) {
	g := o.GPO
	if g.Version != nil && g.FileVersion != nil && *g.Version&0xffff == 0 && *g.FileVersion&0xffff == 0 {
		o.set(tri.No, reason.VersionsZero)
	}
}

// extensions asks whether the registry extension carries the GPO out.
func (o *Outcome) extensions(e *Directories, _ Subject) {
	switch r := e.readsRegistry(o.GPO.Extensions); {
	case r.err != nil:
		o.Applied, o.Why = tri.Unknown, reason.Of(r.err)
	case !r.ok:
		o.Applied, o.Why = tri.No, r.why
	}
}

// settings asks whether its files are known.
func (o *Outcome) settings(e *Directories, _ Subject) {
	if why := e.SettingsLost(o.Domain, o.GPO); len(why) > 0 {
		o.set(tri.Unknown, reason.SettingsNotRead, "why", why)
	}
}

// filter asks the WMI filter. One that is not there is skipped and the GPO
// allowed ([MS-GPOL] 3.2.5.1.7).
func (o *Outcome) filter(e *Directories, s Subject) {
	if strings.TrimSpace(o.GPO.Filter) == "" {
		return
	}
	domain, id, err := gpo.ParseFilterRef(o.GPO.Filter)
	if err != nil {
		o.set(tri.Unknown, reason.WMIReference, "why", reason.Of(err))
		return
	}
	if domain == "" {
		domain = o.Domain
	}
	f := e.Filter(domain, id)
	if f == nil {
		if why := e.Lost(domain, run.AspectFilters); len(why) > 0 {
			o.set(tri.Unknown, reason.WMINotRead, "why", why)
			return
		}
		o.Notes = append(o.Notes, reason.New(reason.WMINotThere, "filter-id", id))
		return
	}
	remember(o, &e.filtered, evaluation{f, systemOf(s.Machine)}, func() { o.evaluate(e, s, f) })
}

// evaluate asks a WMI filter that is there.
func (o *Outcome) evaluate(e *Directories, s Subject, f *run.WMIFilter) {
	query, err := e.query(f.Query)
	switch {
	case err != nil: // the layout is not documented
		o.set(tri.Unknown, reason.WMINoList, "filter", f.Name, "why", reason.Of(err))
		return
	case errors.Is(query.Err(), wql.ErrCurlyQuotes):
		o.set(tri.No, reason.WMIRefused, "filter", f.Name, "why", reason.Of(query.Err()))
		return
	}
	rows := e.runs(s.Machine)
	if len(rows) == 0 {
		o.set(tri.Unknown, reason.WMIOnUnknown, "filter", f.Name, "os", s.OS, "version", s.OSVersion)
		return
	}
	yes, no := 0, 0
	var unsure reason.List
	for _, w := range rows {
		switch a := query.Evaluate(w); a.Truth {
		case tri.Yes:
			yes++
		case tri.No:
			no++
		default:
			unsure = a.Why
		}
	}
	switch {
	case no == len(rows):
		o.set(tri.No, reason.WMIFalse, "filter", f.Name, "windows", rows[0].Name)
	case yes < len(rows):
		if unsure == nil {
			unsure = reason.One(reason.SystemAmbiguous)
		}
		o.set(tri.Unknown, reason.WMIUnsure, "filter", f.Name, "why", unsure)
	}
}
