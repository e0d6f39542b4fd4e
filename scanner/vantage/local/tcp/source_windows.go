package tcp

import (
	"os"

	"golang.org/x/sys/windows"
)

// share lets several sockets have a source port, each to another end.
func share(fd uintptr) error {
	return os.NewSyscallError("setsockopt", windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_REUSEADDR, 1))
}
