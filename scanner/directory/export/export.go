// Package export reads what somebody took out of the registry of Windows
// machines with reg export, or with reg query /s, into a [run.Forest]: what each
// machine was told, and what it was told locally. It does not know what the
// values mean, nor which GPOs they came from.
package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Files is a file, or a folder whose *.reg and *.txt files are one machine's
// each.
type Files string

var _ directory.Source = Files("")

func (f Files) String() string { return "registry export " + string(f) }

// Bounds of what is read: octets of one file, and files of a folder.
const (
	maxFile  = 256 << 20
	maxFiles = 10000
)

// Read reads every file as a GPO of its own, named as the file, whose values
// are those below [run.FirewallKey] and [run.LocalFirewallKey], without hive. It fails
// where no file could be read.
func (f Files) Read(ctx context.Context, ask directory.Ask) (*run.Forest, error) {
	names, dir, err := f.names()
	if err != nil {
		return nil, fmt.Errorf("read the registry export %s: %w", string(f), directory.Reason(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("read the registry export %s: %w", string(f), directory.Reason(err))
	}
	defer root.Close() //nolint:errcheck // it was only read
	return read(ctx, root.FS(), dir, names, f, ask)
}

// names lists the files, and the folder that they are in.
func (f Files) names() (names []string, dir string, err error) {
	info, err := os.Stat(string(f))
	if err != nil {
		return nil, "", err
	}
	if !info.IsDir() {
		return []string{filepath.Base(string(f))}, filepath.Dir(string(f)), nil
	}
	entries, err := os.ReadDir(string(f))
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); (ext == ".reg" || ext == ".txt") && !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	switch {
	case err != nil:
		return nil, "", err
	case len(names) == 0:
		return nil, "", errors.New("no file in it ends in .reg or .txt; make one with reg export HKLM\\" + run.FirewallKey + " FILE.reg")
	case len(names) > maxFiles:
		return nil, "", fmt.Errorf("it holds %d files, more than %d", len(names), maxFiles)
	}
	return names, string(f), nil
}

func read(ctx context.Context, tree fs.FS, dir string, names []string, source Files, ask directory.Ask) (*run.Forest, error) {
	out := &run.Forest{Name: strings.ToLower(ask.Forest), Source: source.String(), Kind: run.SourceRegistry, Read: time.Now(), Lost: lost()}
	d := run.Domain{Name: out.Name}
	slices.Sort(names)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("read the registry export %s: %w", string(source), err)
		}
		g, err := readFile(tree, dir, name)
		if err != nil {
			out.Problems = append(out.Problems, *err)
			continue
		}
		d.GPOs = append(d.GPOs, g)
	}
	if len(d.GPOs) == 0 {
		p := out.Problems[0]
		return nil, fmt.Errorf("read the registry export %s: %s", p.Where, p.Text)
	}
	out.Domains = []run.Domain{d}
	return out, nil
}

// readFile reads the export of one machine.
func readFile(tree fs.FS, dir, name string) (run.GPO, *run.Problem) {
	where := filepath.Join(dir, name)
	data, err := directory.Load(tree, name, maxFile)
	if err != nil {
		return run.GPO{}, &run.Problem{Aspect: run.AspectSettings, Where: where, Text: fmt.Sprintf("it could not be read: %v", err)}
	}
	t, err := parse(data)
	if err != nil {
		var at *Error
		if errors.As(err, &at) {
			where = fmt.Sprintf("%s:%d", where, at.Line)
		}
		return run.GPO{}, &run.Problem{Aspect: run.AspectSettings, Where: where, Text: err.Error()}
	}
	g := run.GPO{ID: strings.ToUpper(name), Name: name, Path: where, RegistryFile: true, Settings: t.count}
	g.Registry = t.values()
	problem := func(text string) {
		g.Problems = append(g.Problems, run.Problem{Aspect: run.AspectSettings, Where: where, Text: text})
	}
	if !t.covers {
		problem(`it was not taken from HKLM\` + run.FirewallKey + " or a key above it, so what Group Policy told the machine is not known")
	}
	if t.shallow {
		problem("the one key below the first has no values, as if reg query had been asked without /s: what is below it is not known")
	}
	return g, nil
}

// lost says what no registry export can tell.
func lost() map[run.Aspect]string {
	const of = "a registry export is of one machine, and has "
	return map[run.Aspect]string{
		run.AspectGPOs:       of + "what became of the GPOs, not the GPOs",
		run.AspectLinks:      of + "no links",
		run.AspectSecurity:   of + "no permissions of GPOs",
		run.AspectFilters:    of + "no WMI filters",
		run.AspectComputers:  of + "no accounts of computers",
		run.AspectTrusts:     of + "no trusts",
		run.AspectCopies:     of + "no copies of GPOs",
		run.AspectActivation: of + "no objects of Active Directory-based activation",
	}
}
