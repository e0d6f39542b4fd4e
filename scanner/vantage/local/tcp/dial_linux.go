package tcp

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/unix"
)

// Dialer makes TCP connections on sockets of its own making: the error queue
// of a socket says which router complained, and net's dialer has closed it by
// the time it returns.
type Dialer struct {
	slots   socket.Slots
	answers *answers // what answers on the wire; nil where that is not allowed
}

// New makes a dialer that waits for a slot before each connect.
func New(s socket.Slots) *Dialer {
	h, err := listenAnswers()
	if err != nil {
		h = nil // without privilege a reply has no TTL, which is said by 0
	}
	return &Dialer{slots: s, answers: h}
}

// Close stops listening to answers. Connects under way end by themselves.
func (d *Dialer) Close() error {
	if d.answers == nil {
		return nil
	}
	return d.answers.close()
}

// Dial makes one connection.
func (d *Dialer) Dial(ctx context.Context, q vantage.DialRequest) (r vantage.Reply, err error) {
	err = d.dial(ctx, &q, 0, &r)
	return r, err
}

// dial makes one connection, from a source port unless that is 0, and notes in r what
// became of it.
func (d *Dialer) dial(ctx context.Context, q *vantage.DialRequest, from uint16, r *vantage.Reply) error {
	if err := errors.Join(socket.CheckTry("connect", q.To.Addr(), q.Timeout), checkFrame(q)); err != nil {
		return err
	}
	if err := d.slots.Take(ctx); err != nil {
		return err
	}
	defer d.slots.Give()
	q.To = netip.AddrPortFrom(q.To.Addr().Unmap(), q.To.Port())
	start := time.Now()
	seen := d.answers.expect(q.To)
	defer seen.release()
	fd, c, err := begin(q.To, from)
	switch {
	case errors.Is(err, vantage.ErrSourcePort):
		return err
	case err != nil && c == "":
		return socket.Failed("connect", q.To, err)
	case err != nil:
		r.Class, r.RTT, r.Note = c, time.Since(start), socket.Words(err)
		return nil
	}
	own := ownEnd(fd)
	f := os.NewFile(uintptr(fd), "tcp") //nolint:gosec // a file descriptor
	defer f.Close()                     //nolint:errcheck // nothing was written, or nobody reads it any more
	if err := f.SetDeadline(start.Add(q.Timeout)); err != nil {
		return socket.Failed("connect", q.To, err)
	}
	defer context.AfterFunc(ctx, func() { f.SetDeadline(socket.Past) })() //nolint:errcheck // it may be closed by now
	info, err := outcome(ctx, f, q, start, r)
	if err != nil {
		*r = vantage.Reply{}
		return err
	}
	r.Attempt = connecting(info, own, q.To.Addr(), r.RTT, r.Class == run.Answered)
	if r.Class == run.Answered || r.Class == run.Refused && !r.From.IsValid() {
		r.From = q.To.Addr()
		heard := seen.answer(own.Port())
		r.TTL, r.Loopback = heard.ttl, r.Loopback || heard.loopback
	}
	if r.Class == run.Answered && len(q.Send) > 0 {
		err = converse(f, q, r, ctx.Err)
	}
	return err
}

// begin makes a socket and begins to connect it, from a source port unless that is 0. The
// error says why nothing was sent; c is its class, "" where that is not known.
func begin(to netip.AddrPort, from uint16) (fd int, c run.Class, err error) {
	sa, family, err := sockaddr(to)
	if err != nil {
		return 0, "", err
	}
	fd, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if err != nil {
		c, _ = socket.ClassBefore(err)
		return 0, c, os.NewSyscallError("socket", err)
	}
	if err = socket.WantErrors(fd, family == unix.AF_INET6); err != nil {
		unix.Close(fd) //nolint:errcheck // the error that matters is known
		return 0, "", err
	}
	if from != 0 {
		if err = bindFrom(fd, sa, from); err != nil {
			unix.Close(fd) //nolint:errcheck // nothing was sent on it
			c, _ = socket.ClassBefore(err)
			return 0, c, err
		}
	}
	switch err = unix.Connect(fd, sa); {
	case err == nil, errors.Is(err, unix.EINPROGRESS), errors.Is(err, unix.EINTR):
		return fd, "", nil
	case errors.Is(err, unix.ECONNREFUSED): // that one is an answer already
		return fd, "", nil
	}
	unix.Close(fd) //nolint:errcheck // nothing was sent on it
	c, _ = socket.ClassConnect(err)
	return 0, c, os.NewSyscallError("connect", err)
}

// outcome waits for the connect to end, notes in r how, and returns what the socket
// tells of it then.
func outcome(ctx context.Context, f *os.File, q *vantage.DialRequest, start time.Time, r *vantage.Reply) (*unix.TCPInfo, error) {
	rc, err := f.SyscallConn()
	if err != nil {
		return nil, socket.Failed("connect", q.To, err)
	}
	var (
		info *unix.TCPInfo
		said error
	)
	err = rc.Write(func(fd uintptr) bool {
		info, said = connected(int(fd))
		return !errors.Is(said, unix.EINPROGRESS)
	})
	r.RTT = time.Since(start)
	switch {
	case err == nil && said == nil:
		r.Class = run.Answered
		return info, nil
	case err == nil:
		known := false
		err = rc.Control(func(fd uintptr) { *r, known = socket.AfterError(int(fd), q.To.Addr(), said, r.RTT) })
		if !known {
			err = socket.Failed("connect", q.To, said)
		}
		return info, err
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		r.Class = run.Silent
		err = rc.Control(func(fd uintptr) { info = tcpInfo(int(fd)) })
		return info, err
	}
	return nil, socket.Failed("connect", q.To, err)
}

// The states of a connect that has not come to an end, and of one that failed
// (net/tcp_states.h).
const (
	tcpSynSent     = 2
	tcpSynReceived = 3
	tcpClose       = 7
)

// connected says how the connect of a socket stands: nil when it is made,
// EINPROGRESS while it is under way. The info is what the socket tells of it, nil where
// the kernel does not.
func connected(fd int) (*unix.TCPInfo, error) {
	info := tcpInfo(fd)
	switch {
	case info == nil || info.State == tcpClose:
		return info, ended(fd)
	case info.State == tcpSynSent, info.State == tcpSynReceived:
		return info, unix.EINPROGRESS // the poller may wake us for nothing
	}
	return info, nil
}

// tcpInfo is what a socket tells of its connection, nil where the kernel does not.
func tcpInfo(fd int) *unix.TCPInfo {
	info, err := unix.GetsockoptTCPInfo(fd, unix.SOL_TCP, unix.TCP_INFO)
	if err != nil {
		return nil
	}
	return info
}

// ended is connected for a socket whose state does not say how its connect stands.
func ended(fd int) error {
	no, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	switch {
	case err != nil:
		return err
	case no != 0:
		return unix.Errno(no) //nolint:gosec // an errno
	}
	if _, err := syscall.Getpeername(fd); err != nil {
		return unix.EINPROGRESS
	}
	return nil
}

func sockaddr(a netip.AddrPort) (unix.Sockaddr, int, error) {
	ip := a.Addr()
	if ip.Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: ip.As4()}, unix.AF_INET, nil
	}
	zone, err := socket.ZoneIndex(ip.Zone())
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: ip.As16(), ZoneId: zone}, unix.AF_INET6, err
}
