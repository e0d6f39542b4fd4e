package tcp

import (
	"errors"
	"os"

	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/unix"
)

// bindFrom binds a socket to a source port, at the address from which the system
// reaches another one. A server of this machine may have the port at other addresses.
func bindFrom(fd int, to unix.Sockaddr, port uint16) error {
	from, err := sourceOf(to)
	if err != nil {
		return err
	}
	switch a := from.(type) {
	case *unix.SockaddrInet4:
		a.Port = int(port)
	case *unix.SockaddrInet6:
		a.Port = int(port)
	}
	// Several connections begin at this port, each to another end. One that was closed
	// leaves nothing behind that keeps the next from beginning.
	err = errors.Join(
		os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)),
		os.NewSyscallError("setsockopt", unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})),
	)
	if err != nil {
		return err
	}
	switch err := unix.Bind(fd, from); {
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM), errors.Is(err, unix.EADDRINUSE):
		return socket.NoSourcePort(port, os.NewSyscallError("bind", err))
	default:
		return os.NewSyscallError("bind", err)
	}
}

// sourceOf is the address from which the system reaches another one. Nothing is sent.
func sourceOf(to unix.Sockaddr) (unix.Sockaddr, error) {
	family := unix.AF_INET
	if _, six := to.(*unix.SockaddrInet6); six {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.IPPROTO_UDP)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	defer unix.Close(fd) //nolint:errcheck // nothing was written
	if err := unix.Connect(fd, to); err != nil {
		return nil, os.NewSyscallError("connect", err)
	}
	from, err := unix.Getsockname(fd)
	return from, os.NewSyscallError("getsockname", err)
}
