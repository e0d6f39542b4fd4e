//go:build unix

package files

import (
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// underMask runs with another umask. No test of this package is parallel.
func underMask(mask int, do func()) {
	was := syscall.Umask(mask)
	defer syscall.Umask(was)
	do()
}

func TestModeOfAFile(t *testing.T) {
	mode := func(m fs.FileMode) *fs.FileMode { return &m }
	for name, x := range map[string]struct {
		was     fs.FileMode // 0: not there
		out     Output
		mask    int
		want    fs.FileMode
		refused string
	}{
		"new, evidence":                        {out: Output{Private: true}, mask: 0o022, want: 0o600},
		"new, evidence, no umask":              {out: Output{Private: true}, mask: 0, want: 0o600},
		"new, for all":                         {out: Output{}, mask: 0o022, want: 0o644},
		"new, for all, umask of a careful one": {out: Output{}, mask: 0o077, want: 0o600},
		"new, as asked for":                    {out: Output{Private: true, Mode: mode(0o640)}, mask: 0o077, want: 0o640},
		"there and private":                    {was: 0o600, out: Output{Private: true}, want: 0o600},
		"there, private and not to be run":     {was: 0o400, out: Output{Private: true}, want: 0o400},
		"there, its group reads":               {was: 0o640, out: Output{Private: true}, refused: "group"},
		"there, all read":                      {was: 0o644, out: Output{Private: true}, refused: "everybody"},
		"there, all read, as asked for":        {was: 0o644, out: Output{Private: true, Mode: mode(0o644)}, want: 0o644},
		"there, narrower from now on":          {was: 0o644, out: Output{Private: true, Mode: mode(0o600)}, want: 0o600},
		"there, no evidence":                   {was: 0o604, out: Output{}, want: 0o604},
		"there, no evidence, stays private":    {was: 0o600, out: Output{}, want: 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			x.out.Path = filepath.Join(dir, "out")
			if x.was != 0 {
				put(t, x.out.Path, "old", x.was)
			}
			var check, err error
			underMask(x.mask, func() { check, err = x.out.Check(), x.out.Write(says("new")) })
			alone(t, dir, "out")
			if x.refused != "" {
				for _, e := range []error{check, err} {
					if e == nil || !strings.Contains(e.Error(), x.refused) {
						t.Errorf("want a refusal with %q, got %v", x.refused, e)
					}
				}
				holds(t, x.out.Path, "old")
				return
			}
			if check != nil || err != nil {
				t.Fatal(check, err)
			}
			if got := modeOf(t, x.out.Path); got != x.want {
				t.Errorf("mode %v, want %v", got, x.want)
			}
			holds(t, x.out.Path, "new")
		})
	}
}

// A link stays, and what it leads to is written: also through a second link, and
// where nothing is there yet.
func TestLinkIsFollowed(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"real", "real/deep", "links"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(dir, "real", "there"), "old", 0o600)
	for link, to := range map[string]string{
		"links/one": "../real/there", "links/two": "one", "links/new": filepath.Join(dir, "real", "fresh"),
		"links/deep": "../real/deep", "links/up": "deep/../up", // real/up, not links/up
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"two": "there", "new": "fresh", "up": "up"} {
		if err := (Output{Path: filepath.Join(dir, "links", link), Private: true}).Write(says(link)); err != nil {
			t.Errorf("%s: %v", link, err)
		}
		if modeOf(t, filepath.Join(dir, "links", link))&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more", link)
		}
		holds(t, filepath.Join(dir, "real", target), link)
	}
	alone(t, filepath.Join(dir, "real"), "deep", "fresh", "there", "up")
	put(t, filepath.Join(dir, "real", "there"), "old", 0o644)
	if err := (Output{Path: filepath.Join(dir, "links", "two"), Private: true}).Check(); err == nil {
		t.Error("what the link leads to is for everybody, and was not refused")
	}
	for a, b := range map[string]string{"circle": "circular", "circular": "circle"} {
		if err := os.Symlink(b, filepath.Join(dir, a)); err != nil {
			t.Fatal(err)
		}
	}
	if err := (Output{Path: filepath.Join(dir, "circle")}).Check(); err == nil {
		t.Error("a circle of links leads somewhere")
	}
}

// Another name of a file shows what was written, and keeps doing so.
func TestHardLinkStays(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), "something that is longer", 0o600)
	if err := os.Link(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	if err := (Output{Path: filepath.Join(dir, "b"), Private: true}).Write(says("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(dir, "a"), "new")
	alone(t, dir, "a", "b")
}

func TestFIFO(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(path, 0o644); err != nil { // evidence goes to whoever was given the other end
		t.Fatal(err)
	}
	out := Output{Path: path, Private: true}
	if err := out.Check(); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("0123456789abcdef", 64<<10) // more than a pipe holds
	got := make(chan string)
	go func() {
		f, err := os.Open(path)
		if err != nil {
			got <- err.Error()
			return
		}
		b, _ := io.ReadAll(f)
		f.Close()
		got <- string(b)
	}()
	if err := out.Write(says(long)); err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != long {
		t.Errorf("%d octets arrived of %d", len(s), len(long))
	}
	if modeOf(t, path)&fs.ModeNamedPipe == 0 {
		t.Error("the FIFO is none any more")
	}
}

// A FIFO that nobody reads is waited for, and not for ever.
func TestFIFOThatNobodyReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := (Output{Path: path}).Write(says("x")); err == nil || !strings.Contains(err.Error(), "nobody reads") {
			t.Errorf("got %v", err)
		}
		if d := time.Since(start); d < readerTime || d > 2*readerTime {
			t.Errorf("took %s", d)
		}
	})
}

// A reader that goes away ends the writing.
func TestFIFOWhoseReaderGoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		f, err := os.Open(path)
		if err == nil {
			f.Close()
		}
	}()
	if err := (Output{Path: path}).Write(says(strings.Repeat("x", 1<<20))); err == nil {
		t.Error("a reader that went away got it all")
	}
}

func TestSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "k") // a path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := make(chan string)
	go func() {
		c, err := l.Accept()
		if err != nil {
			got <- err.Error()
			return
		}
		b, _ := io.ReadAll(c)
		got <- string(b)
	}()
	if err := (Output{Path: path, Private: true}).Write(says("hello")); err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != "hello" {
		t.Errorf("got %q", s)
	}
}
