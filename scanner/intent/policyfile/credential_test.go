package policyfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/intent"
)

const policyWith = "version: 1\nhosts: {kms01: {addresses: [198.18.10.30]}}\n" +
	"vantages: {out: {role: non-domain, via: [local]}}\ncredentials: {a: SECRET}\n"

// loadWith writes a policy with this credential and loads it.
func loadWith(t *testing.T, dir, credential string) (*intent.Policy, error) {
	t.Helper()
	path := filepath.Join(dir, "kmsiso.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(policyWith, "SECRET", credential, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, Options{Ways: all.ways, Sources: all.sources})
}

// A password of a form that nobody types is a mistake of the file; what else a file
// holds is nobody's business here.
func TestAMisshapenPasswordIsAMistake(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		anywhere bool // also in a variable
	}{
		"a mark of UTF-8": {"\xef\xbb\xbfHunter2\n", true},
		"two lines":       {"Hunter2\n\n", true},
		"a blank before":  {" Hunter2", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "secret")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := loadWith(t, dir, "{kind: password, user: u, password: {file: secret}}")
			var at *Error
			if !errors.As(err, &at) || at.Line != 4 || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "unter2") {
				t.Errorf("loaded with %v", err)
			}
			for _, kind := range []string{"keytab, principal: a@B", "ccache", "key"} {
				if _, err := loadWith(t, dir, "{kind: "+kind+", file: secret}"); err != nil {
					t.Errorf("a %s: %v", kind, err)
				}
			}
			t.Setenv("KMSISO_TEST_SECRET", c.text)
			if _, err := loadWith(t, dir, "{kind: password, user: u, password: {env: KMSISO_TEST_SECRET}}"); (err != nil) != c.anywhere {
				t.Errorf("from a variable: %v", err)
			}
		})
	}
}

// What a run would refuse is told by config check, and what may be right by then
// does not keep it from loading.
func TestASecretThatARunCouldNotReadIsAWarning(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	if err := os.WriteFile(path, []byte("Hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KMSISO_TEST_SECRET", "Hunter2")
	for name, c := range map[string]struct {
		mode     os.FileMode
		password string
		warns    string
	}{
		"a private file":   {0o600, "{file: secret}", ""},
		"everybody's file": {0o644, "{file: secret}", "everybody can read"},
		"a variable":       {0o600, "{env: KMSISO_TEST_SECRET}", ""},
		"an unset one":     {0o600, "{env: KMSISO_TEST_NONE}", "is not set"},
		"a program":        {0o600, "{exec: [go, Hunter2]}", ""},
		"no such program":  {0o600, "{exec: [no-such-program-here, Hunter2]}", "no-such-program-here"},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && c.mode != 0o600 {
				return // the modes of a file say nothing there
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			p, err := loadWith(t, dir, "{kind: password, user: u, password: "+c.password+"}")
			if err != nil {
				t.Fatal(err)
			}
			warned := strings.Join(p.Warnings, "\n")
			if (warned == "") != (c.warns == "") || !strings.Contains(warned, c.warns) || strings.Contains(warned, "Hunter2") {
				t.Errorf("warned %q, want %q", warned, c.warns)
			}
		})
	}
}
