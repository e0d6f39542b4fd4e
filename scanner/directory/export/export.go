// Package export reads what somebody took out of the registry of Windows
// machines with reg export, or with reg query /s, into a
// [run.MachinePolicy] for each: what it was told, and what it was told locally. It does not know what the
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
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
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

// Read reads every file as what one machine has applied, named as the file. It fails
// where no file could be read.
func (f Files) Read(ctx context.Context, ask directory.Ask) (*run.Forest, error) {
	names, dir, err := f.names()
	if err != nil {
		return nil, unread(string(f), directory.Unreadable(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, unread(string(f), directory.Unreadable(err))
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
		return nil, "", reason.Fail(reason.ExportsMissing, "key", run.FirewallKey)
	case len(names) > maxFiles:
		return nil, "", reason.Fail(reason.ExportsTooMany, "count", len(names), "most", maxFiles)
	}
	return names, string(f), nil
}

func read(ctx context.Context, tree fs.FS, dir string, names []string, source Files, ask directory.Ask) (*run.Forest, error) {
	out := &run.Forest{Name: strings.ToLower(ask.Forest), Source: source.String(), Kind: run.SourceRegistry, Read: time.Now(), Lost: lost()}
	slices.Sort(names)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, unread(string(source), err)
		}
		m, err := readFile(tree, dir, name)
		if err != nil {
			out.Problems = append(out.Problems, *err)
			continue
		}
		out.Machines = append(out.Machines, m)
	}
	if len(out.Machines) == 0 {
		p := out.Problems[0]
		return nil, reason.Fail(reason.ExportUnread, "file", p.Where, "why", p.Why)
	}
	return out, nil
}

// readFile reads the export of one machine.
func readFile(tree fs.FS, dir, name string) (run.MachinePolicy, *run.Problem) {
	where := filepath.Join(dir, name)
	data, err := directory.Load(tree, name, maxFile)
	if err != nil {
		return run.MachinePolicy{}, &run.Problem{Aspect: run.AspectSettings, Where: where, Why: reason.Of(err)}
	}
	t, err := parse(data)
	if err != nil {
		var at *registry.LineError
		if errors.As(err, &at) {
			where = fmt.Sprintf("%s:%d", where, at.Line)
		}
		return run.MachinePolicy{}, &run.Problem{Aspect: run.AspectSettings, Where: where, Why: reason.Of(err)}
	}
	m := run.MachinePolicy{Name: name, Path: where, Settings: t.count, Registry: t.values()}
	problem := func(code reason.Code, args ...any) {
		m.Problems = append(m.Problems, run.Problem{Aspect: run.AspectSettings, Where: where, Why: reason.One(code, args...)})
	}
	if !t.covers {
		problem(reason.ExportOfOtherKeys, "key", run.FirewallKey)
	}
	if t.shallow {
		problem(reason.ExportShallow)
	}
	return m, nil
}

// unread is an error of all files.
func unread(file string, err error) error {
	return reason.Wrap(err, reason.ExportUnread, "file", file, "why", reason.Of(err))
}

// lost says what no registry export can tell.
func lost() map[run.Aspect]reason.List {
	all := map[run.Aspect]reason.List{}
	for _, a := range []run.Aspect{
		run.AspectGPOs, run.AspectLinks, run.AspectSecurity, run.AspectFilters, run.AspectComputers, run.AspectTrusts, run.AspectCopies, run.AspectActivation,
	} {
		all[a] = reason.One(reason.NotInExport, "aspect", a)
	}
	return all
}
