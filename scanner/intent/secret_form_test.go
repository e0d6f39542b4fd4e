package intent

import (
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
)

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// misshapenSecrets are what no typed password is. anywhere says that it is also
// refused from a variable or a command.
var misshapenSecrets = map[string]struct {
	text     string
	anywhere bool
}{
	"a mark of UTF-8":              {"\xef\xbb\xbfHunter2\n", true},
	"UTF-16, as PowerShell writes": {"\xff\xfe" + utf16le("Hunter2\r\n"), true},
	"UTF-16, the other way round":  {"\xfe\xff\x00H\x00u", true},
	"UTF-16 without a mark":        {utf16le("Hunter2"), true},
	"NUL":                          {"Hunter2\x00", true},
	"two lines":                    {"Hunter2\n\n", true},
	"two lines of Windows":         {"Hunter2\r\n\r\n", true},
	"an old Macintosh":             {"Hun\rter2", true},
	"an escape":                    {"Hunter2\x1b[0m", true},
	"a tab inside":                 {"Hun\tter2", true},
	"a control of C1":              {"Hunter2\u0085x", true},
	"delete":                       {"Hunter2\x7f", true},
	"Latin-1":                      {"H\xfcnter2", true},
	"a blank before":               {" Hunter2", false},
	"a blank at the end":           {"Hunter2 \n", false},
	"a hard blank":                 {"Hunter2\u00a0", false},
	"a blank without width":        {"Hunter2\u200b", false},
	"a mark at the end":            {"Hunter2\ufeff", false},
}

const policyWith = "version: 1\nhosts: {kms01: {addresses: [198.18.10.30]}}\n" +
	"vantages: {out: {role: non-domain, via: [local]}}\ncredentials: {a: SECRET}\n"

// loadWith writes a policy with this credential and loads it.
func loadWith(t *testing.T, dir, credential string) (*Policy, error) {
	t.Helper()
	path := filepath.Join(dir, "kmsiso.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(policyWith, "SECRET", credential, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, Options{Ways: all.ways, Sources: all.sources})
}

func TestAMisshapenPasswordFileIsRefused(t *testing.T) {
	for name, c := range misshapenSecrets {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "secret")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, load := loadWith(t, dir, "{kind: password, user: u, password: {file: secret}}")
			_, read := Secret{File: path}.Read(t.Context())
			var at *Error
			if !errors.As(load, &at) || at.Line != 4 {
				t.Errorf("loaded with %v", load)
			}
			for _, err := range []error{load, read} {
				if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "unter2") {
					t.Errorf("got %v, want an error that names the file and nothing of what it holds", err)
				}
			}
			for _, kind := range []string{"keytab, principal: a@B", "ccache", "key"} {
				if _, err := loadWith(t, dir, "{kind: "+kind+", file: secret}"); err != nil {
					t.Errorf("a %s: %v", kind, err)
				}
			}
		})
	}
}

func TestAMisshapenSecretFromElsewhereIsRefused(t *testing.T) {
	self, err := exec.LookPath(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range misshapenSecrets {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KMSISO_TEST_HELPER", "print")
			t.Setenv("KMSISO_TEST_PRINTS", strings.ReplaceAll(c.text, "\x00", "NUL"))
			if _, err := (Secret{Exec: []string{self, "-test.run=^TestSecretHelper$"}}).Read(t.Context()); (err != nil) != c.anywhere || err != nil && strings.Contains(err.Error(), "unter2") {
				t.Errorf("from a command: %v", err)
			}
			if strings.Contains(c.text, "\x00") {
				return // no variable can hold it
			}
			t.Setenv("KMSISO_TEST_SECRET", c.text)
			_, load := loadWith(t, t.TempDir(), "{kind: password, user: u, password: {env: KMSISO_TEST_SECRET}}")
			if _, err := (Secret{Env: "KMSISO_TEST_SECRET"}).Read(t.Context()); (err != nil) != c.anywhere || (load != nil) != c.anywhere {
				t.Errorf("from a variable: %v; loaded with %v", err, load)
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

// The command that an error proposes writes what is read back.
func TestTheProposedCommandWritesAPasswordFile(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		return
	}
	path := filepath.Join(t.TempDir(), "o'clock secret")
	cmd := exec.CommandContext(t.Context(), bash, "-c", howToWrite("linux", path))
	cmd.Stdin = strings.NewReader(`Hun\ter "2"` + "\n")
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v %s", err, out)
	}
	got, err := Secret{File: path}.Read(t.Context())
	if err != nil || string(got) != `Hun\ter "2"` {
		t.Errorf("%q, %v", string(got), err)
	}
	if w := howToWrite("windows", `C:\it's`); !strings.Contains(w, `'C:\it''s'`) || !strings.Contains(w, "-AsSecureString") {
		t.Error(w)
	}
}
