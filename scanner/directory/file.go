package directory

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Locate finds a file below dir whatever the case of its names: the folders
// come from file systems that do not tell apart, and are read on those that do.
func Locate(tree fs.FS, dir, name string) (string, error) {
	at := dir
	for _, part := range strings.Split(name, "/") {
		exact := path.Join(at, part)
		if _, err := fs.Stat(tree, exact); err == nil {
			at = exact
			continue
		}
		entries, err := fs.ReadDir(tree, at)
		if err != nil {
			return "", err
		}
		found := ""
		for _, e := range entries {
			if strings.EqualFold(e.Name(), part) {
				found = path.Join(at, e.Name())
				break
			}
		}
		if found == "" {
			return "", fs.ErrNotExist
		}
		at = found
	}
	return at, nil
}

// Load reads a whole file that is no larger than most.
func Load(tree fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(tree, name)
	switch {
	case err != nil:
		return nil, Unreadable(err)
	case !info.Mode().IsRegular():
		return nil, reason.Fail(reason.FileIrregular)
	case info.Size() > most:
		return nil, reason.Fail(reason.FileTooLarge, "size", info.Size(), "most", most)
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil, Unreadable(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	b := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := b.ReadFrom(io.LimitReader(f, most+1)); err != nil {
		return nil, Unreadable(err)
	}
	switch {
	case int64(b.Len()) > most:
		return nil, reason.Fail(reason.FileTooLarge, "most", most)
	case bytes.HasPrefix(b.Bytes(), lfsPointer):
		return nil, reason.Fail(reason.FilePointer)
	}
	return b.Bytes(), nil
}

// lfsPointer is how a Git LFS pointer begins.
var lfsPointer = []byte("version https://git-lfs.github.com/spec/")

// Unreadable is an error of a file or a folder: that it is not there, or the
// system's words without the path, which is told beside them.
func Unreadable(err error) error {
	var (
		known *reason.Error
		p     *fs.PathError
	)
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return reason.Wrap(err, reason.FileMissing)
	case errors.As(err, &p):
		err = p.Err
	}
	return reason.Wrap(err, reason.FileUnreadable, "why", reason.Quote(err.Error()))
}
