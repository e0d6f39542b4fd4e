package tcp

import (
	"os"

	"golang.org/x/sys/unix"
)

// share lets several sockets have a source port, each to another end.
func share(fd uintptr) error {
	return os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)) //nolint:gosec // a file descriptor
}
