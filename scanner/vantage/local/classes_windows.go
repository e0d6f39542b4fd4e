package local

import (
	"errors"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run"
	"golang.org/x/sys/windows"
)

// classBefore is the class of an error that the system gave before a packet
// left: from making a socket, finding a route, or its own packet filter.
// Windows errors are compared with WSA numbers: syscall.ECONNREFUSED and its
// like are inventions of Go there, and never equal.
func classBefore(err error) (run.Class, bool) {
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

// classAfter is the class of an error that came back for a packet that left.
// WSAECONNRESET is what a UDP socket is told of an unreachable port.
func classAfter(err error) (run.Class, bool) {
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

// classDial is classAfter for a connect, where WSAEADDRNOTAVAIL says that the
// address is none that could be connected to from here.
func classDial(err error) (run.Class, bool) {
	if errors.Is(err, windows.WSAEADDRNOTAVAIL) {
		return run.NoRoute, true
	}
	return classAfter(err)
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

// classStatus is the class of an IP_STATUS, what IcmpSendEcho2 and
// Icmp6SendEcho2 say of an echo request (ipexport.h). Known is false where
// nothing can be said.
func classStatus(status uint32, is6 bool) (c run.Class, note string, known bool) {
	switch status {
	case 0:
		return run.Answered, "", true
	case 11002:
		c, note = run.Unreachable, "net unreachable"
	case 11003:
		c, note = run.Unreachable, "host unreachable"
	case 11004:
		if c, note = run.Refused, "protocol unreachable"; is6 {
			c, note = run.Unreachable, "administratively prohibited"
		}
	case 11005:
		c, note = run.Refused, "port unreachable"
	case 11006:
		c, note = run.Exhausted, "no resources"
	case 11010:
		return run.Silent, "", true
	case 11013, 11014:
		c, note = run.Unreachable, "time to live exceeded"
	case 11032:
		c, note = run.Silent, "negotiating IP security"
	case 11050:
		c, note = run.NoRoute, "general failure: no route, or this machine's own filter"
	default:
		return "", "", false
	}
	return c, fmt.Sprintf("%s (IP_STATUS %d)", note, status), true
}

// errnoNote is the system's own words, with the number of the error.
func errnoNote(err error) string {
	var no windows.Errno
	if errors.As(err, &no) {
		return fmt.Sprintf("%s (error %d)", no.Error(), uint32(no))
	}
	return err.Error()
}
