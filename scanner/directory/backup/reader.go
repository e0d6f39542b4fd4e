package backup

import (
	"io/fs"
	"os"
	"path"

	"github.com/kmsiso/kmsiso/scanner/directory"
)

// source is where backups are read from.
type source struct {
	tree fs.FS
	root *os.Root // of the tree, where it is one of this machine, to read quickly
	name string   // what people know it by
}

// reader reads the backup in one folder of the tree.
type reader struct {
	source
	dir  string
	held *os.Root // the folder; nil where files are not read quickly
	kept *kept
}

// kept is what one backup leaves for the next: room.
type kept struct {
	plain plain
	file  []byte
}

// backup reads the one in a folder.
func (s source) backup(dir string, k *kept) saved {
	r := reader{source: s, dir: dir, kept: k}
	if s.root != nil {
		if held, err := s.root.OpenRoot(dir); err == nil {
			defer held.Close() //nolint:errcheck // it was only read
			r.held = held
		}
	}
	return r.read()
}

// load reads a whole file of the backup. The octets are there until the next file is
// read. The error is [fs.ErrNotExist] where there is no such file.
func (r reader) load(name string, most int64) (data []byte, where string, err error) {
	where = r.file(name)
	if r.held != nil {
		if data, ok := r.kept.quickly(r.held, name, most); ok {
			return data, where, nil
		}
	}
	at, err := directory.Locate(r.tree, r.dir, name)
	if err != nil {
		return nil, where, err
	}
	data, err = directory.Load(r.tree, at, most)
	return data, shown(r.name, at), err
}

// mostKept is how much room is kept for the next file, in octets.
const mostKept = 4 << 20

func (k *kept) quickly(folder *os.Root, name string, most int64) (data []byte, ok bool) {
	data, ok = directory.Quickly(folder, name, most, k.file)
	if k.file = nil; cap(data) <= mostKept {
		k.file = data
	}
	return data, ok
}

func (r reader) file(name string) string { return shown(r.name, path.Join(r.dir, name)) }
