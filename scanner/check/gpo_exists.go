package check

import (
	"fmt"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoExists = Check{
	ID:         "gpo-exists",
	Title:      "the isolation GPO is there, its computer half is on, and Windows will read its settings",
	Section:    "Create a GPO",
	Confirmed:  "spec",
	Configured: true,
	Cells:      gpoCells("gpo-exists"),
	Trials:     itsTarget,
	Claims:     together((*Evidence).exists, reason.ClaimComplete, reason.ClaimPresent, reason.ClaimTakesEffect),
}

// exists looks for the GPOs of an isolation, and at each of them.
func (e *Evidence) exists(l *ledger) {
	i := e.isolation()
	about := reason.List{i.about(reason.IntendedGPO, "domain", i.domain)}
	gpos := e.carriers(i)
	if len(gpos) == 0 {
		l.intended = about
		e.absent(l, i)
		return
	}
	l.of(reason.ClaimComplete).shown(e.forests())
	l.of(reason.ClaimPresent).shown(e.forests())
	var names []string
	for _, g := range gpos {
		names = append(names, fmt.Sprintf("%q %s", g.Name, g.ID))
		e.effective(l, g)
	}
	l.intended, l.conduct = about, reason.One(reason.GPOsThere, "gpos", names)
}

// absent enters that no GPO carries an isolation, or that none is seen.
func (e *Evidence) absent(l *ledger, i isolation) {
	if !e.complete(l, i.domain, run.AspectGPOs) {
		return
	}
	present := l.of(reason.ClaimPresent)
	if hidden := e.hiddenIn(i.domain); len(hidden) > 0 {
		present.failed = reason.List{i.about(reason.GPOMaybeHidden, "domain", i.domain, "hidden", hidden)}
		return
	}
	present.broken = reason.List{e.whyNone(i)}
}

// effective enters whether Windows will read a GPO.
func (e *Evidence) effective(l *ledger, g *run.GPO) {
	home, complete, effect := e.directories.Home(g), l.of(reason.ClaimComplete), l.of(reason.ClaimTakesEffect)
	lost, failed := e.settingsLost(home, g)
	if failed {
		complete.failed = complete.failed.Add(lost...)
	} else {
		effect.broken = effect.broken.Add(lost...)
	}
	if hidden := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectGPOs }); hidden >= 0 {
		complete.failed = complete.failed.Add(e.aboutGPO(g, reason.GPOUnread, "why", g.Problems[hidden].Reason()))
		return
	}
	wrong, unread := e.whyNoEffect(home, g)
	effect.broken, effect.failed = effect.broken.Add(wrong...), effect.failed.Add(unread...)
	effect.shown(e.forests())
}

// hiddenIn lists the GPOs of a domain that the reader sees and may not read.
func (in *Input) hiddenIn(domain string) []string {
	var hidden []string
	d := in.directories.Domain(domain)
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
func (in *Input) whyNone(i isolation) reason.Reason {
	f := in.directories.Forest(i.domain)
	declared := i.declared.Name != "" || i.declared.ID != ""
	var others []string
	for _, g := range in.directories.Domain(i.domain).GPOs {
		others = append(others, g.Name)
	}
	switch {
	case f.IsCopy() && declared:
		return i.about(reason.GPONotInBackup, "source", f.Source, "others", others, "domain", i.domain)
	case f.IsCopy():
		return reason.New(reason.NoIsolationInBackup, "source", f.Source, "others", others, "domain", i.domain)
	case declared:
		return i.about(reason.GPONotInDomain, "domain", i.domain)
	}
	return reason.New(reason.NoIsolationInDomain, "domain", i.domain)
}

// aboutGPO is a reason about a GPO. It says what kind of source told of it, since
// what there is to do depends on that.
func (in *Input) aboutGPO(g *run.GPO, code reason.Code, args ...any) reason.Reason {
	home := in.directories.Home(g)
	return reason.New(code, append([]any{"gpo", g.Name, "gpo-id", g.ID, "home", home, "source", in.directories.Forest(home).Kind}, args...)...)
}

// settingsLost says why the settings of a GPO are not known, and whether it is
// the reading that failed: damage to a copy of the GPO, as a backup is one, says
// nothing of the GPO either.
func (in *Input) settingsLost(domain string, g *run.GPO) (why reason.List, failed bool) {
	lost := in.directories.SettingsLost(domain, g)
	if len(lost) == 0 {
		return nil, false
	}
	own := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectSettings })
	failed = in.directories.Forest(domain).IsCopy() || own < 0 || g.Problems[own].Unread || g.Problems[own].Refused
	code := reason.SettingsDamaged
	if failed {
		code = reason.SettingsUnread
	}
	return reason.List{in.aboutGPO(g, code, "why", lost)}, failed
}

// whyNoEffect says what keeps a GPO from having any effect on any computer, and
// what may.
func (in *Input) whyNoEffect(domain string, g *run.GPO) (wrong, vague reason.List) {
	say := func(code reason.Code, args ...any) { wrong = append(wrong, in.aboutGPO(g, code, args...)) }
	if g.Flags&2 != 0 {
		say(reason.ComputerHalfOff, "flags", g.Flags)
	}
	switch g.Functionality {
	case 2:
	case 0:
		vague = append(vague, in.aboutGPO(g, reason.FunctionalityMissing))
	default:
		say(reason.FunctionalityOther, "version", g.Functionality)
	}
	switch ok, why, err := gpo.ReadsRegistry(g.Extensions); {
	case err != nil:
		vague = append(vague, in.aboutGPO(g, reason.ExtensionsUnreadable, "why", reason.Of(err)))
	case !ok:
		say(reason.ExtensionMissing, "why", why)
	}
	if g.Version != nil && g.FileVersion != nil && machine(g.Version) == 0 && machine(g.FileVersion) == 0 {
		say(reason.VersionsZero)
	}
	switch {
	case len(g.Registry) > 0 || len(in.directories.SettingsLost(domain, g)) > 0:
	case g.RegistryFile:
		say(reason.NoFirewallSettings)
	default:
		say(reason.GPOEmpty)
	}
	return wrong, vague
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
