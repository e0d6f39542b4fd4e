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
	Needs:      directoryNeeds,
	Judge: func(in *Input) run.Cell {
		i := in.isolation()
		f := fold{intended: reason.List{i.about(reason.IntendedGPO, "domain", i.domain)}}
		gpos := in.carriers(i)
		if len(gpos) == 0 {
			if !f.knows(in, i.domain, run.AspectGPOs) {
				return f.cell()
			}
			if hidden := in.hiddenIn(i.domain); len(hidden) > 0 {
				f.all(run.Error, reason.List{i.about(reason.GPOMaybeHidden, "domain", i.domain, "hidden", hidden)})
			} else {
				f.all(run.Fail, reason.List{in.whyNone(i)})
			}
			return f.cell()
		}
		var names []string
		for _, g := range gpos {
			names = append(names, fmt.Sprintf("%q %s", g.Name, g.ID))
			home := in.directories.Home(g)
			lost, failed := in.settingsLost(home, g)
			if !failed {
				f.all(run.Fail, lost)
			}
			if hidden := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectGPOs }); hidden >= 0 {
				f.all(run.Error, reason.List{in.aboutGPO(g, reason.GPOUnread, "why", g.Problems[hidden].Reason())})
			} else if !in.isRegistry(home) {
				wrong, unread := in.whyNoEffect(home, g)
				f.all(run.Fail, wrong)
				f.all(run.Error, unread)
			}
			if failed {
				f.all(run.Error, lost)
			}
		}
		f.conduct = reason.One(reason.GPOsThere, "gpos", names)
		if len(f.parts) == 0 && in.isRegistry(i.domain) {
			return skipped(reason.ExportOfResult)
		}
		return f.passing()
	},
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
	case f.Kind == run.SourceBackup && declared:
		return i.about(reason.GPONotInBackup, "source", f.Source, "others", others, "domain", i.domain)
	case f.Kind == run.SourceBackup:
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
	failed = in.directories.Forest(domain).Kind != run.SourceLive || own < 0 || g.Problems[own].Unread || g.Problems[own].Refused
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
