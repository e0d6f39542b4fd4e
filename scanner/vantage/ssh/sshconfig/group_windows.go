package sshconfig

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps a Ctrl-C at the console from the command: its context ends it.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
