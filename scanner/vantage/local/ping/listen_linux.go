package ping

import (
	"errors"
	"net"
	"os"

	"github.com/kmsiso/kmsiso/scanner/vantage/local/icmp"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
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
	if err := socket.Widen(s.c); err != nil {
		return err
	}
	if s.raw && !s.is6 {
		var f ipv4.ICMPFilter
		f.SetAll(true)
		for _, t := range []ipv4.ICMPType{icmp.EchoReply4, icmp.Unreachable4, icmp.TimeExceeded4, icmp.BadHeader4} {
			f.Accept(t)
		}
		return s.p4.SetICMPFilter(&f)
	}
	if s.raw {
		return nil
	}
	return socket.Control(s.c, func(fd int) error {
		return errors.Join(socket.WantErrors(fd, s.is6), socket.WantTTL(fd, s.is6))
	})
}

// readErrors reads the error queue of an unprivileged socket, after an error
// of its reading. It reports whether the socket can be read on; a raw one has
// errors pending that its messages tell as well.
func (s *echoSocket) readErrors() bool {
	if s.raw {
		return true
	}
	for found := false; ; found = true {
		var q socket.QueuedError
		err := socket.Control(s.c, func(fd int) (err error) { q, err = socket.NextError(fd); return err })
		if err != nil {
			return found
		}
		if len(q.Packet) < 8 || !q.ICMP {
			continue
		}
		seq := uint16(q.Packet[6])<<8 | uint16(q.Packet[7])
		s.hand(icmp.Echo{Seq: seq, Error: true, Type: q.Type, Code: q.Code, To: q.To}, q.From, arrival{ttl: q.TTL})
	}
}
