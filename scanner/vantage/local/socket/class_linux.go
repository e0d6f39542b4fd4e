package socket

import (
	"errors"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run"
	"golang.org/x/sys/unix"
)

// ClassBefore is the class of an error that the system gave before a packet
// left: from making a socket, finding a route, or its own packet filter. It
// is false for an error of no known kind.
func ClassBefore(err error) (run.Class, bool) {
	var no unix.Errno
	if !errors.As(err, &no) {
		return "", false
	}
	switch no {
	case unix.ENETUNREACH, unix.EHOSTUNREACH, unix.ENETDOWN, unix.EADDRNOTAVAIL, unix.ENODEV, unix.ENXIO, unix.EAFNOSUPPORT:
		// EADDRNOTAVAIL: no source address. A connect that finds no free local
		// port says the same; see ClassConnect.
		return run.NoRoute, true
	}
	return classAny(no)
}

// ClassConnect is ClassBefore for connect, where EADDRNOTAVAIL says that all
// local ports are taken.
func ClassConnect(err error) (run.Class, bool) {
	if errors.Is(err, unix.EADDRNOTAVAIL) {
		return run.Exhausted, true
	}
	return ClassBefore(err)
}

// ClassAfter is the class of an error that came back for a packet that left,
// where nothing more is known of it.
func ClassAfter(err error) (run.Class, bool) {
	var no unix.Errno
	if !errors.As(err, &no) {
		return "", false
	}
	switch no {
	case unix.ECONNREFUSED, unix.ECONNRESET, unix.ENOPROTOOPT:
		return run.Refused, true
	case unix.EHOSTUNREACH, unix.ENETUNREACH, unix.EHOSTDOWN, unix.ENONET, unix.EPROTO:
		return run.Unreachable, true
	case unix.ETIMEDOUT: // the system gave up: nothing came back
		return run.Silent, true
	}
	return classAny(no)
}

// classAny holds what means the same at any time.
func classAny(no unix.Errno) (run.Class, bool) {
	switch no {
	case unix.EPERM, unix.EACCES:
		return run.NotPermitted, true
	case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM, unix.EADDRINUSE, unix.EAGAIN:
		return run.Exhausted, true
	}
	return "", false
}

// Words is the system's own words, with the name of the error.
func Words(err error) string {
	var no unix.Errno
	if errors.As(err, &no) {
		return fmt.Sprintf("%s (%s)", no.Error(), unix.ErrnoName(no))
	}
	return err.Error()
}
