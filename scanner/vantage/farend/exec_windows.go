package farend

import (
	"os/exec"
	"syscall"
)

// ownGroup starts the command in a process group of its own, so that a Ctrl-C
// at the console reaches it only through its closed input.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// killGroup kills the command. Windows has no signal for a group; a child that
// speaks through the command ends with its pipes.
func killGroup(c *exec.Cmd) {
	c.Process.Kill() //nolint:errcheck // gone is what we want
}
