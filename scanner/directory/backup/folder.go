// Package backup reads folders of GPO backups, as Backup-GPO and the Group
// Policy Management Console write them, into a [run.Forest]. It needs no
// Windows and no directory, and it does not know what the settings mean.
//
// A folder holds one backup or many, each in a folder of its own with
// bkupInfo.xml (which GPO, of which domain, when), Backup.xml (flags, versions,
// security descriptor, WMI filter), gpreport.xml (where it was linked) and the
// GPO's files below DomainSysvol. manifest.xml, which lists them, may be missing.
package backup

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Folder is a folder of backups, or one backup.
type Folder string

var _ directory.Source = Folder("")

func (f Folder) String() string { return "backup " + string(f) }

// maxBackups bounds how many backups one folder may hold.
const maxBackups = 20000

// Read reads every backup in the folder. What cannot be read is among the
// problems; it fails where there is no backup.
func (f Folder) Read(ctx context.Context, ask directory.Ask) (*run.Forest, error) {
	root, err := os.OpenRoot(string(f)) // a link in it leads nowhere else
	if err != nil {
		return nil, unread(string(f), directory.Unreadable(err))
	}
	defer root.Close() //nolint:errcheck // it was only read
	return read(ctx, source{tree: root.FS(), root: root, name: string(f)}, ask)
}

// read is [Folder.Read] for any file system.
func read(ctx context.Context, from source, ask directory.Ask) (*run.Forest, error) {
	tree, name := from.tree, from.name
	out := &run.Forest{
		Name: strings.ToLower(ask.Forest), Source: Folder(name).String(), Kind: run.SourceBackup, Read: time.Now(), Lost: lost(),
	}
	dirs, samba, err := find(tree)
	switch {
	case err != nil:
		return nil, unread(name, directory.Unreadable(err))
	case len(dirs) == 0 && samba:
		return nil, unread(name, reason.Fail(reason.BackupOfSamba))
	case len(dirs) == 0:
		return nil, unread(name, reason.Fail(reason.BackupsMissing))
	case len(dirs) > maxBackups:
		return nil, unread(name, reason.Fail(reason.BackupsTooMany, "count", len(dirs), "most", maxBackups))
	}
	var (
		all  []saved
		kept kept
	)
	for _, dir := range dirs {
		if err := ctx.Err(); err != nil {
			return nil, unread(name, err)
		}
		b := from.backup(dir, &kept)
		out.Problems = append(out.Problems, b.problems...)
		if b.gpo.ID != "" {
			all = append(all, b)
		}
	}
	out.Problems = append(out.Problems, missing(reader{source: from, dir: ".", kept: &kept}, all)...)
	newest, problems := choose(all)
	out.Problems = append(out.Problems, problems...)
	out.Domains = domains(newest)
	return out, nil
}

// parts are the files of a backup, any of which makes a folder one.
var parts = []string{"bkupInfo.xml", "Backup.xml", "gpreport.xml"}

// unread is an error of the whole folder.
func unread(folder string, err error) error {
	return reason.Wrap(err, reason.BackupsUnread, "folder", folder, "why", reason.Of(err))
}

// find lists the folders that are backups, "." for the root. samba says that the
// root holds what samba-tool writes, which people may take for a backup.
func find(tree fs.FS) (dirs []string, samba bool, err error) {
	if is, err := isBackup(tree, "."); is || err != nil {
		return []string{"."}, false, err
	}
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, false, err
	}
	for _, e := range entries {
		if !isFolder(tree, e) {
			continue
		}
		is, err := isBackup(tree, e.Name())
		switch {
		case is || err != nil: // one that cannot be listed is told when it is read
			dirs = append(dirs, e.Name())
		case strings.EqualFold(e.Name(), "policy"):
			samba = true
		}
	}
	return dirs, samba, nil
}

// isFolder reports whether an entry of the root is a folder, or a link to one.
func isFolder(tree fs.FS, e fs.DirEntry) bool {
	if e.IsDir() || e.Type().IsRegular() {
		return e.IsDir()
	}
	info, err := fs.Stat(tree, e.Name())
	return err == nil && info.IsDir()
}

func isBackup(tree fs.FS, dir string) (bool, error) {
	if _, err := fs.Stat(tree, path.Join(dir, parts[0])); err == nil {
		return true, nil // to ask for one is quicker than to list all
	}
	entries, err := fs.ReadDir(tree, dir)
	for _, e := range entries {
		for _, part := range parts {
			if strings.EqualFold(e.Name(), part) {
				return true, nil
			}
		}
	}
	return false, err
}

// shown is a path as a person would type it.
func shown(root, name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
