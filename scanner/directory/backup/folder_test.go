package backup

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kmsiso/kmsiso/scanner/directory"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	realBackups  = "../../../fixtures/gpo-backups"
	realFirewall = "{3AD8D9F1-7CD7-4A0B-955A-8BBB76E51E23}"
	newer        = "{0A11B200-0001-4000-8000-000000000001}"
	older        = "{0A11B200-0002-4000-8000-000000000002}"
	reportOnly   = "{0A11B200-0003-4000-8000-000000000003}"
)

func mustRead(t *testing.T, folder string) *run.Forest {
	t.Helper()
	f, err := Folder(folder).Read(t.Context(), directory.Ask{Forest: "Contoso.test"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestRealBackups reads what Backup-GPO wrote; the golden file was compared
// with what Samba's readers print ([TestSambaReadsTheSame] does it again).
func TestRealBackups(t *testing.T) { golden(t, realBackups, "real") }
func TestIsolation(t *testing.T)   { golden(t, "testdata/isolation", "isolation") }
func TestOneBackup(t *testing.T)   { golden(t, filepath.Join("testdata/isolation", newer), "one") }

func golden(t *testing.T, folder, name string) {
	f := mustRead(t, folder)
	if age := time.Since(f.Read); age < 0 || age > time.Minute {
		t.Errorf("read at %v", f.Read)
	}
	f.Read = time.Time{}
	if !f.Lost[run.AspectTrusts].Equal(reason.One(reason.NotInBackup, "aspect", "trusts")) {
		t.Errorf("of trusts it says %s", f.Lost[run.AspectTrusts].Key())
	}
	got, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run with -update and read what it wrote", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestReportHasWhatTheRegistryHas takes the Registry.pol out of a real backup:
// what is rebuilt from its report must be what the file says.
func TestReportHasWhatTheRegistryHas(t *testing.T) {
	whole := mustRead(t, realBackups).Domains[0].GPOs[0]
	tree := copyOf(t, realBackups)
	delete(tree, realFirewall+"/DomainSysvol/GPO/Machine/registry.pol")
	f, err := read(t.Context(), source{tree: tree, name: "b"}, directory.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	rebuilt := f.Domains[0].GPOs[0]
	if rebuilt.RegistryFile || len(whole.Registry) != 24 {
		t.Fatalf("%+v", rebuilt)
	}
	order := func(a, b registry.Value) int { return strings.Compare(a.Key+a.Name, b.Key+b.Name) }
	slices.SortFunc(whole.Registry, order)
	slices.SortFunc(rebuilt.Registry, order)
	if diff := cmp.Diff(whole.Registry, rebuilt.Registry); diff != "" {
		t.Error(diff)
	}
	if len(rebuilt.Problems) != 2 || !rebuilt.Problems[0].Why.Has(reason.BackupFileLost) || !rebuilt.Problems[1].Why.Has(reason.SettingsRebuilt) {
		t.Errorf("problems %+v", rebuilt.Problems)
	}
}

// copyOf is a folder in memory, to be damaged.
func copyOf(t *testing.T, folder string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	root := os.DirFS(folder)
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		out[name] = &fstest.MapFile{Data: data, Mode: 0o644}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// crowded has each of its folders more often than is read.
type crowded struct{ fstest.MapFS }

func (c crowded) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := c.MapFS.ReadDir(name)
	if name == "." {
		all = slices.Repeat(all, maxBackups+1)
	}
	return all, err
}

// A folder without a backup says which kind of folder it is.
func TestNoBackup(t *testing.T) {
	for name, c := range map[string]struct {
		tree fs.FS
		want reason.Code
	}{
		"empty":        {fstest.MapFS{}, reason.BackupsMissing},
		"other things": {fstest.MapFS{"x/y.txt": {}}, reason.BackupsMissing},
		"of Samba":     {fstest.MapFS{"policy/{31B2F340-016D-11D2-945F-00C04FB984F9}/GPT.INI.SAMBABACKUP": {}}, reason.BackupOfSamba},
		"too many":     {crowded{fstest.MapFS{"x/Backup.xml": {}}}, reason.BackupsTooMany},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t.Context(), source{tree: c.tree, name: "b"}, directory.Ask{})
			if l := reason.Of(err); !l.Has(reason.BackupsUnread) || l[0].Word("folder") != "b" || !l.Names(c.want) {
				t.Errorf("got %s", l.Key())
			}
		})
	}
	if _, err := Folder("testdata/none").Read(t.Context(), directory.Ask{}); !reason.Of(err).Names(reason.FileMissing) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Folder(realBackups).Read(ctx, directory.Ask{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestNamesInAnotherCase reads a folder as a file system without cases may have
// handed it on.
func TestNamesInAnotherCase(t *testing.T) {
	tree := copyOf(t, "testdata/isolation")
	for name, file := range tree {
		delete(tree, name)
		tree[strings.ToUpper(name)] = file
	}
	f, err := read(t.Context(), source{tree: tree, name: "b"}, directory.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if g := f.Domains[0].GPOs[0]; !g.RegistryFile || len(g.Problems) > 0 || len(f.Problems) > 0 {
		t.Errorf("%+v, %+v", g, f.Problems)
	}
}
