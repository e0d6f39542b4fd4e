package files

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kmsiso/kmsiso/fixtures/need"
)

func needsRoot(t *testing.T) {
	t.Helper()
	need.That(t, os.Geteuid() == 0, "root")
}

// privately runs a test in a mount namespace of its own, whose mounts are gone
// with the thread.
func privately(t *testing.T, do func() error) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with its namespace
		err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_FS)
		if err == nil {
			err = unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
		}
		if err != nil {
			done <- err
			return
		}
		done <- do()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// A device is written to and stays a device: one like /dev/null.
func TestDeviceStays(t *testing.T) {
	needsRoot(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "null")
	if err := unix.Mknod(path, unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))); err != nil {
		t.Fatal(err)
	}
	for _, private := range []bool{true, false} {
		out := Output{Path: path, Private: private}
		if err := out.Check(); err != nil {
			t.Error(err)
		}
		if err := out.Write(says(strings.Repeat("x", 1<<20))); err != nil {
			t.Error(err)
		}
	}
	if m := modeOf(t, path); m&fs.ModeCharDevice == 0 || m.Perm() != 0o666&modeOf(t, path).Perm() {
		t.Errorf("the device is now %v", m)
	}
	alone(t, dir, "null")
	if err := (Output{Path: "/dev/full"}).Write(says("x")); err == nil {
		t.Error("a device that is full took it")
	}
}

// A file that is a mount of its own cannot be replaced: it is written over.
func TestMountOfOneFile(t *testing.T) {
	needsRoot(t)
	dir := t.TempDir()
	inside, outside := filepath.Join(dir, "inside"), filepath.Join(dir, "outside")
	put(t, inside, "", 0o600)
	put(t, outside, "something that is longer", 0o600)
	privately(t, func() error {
		if err := unix.Mount(outside, inside, "", unix.MS_BIND, ""); err != nil {
			return err
		}
		return Output{Path: inside, Private: true}.Write(says("new"))
	})
	holds(t, outside, "new")
	holds(t, inside, "")
	alone(t, dir, "inside", "outside")
}

// As much holds for a file in a folder that cannot be written to.
func TestFolderThatIsReadOnly(t *testing.T) {
	needsRoot(t)
	dir := t.TempDir()
	outside := filepath.Join(dir, "outside")
	folder := filepath.Join(dir, "folder")
	put(t, outside, "", 0o600)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, "out"), "", 0o600)
	privately(t, func() error {
		for _, err := range []error{
			unix.Mount(folder, folder, "", unix.MS_BIND, ""),
			unix.Mount(outside, filepath.Join(folder, "out"), "", unix.MS_BIND, ""),
			unix.Mount("", folder, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""),
		} {
			if err != nil {
				return err
			}
		}
		return Output{Path: filepath.Join(folder, "out"), Private: true}.Write(says("new"))
	})
	holds(t, outside, "new")
}

// The owner of a file stays its owner, and counts as another reader.
func TestOwnerStays(t *testing.T) {
	needsRoot(t)
	path := filepath.Join(t.TempDir(), "out")
	put(t, path, "old", 0o600)
	if err := os.Chown(path, 12345, 54321); err != nil {
		t.Fatal(err)
	}
	if err := (Output{Path: path, Private: true}).Check(); err == nil {
		t.Error("evidence for another user was not refused")
	}
	mode := fs.FileMode(0o640)
	for _, out := range []Output{{Path: path}, {Path: path, Private: true, Mode: &mode}} {
		if err := out.Write(says("new")); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if s := info.Sys().(*syscall.Stat_t); s.Uid != 12345 || s.Gid != 54321 {
			t.Errorf("it belongs to %d:%d", s.Uid, s.Gid)
		}
	}
	if m := modeOf(t, path); m != mode {
		t.Errorf("mode %v", m)
	}
	holds(t, path, "new")
}

// A list of who may read stays: a file of the same mode without it would be for
// the whole group.
func TestAccessListStays(t *testing.T) {
	setfacl, err := exec.LookPath("setfacl")
	need.That(t, err == nil, "setfacl")
	path := filepath.Join(t.TempDir(), "out")
	put(t, path, "old", 0o600)
	if out, err := exec.Command(setfacl, "-m", "u:12345:r", path).CombinedOutput(); err != nil {
		need.That(t, false, "a file system with access control lists ("+strings.TrimSpace(string(out))+")")
	}
	if err := (Output{Path: path, Private: true}).Check(); err == nil {
		t.Error("somebody on the list can read it, and it was not refused")
	}
	if err := (Output{Path: path}).Write(says("new")); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "new")
	if !hasList(path) {
		t.Error("the list is gone")
	}
}

// Standard output is written to by any of its names, where it is a file too: what
// stands there already stays.
func TestOpenFile(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	link := filepath.Join(dir, "link")
	if err := os.Symlink("/dev/stdout", link); err != nil {
		t.Fatal(err)
	}
	saved, err := unix.Dup(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Dup3(int(f.Fd()), 1, 0); err != nil {
		t.Fatal(err)
	}
	var bad []error
	for _, path := range []string{Stdout, "/dev/stdout", "/dev//stdout", "/dev/fd/1", link} {
		out := Output{Path: path, Private: true}
		if !out.ToStdout() || out.Check() != nil {
			bad = append(bad, &fs.PathError{Op: "name", Path: path, Err: fs.ErrInvalid})
		}
		bad = append(bad, out.Write(says("1")))
	}
	open := Output{Path: f.Name()}.IsOpen(os.Stdout)
	if err := unix.Dup3(saved, 1, 0); err != nil {
		t.Fatal(err)
	}
	for _, err := range bad {
		if err != nil {
			t.Error(err)
		}
	}
	holds(t, f.Name(), "11111")
	alone(t, dir, "link", "out")
	if !open || (Output{Path: link}).IsOpen(os.Stdout) {
		t.Error("what standard output goes to is not known")
	}
}
