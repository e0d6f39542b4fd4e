package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
	if stopped, stop := in.notThere(i, gpos, run.AspectCopies); stop {
		return stopped
	}
	d := in.directories.Domain(in.directories.Home(gpos[0]))
	cell := run.Cell{Verdict: run.Pass, Intended: "one version of " + i.title() + " everywhere"}
	var wrong, failed, asked []string
	for _, g := range gpos {
		for _, c := range d.Copies {
			asked = appendNew(asked, c.Server)
			if len(c.Error) > 0 {
				failed = appendNew(failed, c.Server+": "+catalog.Text(c.Error))
				continue
			}
			if mine := copied(c, g.ID); mine != nil && len(mine.Error) > 0 {
				failed = appendNew(failed, fmt.Sprintf("%s, GPO %q: %s", c.Server, g.Name, catalog.Text(mine.Error)))
				continue
			}
			wrong = append(wrong, copyDiffers(g, c, d.Copies)...)
		}
		if len(d.Copies) == 0 && g.Version != nil && g.FileVersion != nil && machine(g.Version) != machine(g.FileVersion) {
			wrong = append(wrong, fmt.Sprintf("GPO %q is version %s in the directory and %s in SYSVOL", g.Name, version(g.Version), version(g.FileVersion)))
		}
	}
	cell.Configured = fmt.Sprintf("asked %s", orElse(list(asked), "no domain controller"))
	cell.Remedy = "wait for replication and look again; else repadmin /showrepl and dfsrdiag ReplicationState on the domain controller named, or GPMC: the domain's Status tab, Detect Now"
	switch {
	case len(wrong) > 0:
		cell.Verdict, cell.Reason = run.Fail, clauses(wrong)
		return cell
	case len(failed) > 0:
		cell.Verdict, cell.Reason = run.Error, clauses(failed)
		return cell
	case len(asked) == 0:
		cell.Verdict, cell.Reason = run.Inconclusive, "no domain controller was asked for its copy"
		return cell
	}
	cell.Remedy = ""
	var others []string
	for _, c := range d.Controllers {
		if !hasFold(asked, c) {
			others = append(others, c)
		}
	}
	if len(others) > 0 {
		cell.Findings = append(cell.Findings, run.Finding{ID: "copies-not-asked", Severity: run.Info,
			Text:   fmt.Sprintf("the copies of %s were not asked: they are not declared", list(others)),
			Remedy: "add them to the urls of the forest's directory"})
	}
	return cell
}

// copyDiffers says how one controller's copy of a GPO differs from the others'
// and from itself.
func copyDiffers(g *run.GPO, c run.Copy, all []run.Copy) []string {
	mine := copied(c, g.ID)
	if mine == nil {
		return []string{fmt.Sprintf("%s has no %q", c.Server, g.Name)}
	}
	var wrong []string
	for what, v := range map[string]*uint32{"container": mine.Version, "gpt.ini": mine.FileVersion} {
		if v == nil {
			wrong = append(wrong, fmt.Sprintf("on %s the %s of GPO %q is not there", c.Server, what, g.Name))
		}
	}
	slices.Sort(wrong)
	if mine.Version != nil && mine.FileVersion != nil && machine(mine.Version) != machine(mine.FileVersion) {
		wrong = append(wrong, fmt.Sprintf("on %s GPO %q is version %s in the directory and %s in SYSVOL", c.Server, g.Name, version(mine.Version), version(mine.FileVersion)))
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
			wrong = append(wrong, fmt.Sprintf("GPO %q is version %s on %s and %s on %s", g.Name, version(o.Version), other.Server, version(mine.Version), c.Server))
		case o.Settings != mine.Settings:
			wrong = append(wrong, fmt.Sprintf("GPO %q has other settings in the SYSVOL of %s than in that of %s", g.Name, other.Server, c.Server))
		}
	}
	return wrong
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

func version(v *uint32) string {
	if v == nil {
		return "missing"
	}
	return fmt.Sprintf("%d (computer)", *v&0xffff)
}
