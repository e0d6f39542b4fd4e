package secret

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestSecretFromFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	for name, c := range map[string]struct{ text, want, say string }{
		"as it is":             {"Hunter2", "Hunter2", ""},
		"one newline":          {"Hunter2\n", "Hunter2", ""},
		"a newline of Windows": {"Hunter2\r\n", "Hunter2", ""},
		"blanks inside":        {"Hun ter\u00a02", "Hun ter\u00a02", ""},
		"empty":                {"\n", "", "is empty"},
		"too long":             {strings.Repeat("x", maxSecret+5), "", "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Reference{File: path}.Read(t.Context())
			if (err == nil) != (c.say == "") || err != nil && !strings.Contains(err.Error(), c.say) {
				t.Fatalf("error %v, want %q", err, c.say)
			}
			if string(got) != c.want {
				t.Errorf("got %q", string(got))
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		_, err := Reference{File: path + "x"}.Read(t.Context())
		if err == nil || !strings.Contains(err.Error(), path+"x") {
			t.Errorf("got %v", err)
		}
	})
}

func TestSecretFileOfEverybody(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the modes of a file say nothing there
	}
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("Hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Reference{File: path}.Read(t.Context())
	if err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}

func TestSecretFromEnvironment(t *testing.T) {
	t.Setenv("KMSISO_TEST_SECRET", "Hunter2")
	got, err := Reference{Env: "KMSISO_TEST_SECRET"}.Read(t.Context())
	if err != nil || string(got) != "Hunter2" {
		t.Errorf("%q, %v", string(got), err)
	}
	if _, err := (Reference{Env: "KMSISO_TEST_NONE"}).Read(t.Context()); err == nil || !strings.Contains(err.Error(), "KMSISO_TEST_NONE is not set") {
		t.Errorf("got %v", err)
	}
}

// TestSecretHelper is the command of TestSecretFromCommand when it is started
// by it.
func TestSecretHelper(t *testing.T) {
	switch os.Getenv("KMSISO_TEST_HELPER") {
	case "print":
		text, given := os.LookupEnv("KMSISO_TEST_PRINTS")
		if !given {
			text = "Hunter2\n"
		}
		fmt.Print(strings.ReplaceAll(text, "NUL", "\x00"))
	case "fail":
		fmt.Println("Hunter2")
		fmt.Fprintln(os.Stderr, "Hunter2")
		os.Exit(4)
	case "hang":
		time.Sleep(time.Minute)
	default:
		return
	}
	os.Exit(0)
}

func TestSecretFromCommand(t *testing.T) {
	self, err := exec.LookPath(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	s := Reference{Exec: []string{self, "-test.run=^TestSecretHelper$"}}
	t.Setenv("KMSISO_TEST_HELPER", "print")
	if got, err := s.Read(t.Context()); err != nil || string(got) != "Hunter2" {
		t.Errorf("%q, %v", string(got), err)
	}
	t.Setenv("KMSISO_TEST_HELPER", "fail")
	if _, err := s.Read(t.Context()); err == nil || strings.Contains(err.Error(), "Hunter2") || !strings.Contains(err.Error(), "exit status 4") {
		t.Errorf("got %v", err)
	}
	t.Setenv("KMSISO_TEST_HELPER", "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Read(ctx); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Errorf("got %v", err)
	}
}

func TestPlainNeverPrints(t *testing.T) {
	p := Plain("Hunter2")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", p, "in", struct{ P Plain }{p})
	encoded, err := json.Marshal(map[string]any{"p": p, "in": struct{ P Plain }{p}})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c"} {
		fmt.Fprintf(&log, verb+" "+verb, p, struct{ P Plain }{p})
	}
	all := log.String() + string(encoded) + fmt.Sprint(p, &p, []Plain{p})
	for _, form := range []string{"Hunter2", "48756e74657232", "48756E74657232", "SHVudGVyMg", "72 117 110"} {
		if strings.Contains(all, form) {
			t.Errorf("%s is in\n%s", form, all)
		}
	}
}
