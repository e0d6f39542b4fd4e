package report

import (
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Format is one way to write a run.
type Format struct {
	Name string
	// Write writes the whole report. What it writes depends on the run and the
	// options only, so the same run gives the same bytes.
	Write func(io.Writer, *run.Run, Options) error
	// mode of its files. A run document holds what was read of the directory:
	// names, permissions, rules. Whoever wants it has to be given it.
	mode fs.FileMode
}

// Options are what a reader may choose.
type Options struct {
	Width  int  // columns of a line of text; 0 is 80
	Color  bool // terminal colours, in the table only
	Strict bool // warnings and unattributed denies count as a fail
}

// columns is the width of a line of text.
func (o Options) columns() int {
	if o.Width <= 0 {
		return 80
	}
	return max(o.Width, 40)
}

// Formats lists all formats; the first is the default.
var Formats = []Format{
	{"table", writeTable, 0o644},
	{"json", writeJSON, 0o600},
	{"junit", writeJUnit, 0o644},
	{"markdown", writeMarkdown, 0o644},
	{"prometheus", writePrometheus, 0o644},
}

// Named returns the format of that name. The error lists those there are.
func Named(name string) (Format, error) {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	return Format{}, fmt.Errorf("report format %q: there is %s", name, strings.Join(names, ", "))
}

// WriteFile writes a report to a file, atomically, so that whoever collects it
// never reads half of it: for everybody with mode 0644, but a run document for
// its owner alone, with mode 0600.
func WriteFile(path string, f Format, r *run.Run, o Options) error {
	return run.ReplaceFile(path, f.mode, func(w io.Writer) error { return f.Write(w, r, o) })
}
