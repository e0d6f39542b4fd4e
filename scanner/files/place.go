package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// place is where a path leads to.
type place struct {
	path string      // without links, its folder included
	info fs.FileInfo // nil where nothing is there
}

// maxLinks is how many links a path may lead through, as on Linux.
const maxLinks = 40

// resolve follows a path to what it names, link by link, also where that is not
// there yet. The folder must be there.
func resolve(path string) (place, error) {
	// The system follows first: where it does not trust a link in a folder that
	// everybody can write to, neither do we (protected_symlinks, proc(5)).
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return place{}, err
	}
	if info != nil && !info.Mode().IsRegular() {
		return place{path, info}, nil
	}
	given := path
	for range maxLinks {
		dir, name := filepath.Split(path)
		if dir == "" {
			dir = "."
		}
		folder, err := filepath.EvalSymlinks(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return place{}, fmt.Errorf("there is no directory %s; make it first", filepath.Clean(dir))
		}
		if err != nil {
			return place{}, err
		}
		if d, err := os.Stat(folder); err != nil || !d.IsDir() {
			return place{}, fmt.Errorf("there is no directory %s; make it first", filepath.Clean(dir))
		}
		if name == "" {
			return place{}, fmt.Errorf("%s names no file", given)
		}
		path = filepath.Join(folder, name)
		here, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return place{path: path}, nil
		case err != nil:
			return place{}, err
		case here.Mode()&fs.ModeSymlink == 0:
			return place{path, here}, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return place{}, err
		}
		if path = to; !filepath.IsAbs(to) {
			path = folder + string(filepath.Separator) + to // not cleaned: .. is of where the link leads
		}
	}
	return place{}, fmt.Errorf("%s leads through too many links", given)
}
