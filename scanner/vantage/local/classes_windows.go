package local

import (
	"errors"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
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

// tellStatus puts into r what an IP_STATUS says, which IcmpSendEcho2 and
// Icmp6SendEcho2 return for an echo request (ipexport.h): the class, words, and the
// ICMP type and code where the status stands for one pair of them. It reports false
// for a status that it does not know.
func tellStatus(r *vantage.Reply, status uint32, is6 bool) bool {
	icmp := func(type4, code4, type6, code6 uint8) run.ICMP {
		if is6 {
			return run.ICMP{Type: type6, Code: code6}
		}
		return run.ICMP{Type: type4, Code: code4}
	}
	var note string
	switch status {
	case 0:
		r.Class = run.Answered
		return true
	case 11002: // IPv4: several codes are told as this one
		r.Class, note = run.Unreachable, "net unreachable"
	case 11003: // IPv4: as above
		r.Class, note = run.Unreachable, "host unreachable"
	case 11004:
		r.Class, note = run.Refused, "protocol unreachable"
		if is6 {
			r.Class, note, r.ICMP = run.Unreachable, "administratively prohibited", run.ICMP{Type: unreachable6, Code: 1}
		}
	case 11005:
		r.Class, note, r.ICMP = run.Refused, "port unreachable", icmp(unreachable4, 3, unreachable6, 4)
	case 11006:
		r.Class, note = run.Exhausted, "no resources"
	case 11010:
		r.Class = run.Silent
		return true
	case 11013:
		r.Class, note, r.ICMP = run.Unreachable, "time to live exceeded", icmp(timeExceeded4, 0, timeExceeded6, 0)
	case 11014:
		r.Class, note, r.ICMP = run.Unreachable, "time to live exceeded", icmp(timeExceeded4, 1, timeExceeded6, 1)
	case 11032:
		r.Class, note = run.Silent, "negotiating IP security"
	case 11050:
		r.Class, note = run.NoRoute, "general failure: no route, or this machine's own filter"
	default:
		return false
	}
	r.Note = fmt.Sprintf("%s (IP_STATUS %d)", note, status)
	return true
}

// errnoNote is the system's own words, with the number of the error.
func errnoNote(err error) string {
	var no windows.Errno
	if errors.As(err, &no) {
		return fmt.Sprintf("%s (error %d)", no.Error(), uint32(no))
	}
	return err.Error()
}
