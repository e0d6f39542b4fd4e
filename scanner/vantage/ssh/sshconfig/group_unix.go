//go:build unix

package sshconfig

import (
	"os/exec"
	"syscall"
)

// ownGroup lets the command and what it starts end together, and keeps them from
// the terminal.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
