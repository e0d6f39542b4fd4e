// Package sources is the list of all sources of configuration that are kept in files
// of this machine. A new one is its own folder and one line here: the form of
// kmsiso.yaml, its schema, the options of the commands, the plan and the messages take
// what they need of it from its description.
//
// A live directory is none of them. Its controllers are part of the policy: they are
// what dc stands for, and accounts are shown to them.
package sources

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/directory/backup"
	"github.com/kmsiso/kmsiso/scanner/directory/export"
	"github.com/kmsiso/kmsiso/scanner/filesource"
)

// All are the sources, in the order in which they are offered to people.
var All = []directory.FileSource{
	backup.Entry,
	export.Entry,
}

// Kinds are the descriptions of all sources.
func Kinds() []filesource.Kind {
	kinds := make([]filesource.Kind, len(All))
	for i, k := range All {
		kinds[i] = k.Kind
	}
	return kinds
}

// Named returns the source of that name.
func Named(name string) (directory.FileSource, bool) {
	i := slices.IndexFunc(All, func(k directory.FileSource) bool { return k.Name == name })
	if i < 0 {
		return directory.FileSource{}, false
	}
	return All[i], true
}

// At returns the kind of source that is at a path.
func At(path string) (directory.FileSource, bool) {
	i := slices.IndexFunc(All, func(k directory.FileSource) bool { return k.Is(path) })
	if i < 0 {
		return directory.FileSource{}, false
	}
	return All[i], true
}
