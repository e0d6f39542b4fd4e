//go:build unix

package farend

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the command into a process group of its own, so that what it
// starts can be ended with it, and a Ctrl-C at the terminal reaches it only
// through its closed input.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup kills the command and what it started. The command must not have
// been waited for: its number would be free for another group.
func killGroup(c *exec.Cmd) {
	syscall.Kill(-c.Process.Pid, syscall.SIGKILL) //nolint:errcheck // gone is what we want
}
