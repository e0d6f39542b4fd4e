package local

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage"
	"golang.org/x/sys/unix"
)

// queued is one entry of a socket's error queue: what came back for a packet
// of ours (ip(7), IP_RECVERR).
type queued struct {
	errno  unix.Errno
	icmp   bool // an ICMP message said so, else the system itself
	typ    int
	code   int
	from   netip.Addr // of the ICMP message
	ttl    int        // of the ICMP message
	to     netip.Addr // of the packet
	packet []byte     // its first octets, from the protocol's own header or data on
}

// wantErrors makes the system keep the errors of a socket, with who sent them
// and their TTL.
func wantErrors(fd int, is6 bool) error {
	if is6 {
		return errors.Join(unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1),
			unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT, 1))
	}
	return errors.Join(unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1),
		unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVTTL, 1))
}

// nextError takes one entry from the error queue. It never blocks.
func nextError(fd int) (queued, error) {
	var packet, oob [512]byte
	n, oobn, _, to, err := unix.Recvmsg(fd, packet[:], oob[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if err != nil {
		return queued{}, err
	}
	q := queued{packet: append([]byte(nil), packet[:n]...)}
	switch a := to.(type) {
	case *unix.SockaddrInet4:
		q.to = netip.AddrFrom4(a.Addr)
	case *unix.SockaddrInet6:
		q.to = netip.AddrFrom16(a.Addr).Unmap()
	}
	ms, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return queued{}, err
	}
	for _, m := range ms {
		q.take(m)
	}
	return q, nil
}

// take reads one control message: struct sock_extended_err with the address
// behind it, or a TTL.
func (q *queued) take(m unix.SocketControlMessage) {
	h := m.Header
	switch {
	case h.Level == unix.IPPROTO_IP && h.Type == unix.IP_TTL, h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_HOPLIMIT:
		if len(m.Data) >= 4 {
			q.ttl = int(binary.NativeEndian.Uint32(m.Data))
		}
	case h.Level == unix.IPPROTO_IP && h.Type == unix.IP_RECVERR, h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_RECVERR:
		if len(m.Data) < 16 {
			return
		}
		q.errno = unix.Errno(binary.NativeEndian.Uint32(m.Data))
		q.icmp = m.Data[4] == unix.SO_EE_ORIGIN_ICMP || m.Data[4] == unix.SO_EE_ORIGIN_ICMP6
		q.typ, q.code = int(m.Data[5]), int(m.Data[6])
		if a := m.Data[16:]; q.icmp && len(a) >= 8 {
			switch binary.NativeEndian.Uint16(a) {
			case unix.AF_INET:
				q.from = netip.AddrFrom4([4]byte(a[4:8]))
			case unix.AF_INET6:
				if len(a) >= 24 {
					q.from = netip.AddrFrom16([16]byte(a[8:24])).Unmap()
				}
			}
		}
	}
}

// afterError is the reply for an error that a connected socket to to gave: by
// its error queue where that says more, else by the number alone. ok is false
// where the error is of no known kind.
func afterError(fd int, to netip.Addr, err error, rtt time.Duration) (r vantage.Reply, ok bool) {
	for {
		q, none := nextError(fd)
		if none != nil {
			break
		}
		if q.icmp {
			r := vantage.Reply{From: q.from, TTL: q.ttl, RTT: rtt}
			complain(&r, to.Is6(), q.typ, q.code, to)
			return r, true
		}
	}
	c, ok := classAfter(err)
	return vantage.Reply{Class: c, RTT: rtt, Note: errnoNote(err)}, ok
}
