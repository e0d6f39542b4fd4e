package directory

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

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

// Quickly reads a whole file into the room that is given, or into new room if that is
// too small. It says nothing of why it could not: what is no regular file of
// exactly that name below the folder, or is too large, or changes while it is
// read, is left to [Locate] and [Load].
func Quickly(folder *os.Root, name string, most int64, room []byte) (data []byte, ok bool) {
	// Of a FIFO nobody may be at the other end. With this flag nothing waits for it.
	f, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return room, false
	}
	defer f.Close() //nolint:errcheck // it was only read
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return room, false
	}
	size := int(info.Size())
	room = slices.Grow(room[:0], size+1) // one more, to see that there is no more
	n, err := f.Read(room[:size+1])
	if err != nil && !errors.Is(err, io.EOF) || n != size {
		return room, false
	}
	data = room[:size]
	return data, !bytes.HasPrefix(data, lfsPointer)
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
