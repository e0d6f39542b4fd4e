package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// output is how a command shows a run: one format on standard output, and any
// number of files.
type output struct {
	format string
	files  []string
	strict bool
	width  int
}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&o.format, "output", "o", "table", "format on standard output: "+formatNames())
	f.StringArrayVar(&o.files, "out", nil, "also write `FORMAT=FILE`; may be given often")
	f.BoolVar(&o.strict, "strict", false, "warnings and unattributed denies count as failures of the exit code")
	f.IntVar(&o.width, "width", 0, "columns of a table; 0 is those of the terminal")
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// target is one format and where it goes.
type target struct {
	format report.Format
	path   string
}

// targets checks what the flags ask for, before anything is sent.
func (o *output) targets() ([]target, error) {
	var all []target
	f, err := report.Named(o.format)
	if err != nil {
		return nil, fmt.Errorf("--output: %w", err)
	}
	all = append(all, target{format: f})
	for _, spec := range o.files {
		name, path, ok := strings.Cut(spec, "=")
		if !ok || path == "" {
			return nil, fmt.Errorf("--out %q: want FORMAT=FILE, such as junit=kmsiso.xml", spec)
		}
		f, err := report.Named(name)
		if err != nil {
			return nil, fmt.Errorf("--out %q: %w", spec, err)
		}
		if dir, err := os.Stat(filepath.Dir(path)); err != nil || !dir.IsDir() {
			return nil, fmt.Errorf("--out %q: there is no directory %s; make it first", spec, filepath.Dir(path))
		}
		all = append(all, target{f, path})
	}
	return all, nil
}

// show writes a run to all its targets and returns the exit code as an error.
func (o *output) show(w io.Writer, targets []target, r *run.Run) error {
	for _, t := range targets {
		opt := report.Options{Width: 80, Strict: o.strict}
		if t.path == "" {
			opt.Width, opt.Color = o.terminal()
			if err := t.format.Write(w, r, opt); err != nil {
				return err
			}
			continue
		}
		if err := report.WriteFile(t.path, t.format, r, opt); err != nil {
			return err
		}
	}
	if code := r.ExitCode(o.strict); code != 0 {
		return exitCode(code)
	}
	return nil
}

// terminal returns the width of standard output and whether it takes colour.
func (o *output) terminal() (width int, color bool) {
	width = 80
	if fd := int(os.Stdout.Fd()); term.IsTerminal(fd) {
		if w, _, err := term.GetSize(fd); err == nil && w >= 40 {
			width = w
		}
		color = os.Getenv("NO_COLOR") == ""
	}
	if o.width > 0 {
		width = o.width
	}
	return width, color
}

// progress writes one line for each step to standard error, where that is a
// terminal.
func progress() func(string, ...any) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	return func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "kmsiso: "+format+"\n", args...)
	}
}
