//go:build lab

package live

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// inLab holds, in the process that runs the tests, where the lab's state is.
const inLab = "LIVE_IN_LAB"

// instance is this process's own lab.
var instance = fmt.Sprintf("live-%d", os.Getpid())

// TestMain has a lab up while the tests run, puts into its directory what they
// read, and runs itself once more on the lab's mgmt: from there, and from nowhere
// else, the domain controllers are to be reached.
func TestMain(m *testing.M) {
	if os.Getenv(inLab) != "" {
		os.Exit(m.Run())
	}
	code, err := outside()
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAIL: the lab of these tests:", err)
		code = 1
	}
	os.Exit(code)
}

func outside() (code int, err error) {
	scratch, err := os.MkdirTemp("", "kmsiso-live-")
	if err != nil {
		return 1, err
	}
	lab := filepath.Join(scratch, "lab")
	build := exec.Command("go", "build", "-o", lab, "../../../fixtures/lab")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, errors.Join(fmt.Errorf("build the lab: %w\n%s", err, out), os.RemoveAll(scratch))
	}
	// The guard takes the lab down when this process is gone, however it went.
	guard := exec.Command("sh", "-c", `cat; "$0" --name "$1" down && rm -r "$2"`, lab, instance, scratch)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	guard.Stderr = os.Stderr
	alive, err := guard.StdinPipe()
	if err != nil {
		return 1, err
	}
	if err := guard.Start(); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, alive.Close(), guard.Wait()) }()

	up := exec.Command(lab, "--name", instance, "up")
	up.Stderr = os.Stderr
	if err := up.Run(); err != nil {
		return 1, fmt.Errorf("lab up: %w", err)
	}
	status, err := exec.Command(lab, "--name", instance, "status").Output()
	if err != nil {
		return 1, fmt.Errorf("lab status: %w", err)
	}
	first, _, _ := strings.Cut(string(status), "\n")
	_, state, ok := strings.Cut(first, "state in ")
	if !ok {
		return 1, fmt.Errorf("lab status does not say where its state is: %s", first)
	}
	script, err := filepath.Abs("testdata/directory.py")
	if err != nil {
		return 1, err
	}
	fill := exec.Command(lab, "--name", instance, "exec", "dc01", "--", "/usr/bin/python3", "-I", script, sambaConf(state, "dc01"))
	fill.Stderr = os.Stderr
	truth, err := fill.Output()
	if err != nil {
		return 1, fmt.Errorf("fill the directory: %w", err)
	}
	if err := os.WriteFile(truthFile(state), truth, 0o600); err != nil {
		return 1, err
	}
	self, err := os.Executable()
	if err != nil {
		return 1, err
	}
	inside := exec.Command(lab, append([]string{"--name", instance, "exec", "mgmt", "--", "env", inLab + "=" + state, self}, os.Args[1:]...)...)
	inside.Stdin, inside.Stdout, inside.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := inside.Run(); errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode(), nil
	} else if err != nil {
		return 1, err
	}
	return 0, nil
}

func sambaConf(state, dc string) string {
	return filepath.Join(state, "hosts", dc, "samba", "etc", "smb.conf")
}
func truthFile(state string) string { return filepath.Join(state, "hosts", "mgmt", "truth.json") }
