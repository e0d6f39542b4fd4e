// Package files writes the files of kmsiso: whole or not at all, never in the
// place of a device or a link, and for their owner alone where they hold what an
// attacker would like to read. It does not know what it writes.
package files

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Stdout is the path that stands for standard output.
const Stdout = "-"

// shared is the mode of a new file that anybody may read; the umask applies.
const shared fs.FileMode = 0o644

// private is the mode of a file that its owner alone may read.
const private fs.FileMode = 0o600

// Output is a place that a report is written to.
type Output struct {
	Path string // as a person gave it; [Stdout] is standard output
	// Private says that the report holds evidence: a new file is for its owner
	// alone, and one that others can read is refused.
	Private bool
	// Mode of the file, whatever it was and whatever is in it; nil leaves it to
	// Private and to the file that is there.
	Mode *fs.FileMode
}

// Check says why the output could not be written, before there is anything to
// write: nothing is made or changed.
func (o Output) Check() error {
	if o.stream() >= 0 {
		return nil
	}
	p, err := resolve(o.Path)
	if err != nil {
		return err
	}
	return o.allowed(p)
}

// allowed refuses a place that the report must not be written to.
func (o Output) allowed(p place) error {
	switch {
	case p.info == nil:
		return nil
	case p.info.IsDir():
		return fmt.Errorf("%s is a directory; name a file in it", o.Path)
	case !p.info.Mode().IsRegular(), !o.Private, o.Mode != nil:
		return nil
	}
	who, err := readers(p.path, p.info)
	switch {
	case err != nil:
		return fmt.Errorf("cannot tell who can read %s: %w", o.Path, err)
	case who != "":
		return fmt.Errorf("%s is there already and %s: the report holds evidence, which is for its owner alone. "+
			"Remove the file or make it private (%s), or say with --out-mode MODE who may read it, such as --out-mode 0640",
			o.Path, who, howPrivate(o.Path))
	}
	return nil
}

// Write writes the report. A regular file is replaced as a whole; it keeps its
// owner and its mode. A link stays, and what it leads to is written. A device, a
// FIFO, a socket and standard output are written to.
func (o Output) Write(write func(io.Writer) error) error {
	if err := o.write(write); err != nil {
		return fmt.Errorf("write %s: %w", o.Path, err)
	}
	return nil
}

func (o Output) write(write func(io.Writer) error) error {
	if fd := o.stream(); fd >= 0 {
		return toStream(fd, write)
	}
	p, err := resolve(o.Path)
	if err != nil {
		return err
	}
	if err := o.allowed(p); err != nil { // it may have come since Check
		return err
	}
	if p.info != nil && !p.info.Mode().IsRegular() {
		return toSpecial(p, write)
	}
	r := replacement{place: p, mode: shared}
	if o.Private {
		r.mode = private
	}
	if o.Mode != nil {
		r.mode, r.exact = *o.Mode, true
	}
	return r.write(write)
}

// ToStdout says that the output is standard output, by whatever name.
func (o Output) ToStdout() bool { return o.stream() == 1 }

// stream is the number of the open file that the output is, 1 for standard output
// and /dev/stdout; -1 where it is none.
func (o Output) stream() int {
	if o.Path == Stdout {
		return 1
	}
	return openFile(o.Path)
}

// Same says that both outputs are one regular file, by whatever path or link, or
// would become one.
func Same(a, b Output) bool {
	if a.stream() >= 0 || b.stream() >= 0 {
		return false
	}
	pa, errA := resolve(a.Path)
	pb, errB := resolve(b.Path)
	switch {
	case errA != nil || errB != nil:
		return false
	case pa.info != nil && pb.info != nil:
		return pa.info.Mode().IsRegular() && os.SameFile(pa.info, pb.info)
	case pa.info != nil || pb.info != nil:
		return false
	}
	da, errA := os.Stat(filepath.Dir(pa.path))
	db, errB := os.Stat(filepath.Dir(pb.path))
	if errA != nil || errB != nil || !os.SameFile(da, db) {
		return false
	}
	na, nb := filepath.Base(pa.path), filepath.Base(pb.path)
	return na == nb || runtime.GOOS != "linux" && strings.EqualFold(na, nb)
}

// IsOpen says that the output is the regular file that an open file is, such as
// that which standard output was sent to.
func (o Output) IsOpen(f *os.File) bool {
	if o.stream() >= 0 {
		return false
	}
	p, err := resolve(o.Path)
	if err != nil || p.info == nil || !p.info.Mode().IsRegular() {
		return false
	}
	info, err := f.Stat()
	return err == nil && os.SameFile(p.info, info)
}

// Replace writes a file of kmsiso's own, whole or not at all: a reader finds the
// old one or the new one, and after an error the old one. Its mode is the given
// one, whatever it was.
func Replace(path string, mode fs.FileMode, write func(io.Writer) error) error {
	return Output{Path: path, Mode: &mode}.Write(write)
}
