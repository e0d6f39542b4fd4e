package udp

import (
	"sync"

	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/windows"
)

// lent counts the sockets of kmsiso at each source port. SO_REUSEADDR, by which they
// share it, would also take the port from another program: so the first of them sees
// whether it is free.
var lent = struct {
	sync.Mutex

	sockets map[lentPort]int
}{sockets: map[lentPort]int{}}

type lentPort struct {
	six  bool
	port uint16
}

// lend lends a source port, until done is called. The error is that of a port that is
// not to be had.
func lend(six bool, port uint16) (done func(), err error) {
	if port == 0 {
		return func() {}, nil
	}
	lent.Lock()
	defer lent.Unlock()
	key := lentPort{six, port}
	if lent.sockets[key] == 0 {
		if err := free(six, port); err != nil {
			return nil, socket.NoSourcePort(port, err)
		}
	}
	lent.sockets[key]++
	return func() {
		lent.Lock()
		defer lent.Unlock()
		lent.sockets[key]--
	}, nil
}

// exclusive is SO_EXCLUSIVEADDRUSE: the complement of SO_REUSEADDR (winsock2.h).
const exclusive = ^windows.SO_REUSEADDR

// free tries whether nobody else has a port.
func free(six bool, port uint16) error {
	family := int32(windows.AF_INET)
	if six {
		family = windows.AF_INET6
	}
	s, err := windows.WSASocket(family, windows.SOCK_DGRAM, windows.IPPROTO_UDP, nil, 0, windows.WSA_FLAG_NO_HANDLE_INHERIT)
	if err != nil {
		return err
	}
	defer windows.Closesocket(s) //nolint:errcheck // nothing was sent on it
	return bind(s, six, port, exclusive)
}

// bind gives a socket a source port, by an option that says with whom it is shared.
func bind(s windows.Handle, six bool, port uint16, option int) error {
	if err := windows.SetsockoptInt(s, windows.SOL_SOCKET, option, 1); err != nil {
		return err
	}
	if six {
		return windows.Bind(s, &windows.SockaddrInet6{Port: int(port)})
	}
	return windows.Bind(s, &windows.SockaddrInet4{Port: int(port)})
}
