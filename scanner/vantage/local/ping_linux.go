package local

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// listenEcho opens a raw ICMP socket or, where that is not allowed, one of
// those that need no privilege.
func listenEcho(is6 bool) (c net.PacketConn, raw bool, err error) {
	network, family, proto := "ip4:icmp", unix.AF_INET, unix.IPPROTO_ICMP
	if is6 {
		network, family, proto = "ip6:ipv6-icmp", unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	if c, err = net.ListenPacket(network, ""); err == nil {
		return c, true, nil
	}
	fd, err2 := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, proto)
	if err2 != nil {
		return nil, false, errors.Join(err, os.NewSyscallError("unprivileged ICMP socket", err2))
	}
	f := os.NewFile(uintptr(fd), "icmp") //nolint:gosec // a file descriptor
	defer f.Close()                      //nolint:errcheck // nothing was written, or nobody reads it any more
	c, err = net.FilePacketConn(f)
	return c, false, err
}

// tuneEcho sets what only Linux has: a large buffer, the ICMP filter of a raw socket, and the
// error queue of an unprivileged one.
func tuneEcho(s *echoSocket) error {
	if err := widen(s.c); err != nil {
		return err
	}
	if s.raw && !s.is6 {
		var f ipv4.ICMPFilter
		f.SetAll(true)
		for _, t := range []ipv4.ICMPType{echoReply4, unreachable4, timeExceeded4, badHeader4} {
			f.Accept(t)
		}
		return s.p4.SetICMPFilter(&f)
	}
	if s.raw {
		return nil
	}
	return control(s.c, func(fd int) error { return wantErrors(fd, s.is6) })
}

// control runs f on the file descriptor of a socket.
func control(c any, f func(fd int) error) error {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return errors.New("the socket has no file descriptor")
	}
	rc, err := sc.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := rc.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// readErrors reads the error queue of an unprivileged socket, after an error
// of its reading. It reports whether the socket can be read on; a raw one has
// errors pending that its messages tell as well.
func (s *echoSocket) readErrors() bool {
	if s.raw {
		return true
	}
	for found := false; ; found = true {
		var c queued
		err := control(s.c, func(fd int) (err error) { c, err = nextError(fd); return err })
		if err != nil {
			return found
		}
		if len(c.packet) < 8 || !c.icmp {
			continue
		}
		seq := uint16(c.packet[6])<<8 | uint16(c.packet[7])
		s.hand(echo{seq: seq, error: true, typ: c.typ, code: c.code, to: c.to}, c.from, arrival{ttl: c.ttl})
	}
}
