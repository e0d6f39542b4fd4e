package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/kmsiso/kmsiso/report"
	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/files"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/document"
)

// output is how a command shows a run: one format on standard output, and any
// number of files.
type output struct {
	format   string
	files    []string
	mode     string
	evidence string
	strict   bool
	width    int
	asked    func() bool // that the format was chosen, and is not the default
}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&o.format, "output", "o", "table", "format on standard output: "+formatNames())
	f.StringArrayVar(&o.files, "out", nil, "also write `FORMAT=FILE`, where - is standard output; may be given often")
	f.StringVar(&o.mode, "out-mode", "", "octal `MODE` of the files that --out writes (default: 600 with evidence, else as the umask has it)")
	f.StringVar(&o.evidence, "junit-evidence", string(report.EvidenceFail), "cells whose evidence JUnit shows: fail (all but those that pass), all, or none")
	f.BoolVar(&o.strict, "strict", false, "warnings, and a GO with a but, count as failures of the exit code")
	f.IntVar(&o.width, "width", 0, "columns of a table; 0 is those of the terminal")
	o.asked = func() bool { return f.Changed("output") }
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
	out    *files.Output // nil is standard output, as a person reads it
}

// targets checks what the flags ask for, before anything is sent.
func (o *output) targets() ([]target, error) {
	f, err := report.Named(o.format)
	if err != nil {
		return nil, fmt.Errorf("--output: %w", err)
	}
	mode, err := fileMode(o.mode)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(report.Evidences, report.Evidence(o.evidence)) {
		return nil, fmt.Errorf("--junit-evidence %q: want fail, all or none", o.evidence)
	}
	var all []target
	streamed := false
	for _, spec := range o.files {
		name, path, ok := strings.Cut(spec, "=")
		if !ok || path == "" {
			return nil, fmt.Errorf("--out %q: want FORMAT=FILE, such as junit=kmsiso.xml", spec)
		}
		f, err := report.Named(name)
		if err != nil {
			return nil, fmt.Errorf("--out %q: %w", spec, err)
		}
		out := &files.Output{Path: path, Private: f.Private(o.options()), Mode: mode}
		if err := out.Check(); err != nil {
			return nil, fmt.Errorf("--out %q: %w", spec, err)
		}
		if out.IsOpen(os.Stdout) {
			return nil, fmt.Errorf("--out %q: standard output goes to this file too; write each to a file of its own", spec)
		}
		for _, t := range all {
			if files.Same(*t.out, *out) {
				return nil, fmt.Errorf("--out %q: %s is written already, as %s; give each a file of its own", spec, path, t.format.Name)
			}
		}
		streamed = streamed || out.ToStdout()
		all = append(all, target{f, out})
	}
	if streamed && !o.asked() {
		return all, nil // a program reads it, and no table goes before
	}
	return append([]target{{format: f}}, all...), nil
}

// fileMode reads --out-mode; nil is none.
func fileMode(s string) (*fs.FileMode, error) {
	if s == "" {
		return nil, nil
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "0o"), 8, 32)
	if err != nil || n > 0o777 {
		return nil, fmt.Errorf("--out-mode %q: want permissions in octal, such as 0640", s)
	}
	mode := fs.FileMode(n)
	return &mode, nil
}

// options are those of a report in a file.
func (o *output) options() report.Options {
	return report.Options{Width: 80, Strict: o.strict, Evidence: report.Evidence(o.evidence)}
}

// show writes a run to all its targets and returns the exit code as an error. One
// target that cannot be written keeps no other from being.
func (o *output) show(w io.Writer, targets []target, r *run.Run) error {
	var bad, broke []error
	for _, t := range targets {
		err := o.write(w, t, r)
		if errors.As(err, new(*belt.Panic)) {
			broke = append(broke, err)
			continue
		}
		bad = append(bad, err)
	}
	if len(broke) > 0 {
		return rescue(w, r, errors.Join(append(broke, bad...)...))
	}
	if err := errors.Join(bad...); err != nil {
		return err
	}
	if code := r.ExitCode(o.strict); code != 0 {
		return exitCode(code)
	}
	return nil
}

// write writes a run to one target.
func (o *output) write(w io.Writer, t target, r *run.Run) error {
	opt := o.options()
	if t.out != nil {
		return t.write(r, opt)
	}
	opt.Width, opt.Color = o.terminal()
	return t.guarded(w, r, opt)
}

func (t target) write(r *run.Run, opt report.Options) error {
	return t.out.Write(func(w io.Writer) error { return t.guarded(w, r, opt) })
}

// guarded writes a report. Where it panics that is an error, a [*belt.Panic].
func (t target) guarded(w io.Writer, r *run.Run, opt report.Options) (err error) {
	if broke := belt.Catch("report "+t.format.Name, func() { err = t.format.Write(w, r, opt) }); broke != nil {
		return broke
	}
	return err
}

// rescue keeps a run of which a report broke, in a file of its own, and says
// where. The exit code is 1 where something fails, and 3 else.
func rescue(w io.Writer, r *run.Run, broke error) error {
	answer := *r
	answer.Broken = append([]string{"report"}, r.Broken...)
	kept := "nowhere"
	f, err := os.CreateTemp("", "kmsiso-run-*.json")
	if err == nil {
		kept, err = f.Name(), errors.Join(document.Write(f, r), f.Close())
	}
	_, said := fmt.Fprintf(w, "%s  %v\nThe run document is kept in %s; kmsiso report shows it in other formats.\n", answer.Answer(), broke, kept)
	if err = errors.Join(err, said); err != nil {
		fmt.Fprintln(os.Stderr, "kmsiso:", err)
	}
	return exitCode(answer.ExitCode(false))
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
