package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/gpo"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
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
			if hidden := in.hiddenIn(i.domain); len(hidden) > 0 {
				cell.Verdict = run.Error
				cell.Reason = fmt.Sprintf("%s is not among the GPOs of %s that the reader may read, and may be one of those it may not: %s", i.title(), i.domain, list(hidden))
				cell.Remedy = readable("-Guid "+strings.Trim(hidden[0], "{}"), i.domain)
				return cell
			}
			cell.Verdict, cell.Reason = run.Fail, in.whyNone(i)
			cell.Remedy = "GPMC: right-click the domain, Create a GPO in this domain, and Link it here; " +
				fmt.Sprintf("PowerShell: New-GPO -Name %s -Domain %s", quoted(orElse(i.declared.Name, "KMS Isolation Policy")), i.domain)
			return cell
		}
		var wrong, broken, unread, names []string
		for _, g := range gpos {
			names = append(names, fmt.Sprintf("%q %s", g.Name, g.ID))
			home := in.directories.Home(g)
			if hidden := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectGPOs }); hidden >= 0 {
				p := g.Problems[hidden]
				unread = append(unread, fmt.Sprintf("GPO %s: %s: %s", g.ID, p.Where, catalog.Text(p.Why)))
			} else if !in.isRegistry(home) {
				w, u := in.whyNoEffect(home, g)
				wrong, unread = append(wrong, w...), append(unread, u...)
			}
			if why, failed := in.settingsLost(home, g); failed {
				unread = append(unread, why)
			} else if why != "" {
				broken = append(broken, why)
			}
		}
		cell.Configured = "there: " + list(names)
		switch first := gpos[0]; {
		case len(broken) > 0:
			cell.Verdict, cell.Reason = run.Fail, clauses(slices.Concat(broken, wrong, unread))
			cell.Remedy = fmt.Sprintf("restore the GPO's folder in SYSVOL from a backup; GPMC: Group Policy Objects, Manage Backups, Restore; PowerShell: Restore-GPO -Name %s -Domain %s -Path FOLDER",
				quoted(first.Name), in.directories.Home(first))
		case len(wrong) > 0:
			cell.Verdict, cell.Reason = run.Fail, clauses(append(wrong, unread...))
			cell.Remedy = "GPMC: the GPO's Details tab, GPO Status: Enabled; where it is empty, restore it from a backup or make the rules in it; open it in the editor and save a rule, so that the extension is listed anew; " +
				fmt.Sprintf("PowerShell: (Get-GPO -Name %s -Domain %s).GpoStatus = 'AllSettingsEnabled'", quoted(first.Name), in.directories.Home(first))
		case len(unread) > 0:
			cell.Verdict, cell.Reason = run.Error, clauses(unread)
			cell.Remedy = in.readAgain(in.directories.Home(first), first)
		case in.isRegistry(i.domain):
			return skip("the export of a registry has what became of the GPOs, and no GPO")
		}
		return cell
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

// readable is how the reader of the directory gets to see a GPO, named by -Name
// or -Guid.
func readable(which, domain string) string {
	return fmt.Sprintf("GPMC: the GPO's Delegation tab, Add: the reader, Read; PowerShell: Set-GPPermission %s -DomainName %s -TargetName READER -TargetType User -PermissionLevel GpoRead", which, domain)
}

// whyNone says that nothing carries an isolation, in the terms of the source.
func (in *Input) whyNone(i isolation) string {
	f := in.directories.Forest(i.domain)
	declared := i.declared.Name != "" || i.declared.ID != ""
	var names []string
	for _, g := range in.directories.Domain(i.domain).GPOs {
		names = append(names, fmt.Sprintf("%q", g.Name))
	}
	if n := len(names) - mostListed; n > 0 {
		names = append(names[:mostListed], fmt.Sprintf("%d more", n))
	}
	switch {
	case f.Kind == run.SourceBackup && declared:
		return fmt.Sprintf("%s has no %s, but %s", f.Source, i.title(), orElse(list(names), "none at all"))
	case f.Kind == run.SourceBackup:
		return fmt.Sprintf("%s has no isolation: none of its GPOs (%s) names a KMS host in a connection security rule", f.Source, list(names))
	case declared:
		return fmt.Sprintf("there is no %s in %s that the reader may see", i.title(), i.domain)
	}
	return fmt.Sprintf("no GPO of %s names a KMS host in a connection security rule", i.domain)
}

// mostListed is how many GPOs are named where the declared one is not among them.
const mostListed = 8

// settingsLost says why the settings of a GPO are not known, and whether it is
// the reading that failed: damage to a copy of the GPO, as a backup is one, says
// nothing of the GPO either.
func (in *Input) settingsLost(domain string, g *run.GPO) (why string, failed bool) {
	lost := in.directories.SettingsLost(domain, g)
	if len(lost) == 0 {
		return "", false
	}
	failed = in.directories.Forest(domain).Kind != run.SourceLive
	own := slices.IndexFunc(g.Problems, func(p run.Problem) bool { return p.Aspect == run.AspectSettings })
	return fmt.Sprintf("GPO %q: %s", g.Name, catalog.Text(lost)), failed || own < 0 || g.Problems[own].Unread || g.Problems[own].Refused
}

// readAgain is what to do where the settings could not be read.
func (in *Input) readAgain(domain string, g *run.GPO) string {
	switch in.directories.Forest(domain).Kind {
	case run.SourceBackup:
		return fmt.Sprintf("make the backup anew; GPMC: right-click the GPO, Back Up; PowerShell: Backup-GPO -Name %s -Domain %s -Path FOLDER", quoted(g.Name), domain)
	case run.SourceRegistry:
		return `export it anew, on the machine itself: reg export HKLM\` + run.FirewallKey + ` FILE.reg`
	}
	return "see that TCP 445 of the domain controller answers this machine, and give the reader Read on the GPO and its folder in SYSVOL; " +
		readable("-Guid "+strings.Trim(g.ID, "{}"), domain)
}

// whyNoEffect says what keeps a GPO from having any effect on any computer, and
// what may.
func (in *Input) whyNoEffect(domain string, g *run.GPO) (wrong, vague []string) {
	say := func(format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("GPO %q: ", g.Name)+fmt.Sprintf(format, args...))
	}
	if g.Flags&2 != 0 {
		say("its computer settings are disabled (flags %d): no computer gets it", g.Flags)
	}
	switch g.Functionality {
	case 2:
	case 0:
		vague = append(vague, fmt.Sprintf("GPO %q has no gPCFunctionalityVersion, and Windows takes 2 only", g.Name))
	default:
		say("its gPCFunctionalityVersion is %d, and Windows takes 2 only", g.Functionality)
	}
	switch ok, why, err := gpo.ReadsRegistry(g.Extensions); {
	case err != nil:
		vague = append(vague, fmt.Sprintf("GPO %q: whether Windows reads its settings is not known: %v", g.Name, err))
	case !ok:
		say("%s: Windows does not read its settings", catalog.Text(why))
	}
	if g.Version != nil && g.FileVersion != nil && machine(g.Version) == 0 && machine(g.FileVersion) == 0 {
		say("the versions of its computer half are 0 in the directory and in SYSVOL: Windows takes it for empty")
	}
	switch {
	case len(g.Registry) > 0 || len(in.directories.SettingsLost(domain, g)) > 0:
	case g.RegistryFile:
		say("it has no Windows Firewall settings")
	default:
		say(`it is empty: there is no Machine\Registry.pol`)
	}
	return wrong, vague
}

// quoted puts a name into a PowerShell string.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
