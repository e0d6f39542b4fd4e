package logon

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// once shows a secret in a run of its own, and says whether it left.
func once(t *testing.T, m *Memory, account, secret string, reply Reply) (bool, error) {
	t.Helper()
	m.cost = 1 << 4
	p := &peer{reply: reply}
	g := NewGate(m, contoso)
	err := p.show(t.Context(), g.For("admin", account), "there", secret)
	return p.shown.Load() > 0, err
}

func TestMemory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kmsiso")
	open := func() *Memory {
		return NewMemory(dir).Warn(func(w string) { t.Error(w) })
	}
	step := func(what string, m *Memory, account, secret string, reply Reply, want bool) {
		t.Helper()
		if shown, err := once(t, m, account, secret, reply); shown != want {
			t.Errorf("%s: shown %t: %v", what, shown, err)
		}
	}
	step("first", open(), `CONTOSO\svc`, "wrong-secret-1", Refused, true)
	step("the next process", open(), "svc@contoso.test", "wrong-secret-1", Refused, false)
	step("another account", open(), "svc@fabrikam.test", "wrong-secret-1", Unread, true)
	step("another secret", open(), `CONTOSO\svc`, "wrong-secret-2", Refused, true)
	step("the first secret", open(), `CONTOSO\svc`, "wrong-secret-1", Refused, false)
	step("the second", open(), `CONTOSO\svc`, "wrong-secret-2", Refused, false)

	m := open()
	m.AllowRetry()
	step("once more", m, `CONTOSO\svc`, "wrong-secret-1", Refused, true)
	step("and no more", m, `CONTOSO\svc`, "wrong-secret-1", Refused, false)
	m.AllowRetry()
	step("once more, without an answer", m, `CONTOSO\svc`, "wrong-secret-1", Unanswered, true)
	step("and no more", m, `CONTOSO\svc`, "wrong-secret-1", Refused, false)
	m.AllowRetry()
	step("unlocked", m, `CONTOSO\svc`, "wrong-secret-1", Accepted, true)
	step("forgotten", open(), `CONTOSO\svc`, "wrong-secret-1", Accepted, true)
	step("the second is still kept", open(), `CONTOSO\svc`, "wrong-secret-2", Refused, false)

	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	path := filepath.Join(dir, files[0].Name())
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "wrong-secret") {
		t.Errorf("it holds the secret: %s, %v", text, err)
	}
}

// Many secrets of one account do not pile up.
func TestMemoryIsBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range perAccount + 2 {
		if _, err := once(t, NewMemory(dir), `CONTOSO\svc`, strings.Repeat("x", i+1), Refused); !errors.Is(err, errAnswer) {
			t.Fatal(err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != perAccount {
		t.Errorf("%d files", len(files))
	}
}

// A memory that cannot be read or written is one warning, and the process still
// does not show a secret again that was refused.
func TestMemoryIsDamaged(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string) string{
		"no text":  func(t *testing.T, dir string) string { return spoilt(t, dir, "no JSON") },
		"empty":    func(t *testing.T, dir string) string { return spoilt(t, dir, "") },
		"zeros":    func(t *testing.T, dir string) string { return spoilt(t, dir, strings.Repeat("\x00", 200)) },
		"another":  func(t *testing.T, dir string) string { return spoilt(t, dir, `{"version":7}`) },
		"no place": func(t *testing.T, dir string) string { return filepath.Join(spoilt(t, dir, "x"), "below") },
		"a folder": func(t *testing.T, dir string) string {
			if err := os.MkdirAll(filepath.Join(dir, filePrefix+"00"+fileSuffix), 0o700); err != nil {
				t.Fatal(err)
			}
			return dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := spoil(t, t.TempDir())
			if name == "no place" {
				dir = filepath.Join(t.TempDir(), "file")
				if err := os.WriteFile(dir, nil, 0o600); err != nil {
					t.Fatal(err)
				}
				dir = filepath.Join(dir, "below")
			}
			var warned []string
			m := NewMemory(dir).Warn(func(w string) { warned = append(warned, w) })
			if shown, err := once(t, m, `CONTOSO\svc`, "wrong", Refused); !shown {
				t.Error(err)
			}
			if shown, _ := once(t, m, `CONTOSO\svc`, "wrong", Refused); shown {
				t.Error("shown again")
			}
			if len(warned) != 1 {
				t.Errorf("warnings: %q", warned)
			}
		})
	}
}

func spoilt(t *testing.T, dir, text string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, filePrefix+"00"+fileSuffix), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFolder(t *testing.T) {
	for want, c := range map[string]struct {
		goos string
		env  map[string]string
	}{
		"/var/lib/kmsiso":                             {"linux", map[string]string{"STATE_DIRECTORY": "/var/lib/kmsiso:/var/lib/other", "HOME": "/root"}},
		"/state/kmsiso":                               {"linux", map[string]string{"XDG_STATE_HOME": "/state", "HOME": "/root"}},
		"/root/.local/state/kmsiso":                   {"linux", map[string]string{"XDG_STATE_HOME": "relative", "HOME": "/root"}},
		"/Users/a/Library/Application Support/kmsiso": {"darwin", map[string]string{"HOME": "/Users/a"}},
		"/local/kmsiso":                               {"windows", map[string]string{"LOCALAPPDATA": "/local", "HOME": "/root"}},
		"":                                            {"linux", nil},
	} {
		if got := folder(c.goos, func(k string) string { return c.env[k] }); filepath.ToSlash(got) != want {
			t.Errorf("%s: %q, want %q", c.goos, got, want)
		}
	}
}
