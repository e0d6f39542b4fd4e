//go:build !linux

package tcp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
)

// Dialer makes TCP connections with net's own dialer. It learns no TTL, and
// not who complained of what; how many SYNs were sent is known where the system always
// keeps to the same times.
type Dialer struct{ slots socket.Slots }

// New makes a dialer that waits for a slot before each connect.
func New(s socket.Slots) *Dialer { return &Dialer{slots: s} }

// Close has nothing to close.
func (*Dialer) Close() error { return nil }

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
	within, stop := context.WithDeadline(ctx, start.Add(q.Timeout))
	defer stop()
	nd := net.Dialer{KeepAlive: -1, FallbackDelay: -1}
	if from != 0 {
		nd.LocalAddr, nd.Control = &net.TCPAddr{Port: int(from)}, shared
	}
	c, err := nd.DialContext(within, "tcp", q.To.String())
	r.RTT = time.Since(start)
	if err != nil {
		switch {
		case from != 0 && notGiven(err):
			return socket.NoSourcePort(from, err)
		case ctx.Err() != nil:
			return ctx.Err()
		case within.Err() != nil:
			r.Class, r.Sent = run.Silent, sentBy(runtime.GOOS, r.RTT)
			return nil
		}
		known := false
		if r.Class, known = socket.ClassDial(err); !known {
			return socket.Failed("connect", q.To, err)
		}
		r.Note = socket.Words(err)
		if r.Class == run.Refused {
			r.From = q.To.Addr()
		}
		return nil
	}
	defer c.Close()
	if t, ok := c.(*net.TCPConn); ok && from != 0 {
		_ = t.SetLinger(0) // else the port would be in use for a while
	}
	r.Class, r.From, r.Attempt = run.Answered, q.To.Addr(), socket.AttemptFrom(c.LocalAddr(), q.To.Addr())
	if len(q.Send) > 0 {
		defer context.AfterFunc(ctx, func() { c.SetDeadline(socket.Past) })() //nolint:errcheck // it may be closed by now
		err = converse(c, q, r, ctx.Err)
	}
	return err
}

// shared makes a socket of a source port that other connections may have, too.
func shared(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) { failed = share(fd) })
	return errors.Join(err, failed)
}

// notGiven reports whether a connection may have failed because the system does not give
// its source port: whoever may not have it is told no more.
func notGiven(err error) bool {
	c, _ := socket.ClassDial(err)
	return c == run.NotPermitted || c == run.Exhausted
}
