package directory

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func TestLocate(t *testing.T) {
	tree := fstest.MapFS{"a/MACHINE/Registry.pol": {}, "a/Machine/other": {}, "b/GPT.INI": {}}
	for name, c := range map[string]struct{ dir, name, want string }{
		"as it is":             {"a", "MACHINE/Registry.pol", "a/MACHINE/Registry.pol"},
		"in another case":      {"a", "machine/registry.POL", "a/MACHINE/Registry.pol"},
		"the exact one before": {"a", "Machine/OTHER", "a/Machine/other"},
		"below the root":       {".", "B/gpt.ini", "b/GPT.INI"},
		"not there":            {"a", "user/registry.pol", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Locate(tree, c.dir, c.name)
			if got != c.want || errors.Is(err, fs.ErrNotExist) != (c.want == "") {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	for name, text := range map[string]string{outside: "x", filepath.Join(dir, "four"): "four", filepath.Join(dir, "lfs"): "version https://git-lfs.github.com/spec/v1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	if data, err := Load(root.FS(), "four", 4); string(data) != "four" || err != nil {
		t.Errorf("got %q, %v", data, err)
	}
	for name, code := range map[string]reason.Code{"four": reason.FileTooLarge, "lfs": reason.FilePointer, ".": reason.FileIrregular, "none": reason.FileMissing, "link": reason.FileUnreadable} {
		most := int64(100)
		if name == "four" {
			most = 3
		}
		if _, err := Load(root.FS(), name, most); !reason.Of(err).Has(code) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestQuickly: what is quickly read is what [Load] reads, and the rest is left to it.
func TestQuickly(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"four": "four", "none": "", "lfs": "version https://git-lfs.github.com/spec/v1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link": "four", "out": "../four", "lost": "five"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	var room []byte
	for _, c := range []struct {
		name string
		most int64
		want bool
	}{
		{"four", 4, true}, {"none", 0, true}, {"link", 100, true},
		{"four", 3, false}, {"lfs", 100, false}, {".", 100, false}, {"FOUR", 100, false}, {"five", 100, false}, {"out", 100, false}, {"lost", 100, false},
	} {
		data, ok := Quickly(root, c.name, c.most, room)
		if ok != c.want {
			t.Errorf("%s up to %d octets: %v", c.name, c.most, ok)
		}
		if room = data; !ok {
			continue
		}
		if want, err := Load(root.FS(), c.name, c.most); string(data) != string(want) || err != nil {
			t.Errorf("%s is %q, by Load %q, %v", c.name, data, want, err)
		}
	}
	if again, ok := Quickly(root, "four", 4, room); !ok || cap(again) == 0 || &again[0] != &room[:1][0] {
		t.Error("the room was not used again")
	}
}
