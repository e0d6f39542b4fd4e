package socket

import (
	"errors"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run"
	"golang.org/x/sys/windows"
)

// ClassBefore is the class of an error that the system gave before a packet
// left: from making a socket, finding a route, or its own packet filter. It
// is false for an error of no known kind.
// Windows errors are compared with WSA numbers: syscall.ECONNREFUSED and its
// like are inventions of Go there, and never equal.
func ClassBefore(err error) (run.Class, bool) {
	var no windows.Errno
	if !errors.As(err, &no) {
		return "", false
	}
	switch no {
	case windows.WSAENETUNREACH, windows.WSAEHOSTUNREACH, windows.WSAENETDOWN, windows.WSAEADDRNOTAVAIL, windows.WSAEAFNOSUPPORT,
		windows.ERROR_NETWORK_UNREACHABLE, windows.ERROR_HOST_UNREACHABLE:
		return run.NoRoute, true
	}
	return classAny(no)
}

// ClassAfter is the class of an error that came back for a packet that left.
// WSAECONNRESET is what a UDP socket is told of an unreachable port.
func ClassAfter(err error) (run.Class, bool) {
	var no windows.Errno
	if !errors.As(err, &no) {
		return "", false
	}
	switch no {
	case windows.WSAECONNREFUSED, windows.WSAECONNRESET, windows.ERROR_CONNECTION_REFUSED, windows.ERROR_PORT_UNREACHABLE:
		return run.Refused, true
	case windows.WSAEHOSTUNREACH, windows.WSAEHOSTDOWN, windows.ERROR_HOST_UNREACHABLE, windows.WSAENETRESET:
		return run.Unreachable, true
	case windows.WSAENETUNREACH, windows.ERROR_NETWORK_UNREACHABLE, windows.WSAENETDOWN:
		return run.NoRoute, true
	case windows.WSAETIMEDOUT, windows.ERROR_SEM_TIMEOUT: // the system gave up: nothing came back
		return run.Silent, true
	}
	return classAny(no)
}

// ClassDial is ClassAfter for a connect, where WSAEADDRNOTAVAIL says that the
// address is none that could be connected to from here.
func ClassDial(err error) (run.Class, bool) {
	if errors.Is(err, windows.WSAEADDRNOTAVAIL) {
		return run.NoRoute, true
	}
	return ClassAfter(err)
}

// classAny holds what means the same at any time.
func classAny(no windows.Errno) (run.Class, bool) {
	switch no {
	case windows.WSAEACCES, windows.ERROR_ACCESS_DENIED, windows.ERROR_NETWORK_ACCESS_DENIED:
		return run.NotPermitted, true
	case windows.WSAEMFILE, windows.WSAENOBUFS, windows.WSAEADDRINUSE,
		windows.ERROR_NOT_ENOUGH_MEMORY, windows.ERROR_NO_SYSTEM_RESOURCES, windows.ERROR_TOO_MANY_OPEN_FILES:
		return run.Exhausted, true
	}
	return "", false
}

// Words is the system's own words, with the number of the error.
func Words(err error) string {
	var no windows.Errno
	if errors.As(err, &no) {
		return fmt.Sprintf("%s (error %d)", no.Error(), uint32(no))
	}
	return err.Error()
}
