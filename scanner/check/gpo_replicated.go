package check

import (
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var gpoReplicated = Check{
	ID:         "gpo-replicated",
	Title:      "every domain controller has the same version of the GPO, in the directory and in SYSVOL",
	Section:    "+",
	Confirmed:  "spec",
	Configured: true,
	After:      []string{"gpo-exists"},
	Cells:      gpoCells("gpo-replicated"),
	Needs:      directoryNeeds,
	Judge:      judgeReplicated,
}

func judgeReplicated(in *Input) run.Cell {
	i := in.isolation()
	gpos := in.carriers(i)
	f := fold{intended: reason.List{i.about(reason.IntendedVersion)}}
	if !f.there(in, i, gpos, run.AspectCopies) {
		return f.cell()
	}
	known := len(f.parts) == 0
	d := in.directories.Domain(in.directories.Home(gpos[0]))
	var asked []string
	var failed reason.List
	for _, g := range gpos {
		for _, c := range d.Copies {
			asked = appendNew(asked, c.Server)
			if len(c.Error) > 0 {
				failed = failed.Add(reason.New(reason.CopiesUnread, "server", c.Server, "why", c.Error))
				continue
			}
			if mine := copied(c, g.ID); mine != nil && len(mine.Error) > 0 {
				failed = failed.Add(reason.New(reason.CopyUnread, "server", c.Server, "gpo", g.Name, "why", mine.Error))
				continue
			}
			f.all(run.Fail, copyDiffers(g, c, d.Copies))
		}
		if len(d.Copies) == 0 && g.Version != nil && g.FileVersion != nil && machine(g.Version) != machine(g.FileVersion) {
			f.all(run.Fail, reason.List{halvesDiffer("", g, g.Version, g.FileVersion)})
		}
	}
	f.conduct = reason.One(reason.ControllersAsked, "servers", asked)
	if known {
		f.all(run.Error, failed)
	}
	if known && len(asked) == 0 {
		f.all(run.Inconclusive, reason.One(reason.NoControllerAsked))
	}
	var others []string
	for _, c := range d.Controllers {
		if !hasFold(asked, c) {
			others = append(others, c)
		}
	}
	if len(f.parts) == 0 && len(others) > 0 {
		f.find(found(reason.CopiesNotAsked, "servers", others))
	}
	return f.passing()
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
