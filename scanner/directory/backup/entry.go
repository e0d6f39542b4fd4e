package backup

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Entry is the source backup: a folder of Backup-GPO.
var Entry = directory.FileSource{
	Kind: filesource.Kind{
		Name: "backup", What: "backup", Title: "GPO backup", Wanted: "a folder of Backup-GPO", Folder: true,
		About:      "Directory of a GPO backup, instead of urls.",
		Help:       "read the GPO backups in `DIR` in place of the directories declared",
		NeverTells: reason.BackupNeverTells,
	},
	Open: func(path string) directory.Source { return Folder(path) },
	Is:   is,
}

// is reports whether a path is a folder that is no folder of text files.
func is(path string) bool {
	entries, err := os.ReadDir(path)
	if err != nil {
		return false
	}
	texts := false
	for _, e := range entries {
		switch ext := strings.ToLower(filepath.Ext(e.Name())); {
		case e.IsDir(), ext == ".xml":
			return true
		case ext == ".reg", ext == ".txt":
			texts = true
		}
	}
	return !texts
}
