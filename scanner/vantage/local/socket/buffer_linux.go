package socket

import (
	"golang.org/x/sys/unix"
)

// readBuffer is how much may wait in the kernel for a shared socket, in
// octets. A small packet takes about a kilobyte of it.
const readBuffer = 8 << 20

// Widen gives a socket that many calls share a large buffer: the system's own
// limit for it is only for those without privilege.
func Widen(c any) error {
	return Control(c, WidenFD)
}

// WidenFD is widen for a file descriptor.
func WidenFD(fd int) error {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, readBuffer) == nil {
		return nil
	}
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, readBuffer)
}
