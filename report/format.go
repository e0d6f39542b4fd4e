package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Format is one way to write a run.
type Format struct {
	Name string
	// Write writes the whole report. What it writes depends on the run and the
	// options only, so the same run gives the same bytes.
	Write func(io.Writer, *run.Run, Options) error
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
	{"table", writeTable},
	{"json", writeJSON},
	{"junit", writeJUnit},
	{"markdown", writeMarkdown},
	{"prometheus", writePrometheus},
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

// WriteFile writes a report to a file, atomically and with mode 0644, so that
// whoever collects it never reads half of it.
func WriteFile(path string, f Format, r *run.Run, o Options) error {
	return run.ReplaceFile(path, 0o644, func(w io.Writer) error { return f.Write(w, r, o) })
}
