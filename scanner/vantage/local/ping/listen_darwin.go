package ping

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// stripHeader is IP_STRIPHDR of <netinet/in.h>: an IPv4 datagram socket then
// reads the message without its IP header.
const stripHeader = 0x17

// listenEcho opens one of the ICMP sockets that need no privilege. They also
// see the errors of routers.
func listenEcho(is6 bool) (c net.PacketConn, raw bool, err error) {
	family, proto := unix.AF_INET, unix.IPPROTO_ICMP
	if is6 {
		family, proto = unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM, proto)
	if err != nil {
		return nil, false, os.NewSyscallError("unprivileged ICMP socket", err)
	}
	unix.CloseOnExec(fd)
	f := os.NewFile(uintptr(fd), "icmp")
	defer f.Close()
	if !is6 {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_IP, stripHeader, 1); err != nil {
			return nil, false, os.NewSyscallError("setsockopt", err)
		}
	}
	c, err = net.FilePacketConn(f)
	return c, false, err
}

// tuneEcho has nothing to add.
func tuneEcho(*echoSocket) error { return nil }

// readErrors reports that an error of reading is one of the socket itself:
// errors of the network come as messages.
func (*echoSocket) readErrors() bool { return false }
