package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// says is a report of one text.
func says(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// holds wants a file to have a text.
func holds(t *testing.T, path, want string) {
	t.Helper()
	if b, err := os.ReadFile(path); err != nil || string(b) != want {
		t.Errorf("%s holds %q, %v; want %q", path, b, err, want)
	}
}

// alone wants a folder to hold these files and no others.
func alone(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s holds %q, want %q", dir, names, want)
	}
}

func TestReplaceIsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no more to say")
	if err := Replace(path, 0o600, func(w io.Writer) error { return errors.Join(says("ha")(w), broken) }); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	holds(t, path, "old")
	if err := Replace(path, 0o600, says("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "new")
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 && os.PathSeparator == '/' {
		t.Errorf("mode %v", st.Mode())
	}
	alone(t, dir, "state")
	if err := Replace(filepath.Join(dir, "below", "file"), 0o600, says("x")); err == nil || !strings.Contains(err.Error(), "below") {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := (Output{Path: dir}).Check(); err == nil {
		t.Error("a folder is taken for a file")
	}
}

// However many write at once, each gets a file of its own, and none is lost.
func TestNewNeverWritesOver(t *testing.T) {
	dir := t.TempDir()
	names := func(yield func(string) bool) {
		for n := range 100 {
			if !yield(string(rune('a'+n/10)) + string(rune('0'+n%10))) {
				return
			}
		}
	}
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		paths = make(map[string]string)
	)
	for n := range 20 {
		all.Go(func() {
			text := strings.Repeat("x", n)
			path, err := New(dir, names, says(text))
			mu.Lock()
			defer mu.Unlock()
			if err != nil || paths[path] != "" {
				t.Errorf("%q: %v", path, err)
			}
			paths[path] = text
		})
	}
	all.Wait()
	for path, text := range paths {
		holds(t, path, text)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 20 || len(paths) != 20 {
		t.Errorf("%d files of %d names", len(entries), len(paths))
	}
	if _, err := New(dir, func(func(string) bool) {}, says("")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("no name is free: %v", err)
	}
}

func TestSame(t *testing.T) {
	dir := t.TempDir()
	at := func(elements ...string) string {
		return strings.Join(append([]string{dir}, elements...), string(os.PathSeparator))
	}
	for _, err := range []error{
		os.Mkdir(at("sub"), 0o700), os.WriteFile(at("there"), nil, 0o600), os.WriteFile(at("other"), nil, 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	pairs := []struct {
		a, b string
		want bool
	}{
		{at("there"), at(".", "there"), true},
		{at("there"), at("sub", "..", "there"), true},
		{at("new"), at("sub", "..", "new"), true},
		{at("there"), at("other"), false},
		{at("new"), at("sub", "new"), false},
		{at("there"), at("new"), false},
		{Stdout, Stdout, false},
		{os.DevNull, os.DevNull, false},
	}
	if os.Symlink("there", at("link")) == nil {
		pairs = append(pairs, []struct {
			a, b string
			want bool
		}{{at("link"), at("there"), true}}...)
	}
	if os.Symlink("nothing", at("dangling")) == nil && os.Link(at("there"), at("hard")) == nil {
		pairs = append(pairs, []struct {
			a, b string
			want bool
		}{{at("dangling"), at("nothing"), true}, {at("hard"), at("there"), true}}...)
	}
	for _, p := range pairs {
		if got := Same(Output{Path: p.a}, Output{Path: p.b}); got != p.want {
			t.Errorf("%s and %s: %v", p.a, p.b, got)
		}
	}
}
