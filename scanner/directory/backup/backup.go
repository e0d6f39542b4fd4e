package backup

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/gpo/security"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry/pol"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// saved is one backup.
type saved struct {
	gpo    run.GPO
	domain string
	at     time.Time // of the backup; zero where it is not known
	groups []group
	ids    []string // of the backup, not of the GPO: as it says, and as its folder is named
	// problems are those that no GPO can carry.
	problems []run.Problem
}

// read reads what is there. A file that is missing or broken is a problem, and
// the others tell what they can.
func (r reader) read() saved {
	var (
		info      instance
		core      scheme
		told      report
		out       saved
		problems  []run.Problem
		reportErr error
	)
	problem := func(a run.Aspect, where string, why ...reason.Reason) {
		problems = append(problems, run.Problem{Aspect: a, Where: where, Why: why})
	}
	parse := func(name string, most int64, a run.Aspect, f func(*document) error) error {
		where, err := r.parse(name, most, f)
		if err != nil {
			problem(a, where, reason.Of(err)...)
		}
		return err
	}
	_ = parse("bkupInfo.xml", maxInfo, run.AspectGPOs, func(d *document) (err error) {
		info, err = readInstance(d)
		return err
	})
	coreErr := parse("Backup.xml", maxScheme, run.AspectGPOs, func(d *document) (err error) {
		core, err = readScheme(d)
		return err
	})
	reportErr = parse("gpreport.xml", maxReport, run.AspectLinks, func(d *document) (err error) {
		told, err = readReport(d)
		return err
	})

	g := &out.gpo
	g.Path = shown(r.name, r.dir)
	g.ID = first(info.gpo, core.id, told.id)
	g.Name = first(info.name, core.name, told.name)
	out.domain = first(info.domain, core.domain, told.domain)
	if out.at = info.at; out.at.IsZero() {
		out.at = told.at
	}
	out.ids = []string{info.id, strings.ToUpper(path.Base(r.dir))}
	out.groups = core.groups
	switch {
	case g.ID == "" || out.domain == "":
		out.gpo.ID = ""
		out.problems = append(problems, run.Problem{Aspect: run.AspectGPOs, Where: g.Path, Why: reason.One(reason.BackupUnidentified)})
		return out
	case !one(info.gpo, core.id, told.id):
		problem(run.AspectGPOs, g.Path, reason.New(reason.BackupOfGPOs, "bkupInfo", info.gpo, "backup", core.id, "report", told.id))
	case !one(info.domain, core.domain, told.domain):
		problem(run.AspectGPOs, g.Path, reason.New(reason.BackupOfDomains, "bkupInfo", info.domain, "backup", core.domain, "report", told.domain))
	}
	g.LinkedTo = told.links
	// No file of a backup has it. GPMC makes, and so restores, no other.
	g.Functionality = 2
	g.Extensions = core.extensions
	g.FilterName = first(core.filterName, told.filterName)
	r.flags(g, core, told, problem)
	r.versions(g, core, told, problem)
	r.security(g, core, told, problem)
	if filter, err := filterOf(core.filter); err != nil {
		problem(run.AspectFilters, r.file("Backup.xml"), reason.Of(err)...)
	} else if g.Filter = filter; filter == "" && g.FilterName != "" {
		problem(run.AspectFilters, g.Path, reason.New(reason.FilterUnidentified, "filter", clip(g.FilterName)))
	}
	r.settings(g, core, told, coreErr, reportErr, problem)
	g.Problems = problems
	return out
}

// parse reads one file of the backup by f, which is called again where the file is
// not plain XML. where says at what line an error came up.
func (r reader) parse(name string, most int64, f func(*document) error) (where string, err error) {
	data, where, err := r.load(name, most)
	if err != nil {
		return where, directory.Unreadable(err)
	}
	if f(r.kept.plain.document(data)) == nil {
		return where, nil
	}
	s := newStrict(r.kept.plain.text)
	if err := f(&document{tokens: s}); err != nil {
		return s.where(where), wrong(err)
	}
	return where, nil
}

type told = func(a run.Aspect, where string, why ...reason.Reason)

func (r reader) flags(g *run.GPO, core scheme, rep report, problem told) {
	flags, ok := rep.flags()
	switch {
	case core.flags != nil:
		g.Flags = *core.flags
		if ok && flags != *core.flags&3 {
			problem(run.AspectGPOs, r.file("Backup.xml"), reason.New(reason.BackupFlagsDiffer, "backup", *core.flags, "report", flags))
		}
	case ok:
		g.Flags = flags
	default:
		problem(run.AspectGPOs, g.Path, reason.New(reason.BackupFlagsUnknown))
	}
}

// versions are taken from the report, which names them; in Backup.xml it is not
// documented what the two halves of each number are.
func (r reader) versions(g *run.GPO, core scheme, rep report, problem told) {
	g.Version, g.FileVersion = rep.versions()
	if g.Version != nil && g.FileVersion != nil {
		return
	}
	user, ok := half(core.user)
	machine, also := half(core.machine)
	if !ok || !also {
		problem(run.AspectCopies, g.Path, reason.New(reason.BackupVersionUnknown))
		return
	}
	n := user<<16 | machine
	g.Version, g.FileVersion = &n, &n
}

func (r reader) security(g *run.GPO, core scheme, rep report, problem told) {
	if len(core.security) > 0 {
		d, err := security.ParseBinary(core.security)
		if err == nil {
			g.Security = d.SDDL()
			return
		}
		problem(run.AspectSecurity, r.file("Backup.xml"), reason.New(reason.DescriptorUnread, "why", reason.Of(err)))
		return
	}
	if rep.sddl == "" {
		problem(run.AspectSecurity, g.Path, reason.New(reason.BackupDescriptorMissing))
		return
	}
	g.Security = rep.sddl
}

// settings reads Registry.pol, or rebuilds what it can from the report.
func (r reader) settings(g *run.GPO, core scheme, rep report, coreErr, reportErr error, problem told) {
	const name = "DomainSysvol/GPO/Machine/registry.pol"
	data, where, err := r.load(name, maxSettings)
	switch {
	case err == nil:
		g.RegistryFile = true
		if g.Registry, g.Settings, err = pol.Values(data, run.FirewallKey); err != nil {
			problem(run.AspectSettings, where, reason.Of(err)...)
		}
		return
	case !errors.Is(err, fs.ErrNotExist):
		problem(run.AspectSettings, r.file(name), reason.Of(directory.Unreadable(err))...)
	case core.settings:
		problem(run.AspectSettings, r.file(name), reason.New(reason.BackupFileLost))
	case coreErr != nil && reportErr != nil:
		problem(run.AspectSettings, r.file(name), reason.New(reason.BackupSettingsUnknown))
	}
	if g.Registry = rep.firewall.of(g.ID); len(g.Registry) > 0 || len(rep.firewall.lost) > 0 {
		g.Settings = len(g.Registry)
		problem(run.AspectSettings, r.file("gpreport.xml"), reason.New(reason.SettingsRebuilt, "why", rep.firewall.lost))
	}
	for _, e := range rep.errors {
		problem(run.AspectSettings, r.file("gpreport.xml"), e)
	}
}

// first is the first text that is not empty.
func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// one says that those which are not empty are equal.
func one(all ...string) bool {
	for _, s := range all {
		if s != "" && s != first(all...) {
			return false
		}
	}
	return true
}
