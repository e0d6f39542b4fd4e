//go:build lab && linux

package container

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// ownView gives this test, and what it starts, mounts of their own, in which there are
// cgroups as crun wants them whatever the machine has. It keeps the thread: nobody
// else ever runs on it.
func ownView(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	err := errors.Join(unix.Unshare(unix.CLONE_NEWNS), unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("none", "/sys/fs/cgroup", "cgroup2", 0, ""))
	if err != nil {
		t.Fatal(err)
	}
}

// podman runs Debian's podman and returns what it prints.
func podman(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("podman", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("podman %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// contained starts a container without a network, whose root is a folder with kmsiso
// and nothing else, and returns its name. kmsiso is its first process, too, and waits
// for a controller that never comes.
func contained(t *testing.T) string {
	t.Helper()
	ownView(t)
	dir := t.TempDir()
	conf := fmt.Sprintf("[storage]\ndriver = \"vfs\"\ngraphroot = %q\nrunroot = %q\n", filepath.Join(dir, "graph"), filepath.Join(dir, "run"))
	if err := os.WriteFile(filepath.Join(dir, "storage.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CONTAINERS_STORAGE_CONF", filepath.Join(dir, "storage.conf"))
	root := filepath.Join(dir, "root")
	build := exec.Command("go", "build", "-ldflags", "-X main.version="+version, "-o", filepath.Join(root, "usr/bin/kmsiso"), "github.com/kmsiso/kmsiso/cmd/kmsiso")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tarball := filepath.Join(dir, "root.tar")
	if out, err := exec.Command("tar", "-C", root, "-cf", tarball, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	podman(t, "import", tarball, "kmsiso-test:1")
	name := fmt.Sprintf("kmsiso-test-%d", os.Getpid())
	t.Cleanup(func() { podman(t, "rm", "-f", "-t", "0", name) })
	podman(t, "run", "-d", "-i", "--name", name, "--network", "none", "--cgroups=disabled",
		"--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "kmsiso-test:1", "/usr/bin/kmsiso", "far-end")
	return name
}

// A real container is entered by its name, tells of itself alone, and has nothing of
// kmsiso left when it is left or its controller is killed: no process, and no file. It
// is one test, as it is all on one thread.
func TestPodman(t *testing.T) {
	name := contained(t)
	v, err := into(name).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if v.OS != "linux/"+runtime.GOARCH || len(v.Addresses) > 0 || len(v.Interfaces) > 0 {
		t.Errorf("a container without a network says %s, %v, %v", v.OS, v.Addresses, v.Interfaces)
	}
	r, err := vantage.TCP.At(v)(t.Context(), vantage.DialRequest{To: netip.MustParseAddrPort("198.18.10.30:1688"), Timeout: time.Second})
	if err != nil || r.Class != run.NoRoute {
		t.Errorf("a connection out of it: %+v, %v", r, err)
	}
	waitFor(t, name, 2) // its own, and the far end
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	waitFor(t, name, 1)

	killed := exec.Command("podman", into(name).(Way).command()[1:]...)
	in, err := killed.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, name, 2)
	killed.Process.Kill()
	killed.Wait()
	waitFor(t, name, 1)

	if changed := podman(t, "diff", name); strings.Contains(changed, "kmsiso") {
		t.Errorf("it has changed files:\n%s", changed)
	}
	if _, err := into("absent").Open(t.Context()); err == nil || !strings.Contains(err.Error(), "no such container") {
		t.Errorf("no such container: %v", err)
	}
}

// waitFor waits until so many processes run in a container.
func waitFor(t *testing.T, name string, want int) {
	t.Helper()
	n := processes(t, name)
	for range 50 {
		if n == want {
			return
		}
		time.Sleep(100 * time.Millisecond)
		n = processes(t, name)
	}
	t.Fatalf("%d processes run in the container, want %d", n, want)
}

// processes counts those of a container: what is in the process namespace of its first.
func processes(t *testing.T, name string) int {
	t.Helper()
	own, err := os.Readlink(filepath.Join("/proc", podman(t, "inspect", "--format", "{{.State.Pid}}", name), "ns/pid"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob("/proc/[0-9]*/ns/pid")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range all {
		if of, err := os.Readlink(path); err == nil && of == own {
			n++
		}
	}
	return n
}
