package farend

import (
	"errors"
	"os/exec"

	"golang.org/x/sys/unix"
)

// endChildren waits for the command to end, and then ends what it has started
// and left behind. The command is not waited for by then: its number is still
// that of its group and of no other.
func endChildren(c *exec.Cmd) {
	for {
		err := unix.Waitid(unix.P_PID, c.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	killGroup(c)
}
