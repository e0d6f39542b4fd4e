//go:build unix

package backup

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestQuick reads folders quickly and by the tree alone: both must say the same,
// whatever the folder has become.
func TestQuick(t *testing.T) {
	const rep, policy = newer + "/gpreport.xml", newer + "/DomainSysvol/GPO/Machine/registry.pol"
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	instead := func(name string, put func(path string) error) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			must(t, os.RemoveAll(path))
			must(t, put(path))
		}
	}
	renamed := func(from, to string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			must(t, os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)))
		}
	}
	linked := func(to string) func(string) error {
		return func(path string) error { return os.Symlink(to, path) }
	}
	outside := filepath.Join(t.TempDir(), "outside.xml")
	must(t, os.WriteFile(outside, []byte("<GPO/>"), 0o600))
	for name, damage := range map[string]func(t *testing.T, dir string){
		"as it is":                     func(*testing.T, string) {},
		"in another case":              renamed(rep, newer+"/GPREPORT.XML"),
		"in two cases":                 instead(newer+"/GPREPORT.XML", func(path string) error { return os.WriteFile(path, []byte("<GPO/>"), 0o600) }),
		"folders in another case":      renamed(newer+"/DomainSysvol", newer+"/domainsysvol"),
		"gone":                         instead(rep, func(string) error { return nil }),
		"settings gone":                instead(policy, func(string) error { return nil }),
		"empty":                        instead(rep, func(path string) error { return os.WriteFile(path, nil, 0o600) }),
		"no plain XML":                 instead(rep, func(path string) error { return os.WriteFile(path, []byte("<GPO a='b'/>"), 0o600) }),
		"a folder":                     instead(rep, func(path string) error { return os.Mkdir(path, 0o700) }),
		"a FIFO":                       instead(rep, func(path string) error { return syscall.Mkfifo(path, 0o600) }),
		"settings a FIFO":              instead(policy, func(path string) error { return syscall.Mkfifo(path, 0o600) }),
		"a link to the other backup":   instead(rep, linked("../"+older+"/gpreport.xml")),
		"settings of the other backup": instead(policy, linked("../../../../"+older+"/DomainSysvol/GPO/Machine/registry.pol")),
		"a link to nothing":            instead(rep, linked("nothing")),
		"a link to itself":             instead(rep, linked("gpreport.xml")),
		"a link out of the folder":     instead(rep, linked(outside)),
		"a part that is a link":        instead(newer+"/bkupInfo.xml", linked("nothing")),
		"a backup that is a link":      instead("link", linked(newer)),
		"a backup out of the folder":   instead("link", linked(filepath.Dir(outside))),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.CopyFS(dir, os.DirFS("testdata/isolation")))
			damage(t, dir)
			root, err := os.OpenRoot(dir)
			must(t, err)
			t.Cleanup(func() { _ = root.Close() })
			want, err := read(t.Context(), source{tree: root.FS(), name: dir}, directory.Ask{})
			must(t, err)
			got, err := Folder(dir).Read(t.Context(), directory.Ask{})
			must(t, err)
			for _, f := range []*run.Forest{want, got} {
				f.Read = time.Time{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	root, err := os.OpenRoot("testdata/isolation")
	must(t, err)
	t.Cleanup(func() { _ = root.Close() })
	var k kept
	if (source{tree: root.FS(), root: root}).backup(newer, &k); string(k.file[:4]) != "PReg" {
		t.Errorf("not read quickly: %q is kept", k.file)
	}
}

// TestLinkedBackup: a folder may be a link to one that is in the tree.
func TestLinkedBackup(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(
		os.CopyFS(filepath.Join(dir, "in", "folders"), os.DirFS("testdata/isolation")),
		os.Symlink("in/folders/"+newer, filepath.Join(dir, "link")),
	); err != nil {
		t.Fatal(err)
	}
	f := mustRead(t, dir)
	if got := f.Domains[0].GPOs; len(got) != 1 || got[0].Path != filepath.Join(dir, "link") || len(got[0].Problems) > 0 {
		t.Errorf("%+v", got)
	}
}
