package socket

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/icmp"
	"golang.org/x/sys/unix"
)

// QueuedError is one entry of a socket's error queue: what came back for a packet
// of ours (ip(7), IP_RECVERR).
type QueuedError struct {
	ICMP   bool       // an ICMP message said so, else the system itself
	Type   int        // of the ICMP message
	Code   int        // of the ICMP message
	From   netip.Addr // of the ICMP message
	TTL    int        // of the ICMP message
	To     netip.Addr // of the packet
	Packet []byte     // its first octets, from the protocol's own header or data on
}

// WantErrors makes the system keep the errors of a socket, with who sent them.
func WantErrors(fd int, is6 bool) error {
	if is6 {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1)
}

// WantTTL makes the system tell the TTL or hop limit of all that is read from a socket
// from now on, errors that it has kept before included.
func WantTTL(fd int, is6 bool) error {
	if is6 {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT, 1)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVTTL, 1)
}

// NextError takes one entry from the error queue. It never blocks: where there is none
// it fails.
func NextError(fd int) (QueuedError, error) {
	var packet, oob [512]byte
	n, oobn, _, to, err := unix.Recvmsg(fd, packet[:], oob[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if err != nil {
		return QueuedError{}, err
	}
	q := QueuedError{Packet: append([]byte(nil), packet[:n]...)}
	switch a := to.(type) {
	case *unix.SockaddrInet4:
		q.To = netip.AddrFrom4(a.Addr)
	case *unix.SockaddrInet6:
		q.To = netip.AddrFrom16(a.Addr).Unmap()
	}
	ms, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return QueuedError{}, err
	}
	for _, m := range ms {
		q.take(m)
	}
	return q, nil
}

// take reads one control message: struct sock_extended_err with the address
// behind it, or a TTL.
func (q *QueuedError) take(m unix.SocketControlMessage) {
	h := m.Header
	switch {
	case h.Level == unix.IPPROTO_IP && h.Type == unix.IP_TTL, h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_HOPLIMIT:
		if len(m.Data) >= 4 {
			q.TTL = int(binary.NativeEndian.Uint32(m.Data))
		}
	case h.Level == unix.IPPROTO_IP && h.Type == unix.IP_RECVERR, h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_RECVERR:
		if len(m.Data) < 16 {
			return
		}
		q.ICMP = m.Data[4] == unix.SO_EE_ORIGIN_ICMP || m.Data[4] == unix.SO_EE_ORIGIN_ICMP6
		q.Type, q.Code = int(m.Data[5]), int(m.Data[6])
		if a := m.Data[16:]; q.ICMP && len(a) >= 8 {
			switch binary.NativeEndian.Uint16(a) {
			case unix.AF_INET:
				q.From = netip.AddrFrom4([4]byte(a[4:8]))
			case unix.AF_INET6:
				if len(a) >= 24 {
					q.From = netip.AddrFrom16([16]byte(a[8:24])).Unmap()
				}
			}
		}
	}
}

// AfterError is the reply for an error that a connected socket to to gave: by
// its error queue where that says more, else by the number alone. ok is false
// where the error is of no known kind.
func AfterError(fd int, to netip.Addr, err error, rtt time.Duration) (r vantage.Reply, ok bool) {
	_ = WantTTL(fd, to.Is6()) // where it cannot be, no TTL is told
	for {
		q, none := NextError(fd)
		if none != nil {
			break
		}
		if q.ICMP {
			r := vantage.Reply{From: q.From, TTL: q.TTL, RTT: rtt}
			icmp.Tell(&r, to.Is6(), q.Type, q.Code, to)
			return r, true
		}
	}
	c, ok := ClassAfter(err)
	return vantage.Reply{Class: c, RTT: rtt, Note: Words(err)}, ok
}

// TTL is the TTL or hop limit among control messages, 0 where there is none.
func TTL(oob []byte) int {
	ms, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0
	}
	var q QueuedError
	for _, m := range ms {
		q.take(m)
	}
	return q.TTL
}
