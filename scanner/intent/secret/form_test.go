package secret

import (
	"encoding/binary"
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

// A form that no typed secret has is refused when it is read, and told before.
func TestAMisshapenFileIsRefused(t *testing.T) {
	for name, c := range misshapenSecrets {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, read := Reference{File: path}.Read(t.Context())
			mistake, unusable := Reference{File: path}.Look()
			for _, err := range []error{read, mistake} {
				if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "unter2") {
					t.Errorf("got %v, want an error that names the file and nothing of what it holds", err)
				}
			}
			if unusable != nil {
				t.Error(unusable)
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
			if _, err := (Reference{Exec: []string{self, "-test.run=^TestSecretHelper$"}}).Read(t.Context()); (err != nil) != c.anywhere || err != nil && strings.Contains(err.Error(), "unter2") {
				t.Errorf("from a command: %v", err)
			}
			if strings.Contains(c.text, "\x00") {
				return // no variable can hold it
			}
			t.Setenv("KMSISO_TEST_SECRET", c.text)
			of := Reference{Env: "KMSISO_TEST_SECRET"}
			mistake, _ := of.Look()
			if _, err := of.Read(t.Context()); (err != nil) != c.anywhere || (mistake != nil) != c.anywhere {
				t.Errorf("from a variable: %v; told before: %v", err, mistake)
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
	got, err := Reference{File: path}.Read(t.Context())
	if err != nil || string(got) != `Hun\ter "2"` {
		t.Errorf("%q, %v", string(got), err)
	}
	if w := howToWrite("windows", `C:\it's`); !strings.Contains(w, `'C:\it''s'`) || !strings.Contains(w, "-AsSecureString") {
		t.Error(w)
	}
}
