package vantage

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// The errors of Winsock, which package syscall has under names that are not those
// of the system (winerror.h).
const (
	wsaNetUnreachable  = 10051
	wsaTimedOut        = 10060
	wsaRefused         = 10061
	wsaHostUnreachable = 10065
)

// Unconnected is why a connection of this machine was not made. Nothing is read
// from the words of the error.
func Unconnected(err error) reason.Code {
	var (
		dns     *net.DNSError
		number  syscall.Errno
		timeout net.Error
	)
	switch {
	case errors.As(err, &dns):
		return reason.NameUnresolved
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return reason.NothingAnswers
	case errors.As(err, &number):
		switch number {
		case syscall.ECONNREFUSED, wsaRefused:
			return reason.ConnectionRefused
		case syscall.EHOSTUNREACH, syscall.ENETUNREACH, wsaHostUnreachable, wsaNetUnreachable:
			return reason.HostUnreachable
		case syscall.ETIMEDOUT, wsaTimedOut:
			return reason.NothingAnswers
		}
	case errors.As(err, &timeout) && timeout.Timeout():
		return reason.NothingAnswers
	}
	return reason.NotConnected
}
