package udp

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/windows"
)

// udpThreads bounds the exchanges, which block a thread each.
var udpThreads = make(socket.Slots, socket.MaxThreads)

// Exchange sends one datagram from a Winsock socket and waits for one answer: net's
// own UDP sockets ask Windows not to tell of unreachable ports. It learns no TTL.
func (x *Exchanger) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	if err := socket.CheckTry("send", q.To.Addr(), q.Timeout); err != nil {
		return vantage.Reply{}, err
	}
	if len(q.Send) == 0 {
		return vantage.Reply{}, socket.Unusable("send", q.To, "size", 0)
	}
	if err := udpThreads.Take(ctx); err != nil {
		return vantage.Reply{}, err
	}
	defer udpThreads.Give()
	to := netip.AddrPortFrom(q.To.Addr().Unmap(), q.To.Port())
	start := time.Now()
	var own run.Attempt
	failed := func(err error, classOf func(error) (run.Class, bool)) (vantage.Reply, error) {
		if ctx.Err() != nil {
			return vantage.Reply{}, ctx.Err()
		}
		c, ok := classOf(err)
		if !ok {
			return vantage.Reply{}, socket.Failed("send", to, err)
		}
		r := vantage.Reply{Class: c, RTT: time.Since(start), Attempt: own}
		if c != run.Silent {
			r.Note = socket.Words(err)
		}
		return r, nil
	}
	done, err := lend(to.Addr().Is6(), q.From)
	if err != nil {
		return vantage.Reply{}, err
	}
	defer done()
	s, err := openDatagram(to, q.Timeout, q.From)
	if err != nil {
		return failed(err, socket.ClassBefore)
	}
	closeOnce := sync.OnceFunc(func() { windows.Closesocket(s) }) //nolint:errcheck // nothing can be done about it
	defer closeOnce()
	defer context.AfterFunc(ctx, closeOnce)()
	var n, flags uint32
	if err := windows.WSASend(s, &windows.WSABuf{Len: uint32(len(q.Send)), Buf: &q.Send[0]}, 1, &n, 0, nil, nil); err != nil { //nolint:gosec // a datagram
		return failed(err, socket.ClassBefore)
	}
	own = socket.SentOnce(boundTo(s, to), 0)
	b := make([]byte, 1<<16)
	if err := windows.WSARecv(s, &windows.WSABuf{Len: uint32(len(b)), Buf: &b[0]}, 1, &n, &flags, nil, nil); err != nil {
		return failed(err, socket.ClassAfter)
	}
	rtt := time.Since(start)
	return vantage.Reply{Class: run.Answered, From: to.Addr(), Data: b[:n], RTT: rtt, Attempt: socket.SentOnce(own, rtt)}, nil
}

// boundTo is what a socket that is connected to to tells of a try: its own end.
func boundTo(s windows.Handle, to netip.AddrPort) (a run.Attempt) {
	sa, err := windows.Getsockname(s)
	if err != nil {
		return a
	}
	switch sa := sa.(type) {
	case *windows.SockaddrInet4:
		a.Local = netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port)) //nolint:gosec // a port
	case *windows.SockaddrInet6:
		a.Local = netip.AddrPortFrom(netip.AddrFrom16(sa.Addr).Unmap(), uint16(sa.Port)) //nolint:gosec // a port
	}
	a.Loopback = socket.WithinMachine(a.Local.Addr(), to.Addr())
	return a
}

// openDatagram makes a UDP socket that is connected to to and waits for an
// answer no longer than timeout, which holds for overlapped sockets only. It has a source
// port, unless that is 0.
func openDatagram(to netip.AddrPort, timeout time.Duration, from uint16) (windows.Handle, error) {
	family, sa := int32(windows.AF_INET), windows.Sockaddr(&windows.SockaddrInet4{Port: int(to.Port())})
	if to.Addr().Is4() {
		sa = &windows.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}
	} else {
		zone, err := socket.ZoneIndex(to.Addr().Zone())
		if err != nil {
			return 0, err
		}
		family, sa = windows.AF_INET6, &windows.SockaddrInet6{Port: int(to.Port()), Addr: to.Addr().As16(), ZoneId: zone}
	}
	s, err := windows.WSASocket(family, windows.SOCK_DGRAM, windows.IPPROTO_UDP, nil, 0, windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
	if err != nil {
		return 0, err
	}
	if err := windows.SetsockoptInt(s, windows.SOL_SOCKET, windows.SO_RCVTIMEO, int(max(1, timeout.Milliseconds()))); err != nil {
		windows.Closesocket(s) //nolint:errcheck // the error that matters is known
		return 0, err
	}
	if from != 0 {
		if err := bind(s, to.Addr().Is6(), from, windows.SO_REUSEADDR); err != nil {
			windows.Closesocket(s) //nolint:errcheck // the error that matters is known
			return 0, err
		}
	}
	if err := windows.Connect(s, sa); err != nil {
		windows.Closesocket(s) //nolint:errcheck // the error that matters is known
		return 0, err
	}
	return s, nil
}
