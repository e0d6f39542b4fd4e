package sources

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/directory"
)

// What the form, the options and a run document take from an entry is there, and no
// name is used otherwise.
func TestEverySourceIsDescribed(t *testing.T) {
	for i, k := range All {
		for what, text := range map[string]string{"What": k.What, "Title": k.Title, "Wanted": k.Wanted, "About": k.About, "Help": k.Help} {
			if text == "" {
				t.Errorf("%s has no %s", k.Name, what)
			}
		}
		if !regexp.MustCompile(`^[a-z]+$`).MatchString(k.Name) || k.Open == nil || k.Is == nil {
			t.Errorf("%q lacks a name, Open or Is", k.Name)
		}
		if slices.Contains([]string{"urls", "credential", "ca", "sysvol", "run", "config", "from", "to"}, k.Name) {
			t.Errorf("%s is the name of something else", k.Name)
		}
		if again := slices.IndexFunc(All, func(o directory.FileSource) bool { return o.Name == k.Name }); again != i {
			t.Errorf("there are two sources %s", k.Name)
		}
	}
}

// What is at a path is told by what is there, and by one source alone.
func TestAt(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"backup/{1}/bkupInfo.xml", "manifest/manifest.xml", "exports/a.reg", "exports/b.TXT", "both/a.reg", "both/{1}/x", "other/readme.md"} {
		full := filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"backup": "backup", "manifest": "backup", "exports": "registry", "exports/a.reg": "registry", "both": "backup", "other": "backup", "absent": "",
	} {
		got, _ := At(filepath.Join(dir, path))
		if got.Name != want {
			t.Errorf("%s is a %q, want %q", path, got.Name, want)
		}
		n := 0
		for _, k := range All {
			if k.Is(filepath.Join(dir, path)) {
				n++
			}
		}
		if n > 1 {
			t.Errorf("%s is %d sources at once", path, n)
		}
	}
}
