package live

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

func TestLocate(t *testing.T) {
	d := &domain{Domain: run.Domain{Name: "contoso.test", NetBIOS: "CONTOSO", Controllers: []string{"dc02.contoso.test"}}, members: []*member{{server: server{host: "dc01.contoso.test"}}}}
	for path, want := range map[string]string{
		`\\contoso.test\sysvol\contoso.test\Policies\{1}`:      "contoso.test/Policies/{1}",
		`\\CONTOSO\SysVol\contoso.test\Policies\{1}\`:          "contoso.test/Policies/{1}",
		`//dc02/SYSVOL/contoso.test/Policies/{1}`:              "contoso.test/Policies/{1}",
		`\\dc01.contoso.test\SYSVOL\contoso.test\Policies\{1}`: "contoso.test/Policies/{1}",
		``:                                      string(reason.GPOPathMissing),
		`C:\Policies\{1}`:                       string(reason.GPOPathMalformed),
		`\\contoso.test\sysvol`:                 string(reason.GPOPathMalformed),
		`\\contoso.test\sysvol\`:                string(reason.GPOPathMalformed),
		`\\contoso.test\sysvol\a\..\..\x`:       string(reason.GPOPathMalformed),
		`\\contoso.test\sysvol\a\.\x`:           string(reason.GPOPathMalformed),
		`\\contoso.test\sysvol\a\\x`:            string(reason.GPOPathMalformed),
		`\\contoso.test\sysvol\a:b\x`:           string(reason.GPOPathMalformed),
		`\\contoso.test\C$\Windows`:             string(reason.GPOPathElsewhere),
		`\\fabrikam.test\sysvol\x\Policies\{1}`: string(reason.GPOPathForeign),
		`\\10.0.0.1\sysvol\x\Policies\{1}`:      string(reason.GPOPathForeign),
	} {
		at, err := d.locate(path)
		got := strings.Join(at, "/")
		if err != nil {
			got = string(reason.Of(err)[0].Code)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	policies := filepath.Join(dir, "Contoso.Test", "POLICIES", "{1}")
	if err := errors.Join(
		os.MkdirAll(filepath.Join(policies, "MACHINE"), 0o755),
		os.WriteFile(filepath.Join(policies, "GPT.INI"), []byte("[General]\r\nVersion=65537\r\n"), 0o644),
		os.WriteFile(filepath.Join(policies, "MACHINE", "registry.POL"), make([]byte, 100), 0o644),
		os.WriteFile(filepath.Join(filepath.Dir(dir), "outside"), []byte("no"), 0o644),
		os.Symlink("../../../../outside", filepath.Join(policies, "link")),
	); err != nil {
		t.Fatal(err)
	}
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	at := []string{"contoso.test", "Policies", "{1}"}
	in := func(names ...string) []string { return slices.Concat(at, names) }
	if b, err := f.read(t.Context(), in("gpt.ini"), 100); err != nil || !strings.Contains(string(b), "65537") {
		t.Errorf("gpt.ini: %q, %v", b, err)
	}
	if b, err := f.read(t.Context(), in("Machine", "Registry.pol"), 100); err != nil || len(b) != 100 {
		t.Errorf("Registry.pol: %d bytes, %v", len(b), err)
	}
	if _, err := f.read(t.Context(), in("Machine", "Registry.pol"), 99); !reason.Of(err).Equal(reason.One(reason.FileTooLarge, "most", 99)) {
		t.Errorf("a file above the limit: %v", err)
	}
	for _, missing := range [][]string{in("x"), {"contoso.test", "Policies", "{2}", "gpt.ini"}, in("gpt.ini", "x")} {
		if _, err := f.read(t.Context(), missing, 100); !errors.Is(err, fs.ErrNotExist) && !strings.Contains(err.Error(), "not a directory") {
			t.Errorf("%v: %v", missing, err)
		}
	}
	if b, err := f.read(t.Context(), in("link"), 100); err == nil {
		t.Errorf("what is outside was read: %q", b)
	}
	if err := f.exists(t.Context(), at); err != nil {
		t.Error(err)
	}
	if err := f.exists(t.Context(), []string{"contoso.test", "Policies", "{2}"}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := openFolder(filepath.Join(dir, "nowhere")); !reason.Of(err).Has(reason.SYSVOLFolderUnreadable) {
		t.Error("a folder that is not there was opened")
	}
}

// A GPO without a folder, and one without gpt.ini, are told apart.
func TestFilesThatAreNotThere(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "contoso.test", "Policies", "{A}"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := openFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	d := &domain{Domain: run.Domain{Name: "contoso.test"}}
	for name, want := range map[string]reason.Code{"{A}": reason.FileMissing, "{B}": reason.GPOFolderMissing} {
		c, err := d.contents(t.Context(), f, &run.GPO{Path: `\\contoso.test\sysvol\contoso.test\Policies\` + name})
		if err != nil || len(c.absent) != 1 || !c.absent[0].Why.Has(want) || c.absent[0].Unread {
			t.Errorf("%s: %+v, %v", name, c.absent, err)
		}
	}
}

// Whatever a GPO names, what is read lies below the share.
func FuzzLocate(f *testing.F) {
	for _, path := range []string{`\\contoso.test\sysvol\contoso.test\Policies\{1}`, `\\contoso.test\sysvol\a\..\..\x`, `//contoso.test/SYSVOL/./x/`, `\\x\y\z`, ``} {
		f.Add(path)
	}
	d := &domain{Domain: run.Domain{Name: "contoso.test"}}
	f.Fuzz(func(t *testing.T, path string) {
		at, err := d.locate(path)
		if err == nil && (len(at) == 0 || !filepath.IsLocal(filepath.Join(at...)) || slices.ContainsFunc(at, func(p string) bool { return strings.ContainsAny(p, `/\:`) || p == "" })) {
			t.Errorf("%q is read at %q", path, at)
		}
	})
}

// Of the large ones there is one in memory at a time, and it is read whole.
func TestLargeRegistryPol(t *testing.T) {
	root := t.TempDir()
	for name, size := range map[string]int{"{A}": commonPol, "{B}": commonPol + 1} {
		at := filepath.Join(root, "contoso.test", "Policies", name, "Machine")
		if err := os.MkdirAll(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, "Registry.pol"), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := openFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	d := &domain{Domain: run.Domain{Name: "contoso.test"}, large: make(chan struct{}, 1)}
	for _, row := range []struct {
		name        string
		size, turns int
	}{{"{A}", commonPol, 0}, {"{B}", commonPol + 1, 1}, {"{B}", commonPol + 1, 1}} {
		c, err := d.contents(t.Context(), f, &run.GPO{Path: `\\contoso.test\sysvol\contoso.test\Policies\` + row.name})
		if err != nil || len(c.pol) != row.size || len(d.large) != row.turns {
			t.Errorf("%s: %d octets, %d turns, %v", row.name, len(c.pol), len(d.large), err)
		}
		c.release()
	}
	d.large <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c, err := d.contents(ctx, f, &run.GPO{Path: `\\contoso.test\sysvol\contoso.test\Policies\{B}`}); err != nil || c.turn != nil || len(c.broken) != 1 {
		t.Errorf("while another is in memory: %+v, %v", c.broken, err)
	}
}
