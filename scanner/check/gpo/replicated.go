package gpo

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Replicated is the check gpo-replicated: every domain controller has the same version of the GPO, in the directory and in SYSVOL.
var Replicated = check.Check{
	ID:         "gpo-replicated",
	Title:      "every domain controller has the same version of the GPO, in the directory and in SYSVOL",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-exists"},
	Cells:      check.GPOCells("gpo-replicated"),
	Trials:     check.ItsTarget,
	Claims:     check.Together(replicated, reason.ClaimComplete, reason.ClaimAsked, reason.ClaimEqual),
}

// replicated compares the copies that domain controllers told of.
func replicated(e *check.Evidence, l *check.Ledger) {
	i := e.IsolationOf()
	gpos := e.CarriersOf(i)
	known, there := e.There(l, i, gpos, run.AspectCopies)
	if !there {
		return
	}
	l.Intended = reason.List{i.About(reason.IntendedVersion)}
	d := e.Directories.Domain(e.Directories.Home(gpos[0]))
	equal, told := l.Of(reason.ClaimEqual), l.Of(reason.ClaimAsked)
	var asked []string
	var failed reason.List
	compared := 0
	for _, g := range gpos {
		for _, c := range d.Copies {
			asked = check.AppendNew(asked, c.Server)
			if why := copyUnread(g, c); why != nil {
				failed = failed.Add(why...)
				continue
			}
			compared++
			equal.Broken = append(equal.Broken, copyDiffers(g, c, d.Copies)...)
		}
		if len(d.Copies) == 0 && g.Version != nil && g.FileVersion != nil && machine(g.Version) != machine(g.FileVersion) {
			equal.Broken = append(equal.Broken, halvesDiffer("", g, g.Version, g.FileVersion))
		}
	}
	l.Conduct = reason.One(reason.ControllersAsked, "servers", asked)
	switch {
	case !known: // what is not known decides
	case len(asked) == 0:
		told.Unsure = reason.One(reason.NoControllerAsked)
	default:
		told.Failed = failed
		told.Shown(e.Forests())
	}
	if known && compared > 0 {
		equal.Shown(e.Forests())
	}
	if known && len(asked) > 0 {
		asksAll(e, l, d, asked)
	}
}

// asksAll says which domain controllers were not asked: a finding, unless the policy
// has all asked.
func asksAll(e *check.Evidence, l *check.Ledger, d *run.Domain, asked []string) {
	others := d.Unasked()
	if len(others) == 0 {
		return
	}
	args := []any{"servers", others, "asked", len(asked), "total", len(asked) + len(others)}
	f := e.Directories.Forest(d.Name)
	all := slices.ContainsFunc(e.Policy.Directories(), func(o intent.Forest) bool {
		return f != nil && strings.EqualFold(o.Name, f.Name) && o.Directory.AllControllers
	})
	switch {
	case all:
		l.Of(reason.ClaimAsked).Unsure = reason.One(reason.CopiesNotAsked, args...)
	case !l.Against():
		l.Find(check.Found(reason.CopiesNotAsked, args...))
	}
}

// copyUnread says why a controller's copy of a GPO is not known; nil where it is.
func copyUnread(g *run.GPO, c run.Copy) reason.List {
	if len(c.Error) > 0 {
		return reason.One(reason.CopiesUnread, "server", c.Server, "why", c.Error)
	}
	if mine := copied(c, g.ID); mine != nil && len(mine.Error) > 0 {
		return reason.One(reason.CopyUnread, "server", c.Server, "gpo", g.Name, "why", mine.Error)
	}
	return nil
}

// copyDiffers says how one controller's copy of a GPO differs from the others'
// and from itself.
func copyDiffers(g *run.GPO, c run.Copy, all []run.Copy) (wrong reason.List) {
	mine := copied(c, g.ID)
	say := func(code reason.Code, args ...any) {
		wrong = append(wrong, reason.New(code, append(args, "server", c.Server, "gpo", g.Name)...))
	}
	if mine == nil {
		say(reason.CopyMissing)
		return wrong
	}
	if mine.Version == nil {
		say(reason.CopyWithoutContainer)
	}
	if mine.FileVersion == nil {
		say(reason.CopyWithoutFile)
	}
	if mine.Version != nil && mine.FileVersion != nil && machine(mine.Version) != machine(mine.FileVersion) {
		wrong = append(wrong, halvesDiffer(c.Server, g, mine.Version, mine.FileVersion))
	}
	for _, other := range all {
		o := copied(other, g.ID)
		if other.Server == c.Server {
			break // each pair once
		}
		if o == nil || len(o.Error) > 0 {
			continue
		}
		switch {
		case o.Version == nil || mine.Version == nil: // said above
		case machine(o.Version) != machine(mine.Version):
			say(reason.ControllersDiffer, "version", machine(mine.Version), "other", other.Server, "other-version", machine(o.Version))
		case o.Settings != mine.Settings:
			say(reason.SettingsDiffer, "other", other.Server)
		}
	}
	return wrong
}

// halvesDiffer says that directory and SYSVOL have different versions.
func halvesDiffer(server string, g *run.GPO, directory, sysvol *uint32) reason.Reason {
	return reason.New(reason.HalvesDiffer, "server", server, "gpo", g.Name, "directory", machine(directory), "sysvol", machine(sysvol))
}

func copied(c run.Copy, id string) *run.CopiedGPO {
	for i := range c.GPOs {
		if strings.EqualFold(c.GPOs[i].ID, id) {
			return &c.GPOs[i]
		}
	}
	return nil
}

func number(v *uint32) uint32 {
	if v == nil {
		return 0
	}
	return *v
}

// machine is the computer's half of a version.
func machine(v *uint32) uint32 { return number(v) & 0xffff }
