package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
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
		return nil, Reason(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > most:
		return nil, fmt.Errorf("it has %d octets, more than the %d that are read", info.Size(), most)
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil, Reason(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	b := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := b.ReadFrom(io.LimitReader(f, most+1)); err != nil {
		return nil, Reason(err)
	}
	switch {
	case int64(b.Len()) > most:
		return nil, fmt.Errorf("it grew beyond the %d octets that are read", most)
	case bytes.HasPrefix(b.Bytes(), lfsPointer):
		return nil, errors.New("a Git LFS pointer stands in its place; fetch the file with git lfs pull")
	}
	return b.Bytes(), nil
}

// lfsPointer is how a Git LFS pointer begins.
var lfsPointer = []byte("version https://git-lfs.github.com/spec/")

// Reason is the system's word without the path, which is told beside it.
func Reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
