package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// The sizes of the largest files that are read, in octets. A report with
// 100,000 rules has about 60 MB, and so has their Registry.pol.
const (
	maxInfo     = 1 << 20
	maxManifest = 64 << 20
	maxScheme   = 32 << 20
	maxReport   = 256 << 20
	maxSettings = 256 << 20
)

// locate finds a file below dir whatever the case of its names: the folders
// come from file systems that do not tell apart, and are read on those that do.
func locate(tree fs.FS, dir, name string) (string, error) {
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

// load reads a whole file that is no larger than most.
func load(tree fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(tree, name)
	switch {
	case err != nil:
		return nil, reason(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > most:
		return nil, fmt.Errorf("it has %d octets, more than the %d that are read", info.Size(), most)
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	data := make([]byte, 0, info.Size()+1)
	b := bytes.NewBuffer(data)
	if _, err := b.ReadFrom(io.LimitReader(f, most+1)); err != nil {
		return nil, reason(err)
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
