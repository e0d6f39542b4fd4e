package export

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Entry is the source registry: an export of a machine's registry, or a folder of them.
var Entry = directory.FileSource{
	Kind: filesource.Kind{
		Name: "registry", What: "registry export", Title: "registry export", Wanted: "a registry export",
		About:      "File of a registry export, or a folder of them, instead of urls.",
		Help:       "read the registry export in `FILE`, or those in a folder, in place of the directories declared",
		Limits:     ", and so for the machines it is from only",
		NeverTells: reason.ExportNeverTells,
	},
	Open: func(path string) directory.Source { return Files(path) },
	Is:   is,
}

// is reports whether a path is a file, or a folder of nothing but files, exports among
// them. A folder with XML in it is of something else.
func is(path string) bool {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return err == nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return false
	}
	exports := 0
	for _, e := range entries {
		switch ext := strings.ToLower(filepath.Ext(e.Name())); {
		case e.IsDir(), ext == ".xml":
			return false
		case ext == ".reg", ext == ".txt":
			exports++
		}
	}
	return exports > 0
}
