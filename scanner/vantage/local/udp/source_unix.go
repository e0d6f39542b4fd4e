//go:build unix

package udp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"

	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/unix"
)

// dial makes a socket that is connected to another end, from a source port unless that
// is 0. Sockets of kmsiso share a source port. No other program's is taken from it.
func dial(ctx context.Context, to netip.AddrPort, from uint16) (*net.UDPConn, error) {
	if from == 0 {
		return net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	}
	d := net.Dialer{LocalAddr: &net.UDPAddr{Port: int(from)}, Control: shared}
	c, err := d.DialContext(ctx, "udp", to.String())
	if s := new(os.SyscallError); errors.As(err, &s) && s.Syscall == "bind" {
		return nil, socket.NoSourcePort(from, err)
	}
	u, _ := c.(*net.UDPConn)
	return u, err
}

// shared lets sockets of one user that all ask for it have one port.
func shared(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)) //nolint:gosec // a file descriptor
	})
	return errors.Join(err, failed)
}
