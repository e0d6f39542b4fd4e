package files

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// replacement is a regular file that is written anew.
type replacement struct {
	place
	mode  fs.FileMode // of a new file
	exact bool        // also of one that is there, whatever the umask
}

// write writes a file beside the old one and puts it in its place. Where that
// cannot be done, or would take the file its owner or its other names, the old
// one is written over.
func (r replacement) write(write func(io.Writer) error) error {
	if r.info != nil && keepsInode(r.path, r.info) {
		return r.inPlace(write)
	}
	at := r.mode
	if r.info != nil || r.exact { // it gets its mode when it is whole
		at = private
	}
	f, err := beside(r.path, at)
	switch {
	case err != nil && r.info != nil: // a folder that may not be written to
		return r.inPlace(write)
	case err != nil:
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone already where it has the place of the old one
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	as := r.dress(f)
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if as == nil {
		as = os.Rename(f.Name(), r.path)
	}
	if as == nil || r.info == nil {
		return as
	}
	// A mount of this one file, a sticky folder, an owner that cannot be given.
	return r.inPlace(func(w io.Writer) error {
		from, err := os.Open(f.Name())
		if err != nil {
			return err
		}
		_, err = io.Copy(w, from)
		return errors.Join(err, from.Close())
	})
}

// dress gives the new file the owner and the mode of the old one.
func (r replacement) dress(f *os.File) error {
	if r.info != nil {
		if err := like(f, r.path, r.info); err != nil {
			return err
		}
	}
	if r.exact {
		return setMode(f.Name(), r.mode)
	}
	return nil
}

// inPlace writes over the file that is there. All is made before its first octet
// is lost.
func (r replacement) inPlace(write func(io.Writer) error) error {
	var whole bytes.Buffer
	if err := write(&whole); err != nil {
		return err
	}
	f, err := os.OpenFile(r.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if r.exact { // before anything is in it
		err = setMode(r.path, r.mode)
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.Write(whole.Bytes())
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// beside makes a new file in the folder of another, under a name of its own.
func beside(path string, mode fs.FileMode) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(path), ".kmsiso-"+rand.Text()[:12])
		f, err := create(name, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// New writes a file that was not there, whole: the first of the names in a folder
// that is free. It returns its path. No file is ever written over, also where two
// programs do this at once.
func New(dir string, names func(yield func(string) bool), write func(io.Writer) error) (string, error) {
	f, err := beside(filepath.Join(dir, "new"), private)
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone already where it was moved
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return "", err
	}
	for name := range names {
		path := filepath.Join(dir, name)
		if err = os.Link(f.Name(), path); err == nil {
			return path, nil
		}
		if _, there := os.Lstat(path); there == nil {
			continue
		}
		// A file system without hard links: the name is taken first, and then filled.
		taken, err := create(path, private)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			err = errors.Join(taken.Close(), os.Rename(f.Name(), path))
		}
		return path, err
	}
	return "", fs.ErrExist
}
