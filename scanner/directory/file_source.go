package directory

import "github.com/kmsiso/kmsiso/scanner/filesource"

// FileSource is a kind of source that is kept in files of this machine, and how it is read.
// package sources lists them all.
type FileSource struct {
	filesource.Kind
	// Open gives the source that is at a path. Nothing is read yet.
	Open func(path string) Source
	// Is reports whether what is at a path looks like it.
	Is func(path string) bool
}
