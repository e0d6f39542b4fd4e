package gpo

import (
	"fmt"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Exists is the check gpo-exists: the isolation GPO is there, its computer half is on, and Windows will read its settings.
var Exists = check.Check{
	ID:         "gpo-exists",
	Title:      "the isolation GPO is there, its computer half is on, and Windows will read its settings",
	Section:    "Create a GPO",
	Confirmed:  "spec",
	Configured: true,
	Cells:      check.GPOCells("gpo-exists"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(exists, reason.ClaimComplete, reason.ClaimPresent, reason.ClaimTakesEffect),
}

// exists looks for the GPOs of an isolation, and at each of them.
func exists(e *check.Evidence, l *check.Ledger) {
	i := e.IsolationOf()
	about := reason.List{i.About(reason.IntendedGPO, "domain", i.Domain)}
	gpos := e.CarriersOf(i)
	if len(gpos) == 0 {
		l.Intended = about
		absent(e, l, i)
		return
	}
	l.Of(reason.ClaimComplete).Shown(e.Forests())
	l.Of(reason.ClaimPresent).Shown(e.Forests())
	var names []string
	for _, g := range gpos {
		names = append(names, fmt.Sprintf("%q %s", g.Name, g.ID))
		effective(e, l, g)
	}
	l.Intended, l.Conduct = about, reason.One(reason.GPOsThere, "gpos", names)
}

// absent enters that no GPO carries an isolation, or that none is seen.
func absent(e *check.Evidence, l *check.Ledger, i check.Isolation) {
	if !e.Complete(l, i.Domain, run.AspectGPOs) {
		return
	}
	present := l.Of(reason.ClaimPresent)
	if hidden := hiddenIn(e.Input, i.Domain); len(hidden) > 0 {
		present.Failed = reason.List{i.About(reason.GPOMaybeHidden, "domain", i.Domain, "hidden", hidden)}
		return
	}
	present.Broken = reason.List{whyNone(e.Input, i)}
}

// effective enters whether Windows will read a GPO.
func effective(e *check.Evidence, l *check.Ledger, g *run.GPO) {
	home, complete, effect := e.Directories.Home(g), l.Of(reason.ClaimComplete), l.Of(reason.ClaimTakesEffect)
	lost, failed := settingsLost(e.Input, home, g)
	if failed {
		complete.Failed = complete.Failed.Add(lost...)
	} else {
		effect.Broken = effect.Broken.Add(lost...)
	}
	if hidden := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectGPOs }); hidden >= 0 {
		complete.Failed = complete.Failed.Add(aboutGPO(e.Input, g, reason.GPOUnread, "why", g.Problems[hidden].Reason()))
		return
	}
	wrong, unread := whyNoEffect(e.Input, home, g)
	effect.Broken, effect.Failed = effect.Broken.Add(wrong...), effect.Failed.Add(unread...)
	effect.Shown(e.Forests())
}

// hiddenIn lists the GPOs of a domain that the reader sees and may not read.
func hiddenIn(in *check.Input, domain string) []string {
	var hidden []string
	d := in.Directories.Domain(domain)
	for k := range d.GPOs {
		for _, p := range d.GPOs[k].Problems {
			if p.Aspect == run.AspectGPOs && p.Refused {
				hidden = append(hidden, d.GPOs[k].ID)
			}
		}
	}
	return hidden
}

// whyNone says that nothing carries an isolation, in the terms of the source.
func whyNone(in *check.Input, i check.Isolation) reason.Reason {
	f := in.Directories.Forest(i.Domain)
	declared := i.Declared.Name != "" || i.Declared.ID != ""
	var others []string
	for _, g := range in.Directories.Domain(i.Domain).GPOs {
		others = append(others, g.Name)
	}
	switch {
	case f.IsCopy() && declared:
		return i.About(reason.GPONotInBackup, "source", f.Source, "others", others, "domain", i.Domain)
	case f.IsCopy():
		return reason.New(reason.NoIsolationInBackup, "source", f.Source, "others", others, "domain", i.Domain)
	case declared:
		return i.About(reason.GPONotInDomain, "domain", i.Domain)
	}
	return reason.New(reason.NoIsolationInDomain, "domain", i.Domain)
}

// aboutGPO is a reason about a GPO. It says what kind of source told of it, since
// what there is to do depends on that.
func aboutGPO(in *check.Input, g *run.GPO, code reason.Code, args ...any) reason.Reason {
	home := in.Directories.Home(g)
	return reason.New(code, append([]any{"gpo", g.Name, "gpo-id", g.ID, "home", home, "source", in.Directories.Forest(home).Kind}, args...)...)
}

// settingsLost says why the settings of a GPO are not known, and whether it is
// the reading that failed: damage to a copy of the GPO, as a backup is one, says
// nothing of the GPO either.
func settingsLost(in *check.Input, domain string, g *run.GPO) (why reason.List, failed bool) {
	lost := in.Directories.SettingsLost(domain, g)
	if len(lost) == 0 {
		return nil, false
	}
	own := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectSettings })
	failed = in.Directories.Forest(domain).IsCopy() || own < 0 || g.Problems[own].Unread || g.Problems[own].Refused
	code := reason.SettingsDamaged
	if failed {
		code = reason.SettingsUnread
	}
	return reason.List{aboutGPO(in, g, code, "why", lost)}, failed
}

// whyNoEffect says what keeps a GPO from having any effect on any computer, and
// what may.
func whyNoEffect(in *check.Input, domain string, g *run.GPO) (wrong, vague reason.List) {
	say := func(code reason.Code, args ...any) { wrong = append(wrong, aboutGPO(in, g, code, args...)) }
	if g.Flags&2 != 0 {
		say(reason.ComputerHalfOff, "flags", g.Flags)
	}
	switch g.Functionality {
	case 2:
	case 0:
		vague = append(vague, aboutGPO(in, g, reason.FunctionalityMissing))
	default:
		say(reason.FunctionalityOther, "version", g.Functionality)
	}
	switch ok, why, err := gpo.ReadsRegistry(g.Extensions); {
	case err != nil:
		vague = append(vague, aboutGPO(in, g, reason.ExtensionsUnreadable, "why", reason.Of(err)))
	case !ok:
		say(reason.ExtensionMissing, "why", why)
	}
	if g.Version != nil && g.FileVersion != nil && machine(g.Version) == 0 && machine(g.FileVersion) == 0 {
		say(reason.VersionsZero)
	}
	switch {
	case len(g.Registry) > 0 || len(in.Directories.SettingsLost(domain, g)) > 0:
	case g.RegistryFile:
		say(reason.NoFirewallSettings)
	default:
		say(reason.GPOEmpty)
	}
	return wrong, vague
}
