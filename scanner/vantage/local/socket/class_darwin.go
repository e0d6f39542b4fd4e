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
	case unix.ENETUNREACH, unix.EHOSTUNREACH, unix.ENETDOWN, unix.EHOSTDOWN, unix.EADDRNOTAVAIL, unix.ENXIO, unix.EAFNOSUPPORT:
		return run.NoRoute, true
	}
	return classAny(no)
}

// ClassAfter is the class of an error that came back for a packet that left.
func ClassAfter(err error) (run.Class, bool) {
	var no unix.Errno
	if !errors.As(err, &no) {
		return "", false
	}
	switch no {
	case unix.ECONNREFUSED, unix.ECONNRESET, unix.ENOPROTOOPT:
		return run.Refused, true
	case unix.EHOSTUNREACH, unix.EHOSTDOWN:
		return run.Unreachable, true
	case unix.ETIMEDOUT: // the system gave up: nothing came back
		return run.Silent, true
	case unix.ENETUNREACH, unix.ENETDOWN:
		return run.NoRoute, true
	}
	return classAny(no)
}

// ClassDial is ClassAfter for a connect, where EADDRNOTAVAIL says that all
// local ports are taken.
func ClassDial(err error) (run.Class, bool) {
	if errors.Is(err, unix.EADDRNOTAVAIL) {
		return run.Exhausted, true
	}
	return ClassAfter(err)
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
