package check

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
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
		cell := run.Cell{Verdict: run.Pass, Intended: fmt.Sprintf("%s in %s carries the isolation", i.title(), i.domain)}
		gpos := in.carriers(i)
		if len(gpos) == 0 {
			if why, stop := in.unreadable(i.domain, run.AspectGPOs); stop {
				return why
			}
			cell.Verdict = run.Fail
			cell.Reason = fmt.Sprintf("there is no %s in %s that the reader may see", strings.TrimPrefix(i.title(), "an "), i.domain)
			if i.declared.Name == "" && i.declared.ID == "" {
				cell.Reason = fmt.Sprintf("no GPO of %s names a KMS host in a connection security rule", i.domain)
			}
			cell.Remedy = "GPMC: right-click the domain, Create a GPO in this domain, and Link it here; " +
				fmt.Sprintf("PowerShell: New-GPO -Name %s -Domain %s", quoted(orElse(i.declared.Name, "KMS Isolation Policy")), i.domain)
			return cell
		}
		var wrong, broken, names []string
		for _, g := range gpos {
			names = append(names, fmt.Sprintf("%q %s", g.Name, g.ID))
			wrong = append(wrong, in.whyNoEffect(g)...)
			for _, p := range g.Problems {
				if p.Aspect == run.AspectSettings {
					broken = append(broken, fmt.Sprintf("GPO %q: %s: %s", g.Name, p.Where, p.Text))
				}
			}
		}
		cell.Configured = "there: " + list(names)
		switch {
		case len(broken) > 0:
			cell.Verdict, cell.Reason = run.Fail, clauses(broken)
			if in.directories.Forest(i.domain).Kind == run.SourceLive && !damaged(broken) {
				cell.Verdict = run.Error
			}
			cell.Remedy = "restore the GPO's folder in SYSVOL from a backup (GPMC: Group Policy Objects, Manage Backups; PowerShell: Restore-GPO), or give the reader Read on it"
		case len(wrong) > 0:
			cell.Verdict, cell.Reason = run.Fail, clauses(wrong)
			cell.Remedy = "GPMC: the GPO's Details tab, GPO Status: Enabled; open it in the editor and save a rule, so that the extension is listed anew; " +
				fmt.Sprintf("PowerShell: (Get-GPO -Name %s -Domain %s).GpoStatus = 'AllSettingsEnabled'", quoted(gpos[0].Name), i.domain)
		}
		return cell
	},
}

// whyNoEffect says what keeps a GPO from having any effect on any computer.
func (in *Input) whyNoEffect(g *run.GPO) []string {
	var wrong []string
	say := func(format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("GPO %q: ", g.Name)+fmt.Sprintf(format, args...))
	}
	if g.Flags&2 != 0 {
		say("its computer settings are disabled (flags %d): no computer gets it", g.Flags)
	}
	if g.Functionality != 0 && g.Functionality != 2 {
		say("its gPCFunctionalityVersion is %d, and Windows takes 2 only", g.Functionality)
	}
	if ok, why := gpo.ReadsRegistry(g.Extensions); !ok {
		say("%s: Windows does not read its settings", why)
	}
	switch {
	case g.RegistryFile && len(g.Registry) == 0:
		say("it has no Windows Firewall settings")
	case !g.RegistryFile && len(g.Problems) == 0 && len(g.Registry) == 0:
		say(`it is empty: there is no Machine\Registry.pol`)
	}
	return wrong
}

// damaged reports whether the settings were there and are no good, rather than
// out of the reader's reach.
func damaged(reasons []string) bool {
	for _, r := range reasons {
		if !strings.Contains(r, "denied") {
			return true
		}
	}
	return false
}

// quoted puts a name into a PowerShell string.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
