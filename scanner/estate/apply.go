package estate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/gpo/wql"
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
}

// Apply works out which GPOs a machine gets, in the order in which they are
// processed, and why not the others ([MS-GPOL] 3.2.5.1).
func (e *Estate) Apply(s Subject) []Outcome {
	var all []Outcome
	for _, l := range e.Order(s.Container, s.Site) {
		o := Outcome{Linked: l, Domain: gpo.DomainOf(l.Link.DN)}
		o.GPO = e.GPO(o.Domain, l.Link.GPO)
		o.decide(e, s)
		all = append(all, o)
	}
	return all
}

// Reaches says whether the machine gets a GPO if it is linked where it counts.
func (e *Estate) Reaches(s Subject, domain string, g *run.GPO) Outcome {
	o := Outcome{GPO: g, Domain: domain}
	o.decide(e, s)
	return o
}

func (o *Outcome) decide(e *Estate, s Subject) {
	set := func(a Answer, r gpo.Reason, format string, args ...any) {
		o.Applied, o.Reason, o.Why = a, r, fmt.Sprintf(format, args...)
	}
	g := o.GPO
	switch {
	case o.Lost != "":
		set(No, o.LostReason, "%s", o.Lost)
		return
	case g == nil && e.Domain(o.Domain) == nil:
		set(Unknown, gpo.Deleted, "the link at %s leads to domain %s, which was not read", o.Scope, o.Domain)
		return
	case g == nil:
		set(No, gpo.Deleted, "the link at %s leads to %s, and there is no such GPO that the reader may see", o.Scope, o.Link.GPO)
		return
	case g.Flags&2 != 0:
		set(No, gpo.ComputerHalfOff, "its computer settings are disabled")
		return
	case g.Functionality != 0 && g.Functionality != 2:
		set(No, gpo.Functionality, "its gPCFunctionalityVersion is %d, and Windows takes 2 only", g.Functionality)
		return
	}
	if o.security(e, s, set); o.Why != "" {
		return
	}
	if g.Version != nil && g.FileVersion != nil && *g.Version&0xffff == 0 && *g.FileVersion&0xffff == 0 {
		set(No, gpo.Empty, "the versions of its computer half are 0 in the directory and in SYSVOL: Windows takes it for empty")
		return
	}
	if o.filter(e, s, set); o.Why != "" {
		return
	}
	if ok, why := gpo.ReadsRegistry(g.Extensions); !ok {
		set(No, gpo.NoExtension, "%s", why)
		return
	}
	if why := e.SettingsLost(o.Domain, g); why != "" {
		set(Unknown, gpo.SettingsUnknown, "it applies, but its settings could not be read: %s", why)
		return
	}
	o.Applied = Yes
}

type setter func(a Answer, r gpo.Reason, format string, args ...any)

// security asks the GPO's security descriptor: Read first, then Apply.
func (o *Outcome) security(e *Estate, s Subject, set setter) {
	if o.GPO.Security == "" {
		set(Unknown, gpo.NotReadable, "its security descriptor was not read")
		return
	}
	d, err := e.descriptor(o.GPO.Security)
	if err != nil {
		set(Unknown, gpo.NotReadable, "its security descriptor cannot be read: %v", err)
		return
	}
	token := e.Token(s)
	for _, ask := range []struct {
		what       string
		mask       uint32
		object     security.GUID
		no, denied gpo.Reason
	}{
		{"Read", security.ReadProperty, security.GUID{}, gpo.NotReadable, gpo.NotReadable},
		{"Apply Group Policy", security.ControlAccess, security.ApplyGroupPolicyRight, gpo.NotGranted, gpo.Denied},
	} {
		a := d.Check(token, ask.mask, ask.object)
		switch {
		case a.Granted == security.Yes:
			continue
		case a.Granted == security.Unknown:
			set(Unknown, ask.no, "whether it may %s is not known: %s", ask.what, a.Text)
		case a.ACE != nil:
			set(No, ask.denied, "%s is denied to %s", ask.what, a.ACE.Trustee.Name(security.SID(e.sid(o.Domain))))
		default:
			set(No, ask.no, "nothing grants it %s", ask.what)
		}
		return
	}
}

func (e *Estate) sid(domain string) string {
	if d := e.Domain(domain); d != nil {
		return d.SID
	}
	return ""
}

// Token is the list of SIDs that the machine's access token has, as far as
// Group Policy looks at it.
func (e *Estate) Token(s Subject) []security.SID {
	root := ""
	if f := e.Forest(s.Domain); f != nil && len(f.Domains) > 0 {
		root = e.sid(f.Name)
	}
	var own []security.SID
	if s.SID != "" {
		own = append(own, security.SID(s.SID))
	}
	return security.Token(s.Machine, security.SID(e.sid(s.Domain)), security.SID(root), own...)
}

// filter asks the WMI filter. One that is not there is skipped and the GPO
// allowed ([MS-GPOL] 3.2.5.1.7).
func (o *Outcome) filter(e *Estate, s Subject, set setter) {
	if strings.TrimSpace(o.GPO.Filter) == "" {
		return
	}
	domain, id, err := gpo.ParseFilterRef(o.GPO.Filter)
	if err != nil {
		set(Unknown, gpo.WMIFilter, "its reference to a WMI filter cannot be read: %v", err)
		return
	}
	if domain == "" {
		domain = o.Domain
	}
	f := e.Filter(domain, id)
	if f == nil {
		if why := e.Lost(domain, run.AspectFilters); why != "" {
			set(Unknown, gpo.WMIFilter, "it has a WMI filter, which is not known: %s", why)
			return
		}
		o.Notes = append(o.Notes, fmt.Sprintf("its WMI filter %s is not there or not readable: Windows skips the evaluation and applies the GPO", id))
		return
	}
	query, err := e.query(f.Query)
	if err == nil && errors.Is(query.Err(), wql.ErrCurlyQuotes) {
		err = query.Err()
	}
	if err != nil {
		set(No, gpo.WMIError, "WMI cannot evaluate its filter %q: %v", f.Name, err)
		return
	}
	rows := wql.Lookup(s.OS, s.OSVersion, s.Controller || s.ReadOnly)
	if len(rows) == 0 {
		set(Unknown, gpo.WMIFilter, "it has the WMI filter %q, and what Windows the machine runs is not known (%s %s)", f.Name, s.OS, s.OSVersion)
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
		set(No, gpo.WMIFilter, "its WMI filter %q is false on %s", f.Name, rows[0].Name)
	case yes < len(rows):
		if unsure == "" {
			unsure = "the account's operating system may be one of several"
		}
		set(Unknown, gpo.WMIFilter, "whether its WMI filter %q is true there is not known: %s", f.Name, unsure)
	}
}
