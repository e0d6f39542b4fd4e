package udp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/unix"
)

// longest is the longest answer that is taken whole, in octets.
const longest = 2048

// rooms are where answers are read into, each used again: an answer is short.
var rooms = sync.Pool{New: func() any { return new(room) }}

// room has room for an answer and the control messages that come with it.
type room struct {
	b   [longest]byte
	oob [128]byte
}

// Exchange sends one datagram and waits for one answer.
func (x *Exchanger) Exchange(ctx context.Context, q vantage.DatagramRequest) (r vantage.Reply, err error) {
	if err := socket.CheckTry("send", q.To.Addr(), q.Timeout); err != nil {
		return r, err
	}
	if err := x.slots.Take(ctx); err != nil {
		return r, err
	}
	defer x.slots.Give()
	to := netip.AddrPortFrom(q.To.Addr().Unmap(), q.To.Port())
	start := time.Now()
	before := func(err error) error {
		c, ok := socket.ClassBefore(err)
		if !ok {
			return socket.Failed("send", to, err)
		}
		r.Class, r.RTT, r.Note = c, time.Since(start), socket.Words(err)
		return nil
	}
	c, err := dial(ctx, to, q.From)
	if errors.Is(err, vantage.ErrSourcePort) {
		return vantage.Reply{}, err
	}
	if err != nil {
		err = before(err)
		return r, err
	}
	defer c.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
	if err := socket.Control(c, func(fd int) error {
		return errors.Join(socket.WantErrors(fd, to.Addr().Is6()), socket.WantTTL(fd, to.Addr().Is6()))
	}); err != nil {
		return r, socket.Failed("send", to, err)
	}
	if err := c.SetDeadline(start.Add(q.Timeout)); err != nil {
		return r, socket.Failed("send", to, err)
	}
	defer context.AfterFunc(ctx, func() { c.SetDeadline(socket.Past) })() //nolint:errcheck // it may be closed by now
	if _, err := c.Write(q.Send); err != nil && ctx.Err() == nil {
		err = before(err)
		return r, err
	}
	r.Attempt = socket.SentOnce(socket.AttemptFrom(c.LocalAddr(), to.Addr()), 0)
	if err := answer(ctx, c, to, start, &r); err != nil {
		return vantage.Reply{}, err
	}
	return r, nil
}

// answer waits for the answer to what was sent, and puts it into r.
func answer(ctx context.Context, c *net.UDPConn, to netip.AddrPort, start time.Time, r *vantage.Reply) error {
	in := rooms.Get().(*room) //nolint:forcetypeassert // nothing else is there
	defer rooms.Put(in)
	n, oobn, flags, _, err := c.ReadMsgUDPAddrPort(in.b[:], in.oob[:])
	r.RTT = time.Since(start)
	switch {
	case err == nil:
		r.Class, r.From, r.TTL, r.Data = run.Answered, to.Addr(), socket.TTL(in.oob[:oobn]), bytes.Clone(in.b[:n])
		r.Attempt = socket.SentOnce(r.Attempt, r.RTT)
		if flags&unix.MSG_TRUNC != 0 {
			r.Class, r.Note = run.Cut, fmt.Sprintf("the answer is longer than %d octets", longest)
		}
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case isTimeout(err):
		r.Class = run.Silent
		return nil
	}
	own, known := r.Attempt, false
	if ctlErr := socket.Control(c, func(fd int) error {
		*r, known = socket.AfterError(fd, to.Addr(), err, r.RTT)
		return nil
	}); ctlErr != nil || !known {
		return socket.Failed("receive", to, err)
	}
	r.Attempt = own
	return nil
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
