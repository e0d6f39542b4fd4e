package udp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
)

// Exchange sends one datagram and waits for one answer. It learns no TTL.
func (x *Exchanger) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	if err := socket.CheckTry("send", q.To.Addr(), q.Timeout); err != nil {
		return vantage.Reply{}, err
	}
	if err := x.slots.Take(ctx); err != nil {
		return vantage.Reply{}, err
	}
	defer x.slots.Give()
	to := netip.AddrPortFrom(q.To.Addr().Unmap(), q.To.Port())
	start := time.Now()
	failed := func(err error, classOf func(error) (run.Class, bool)) (vantage.Reply, error) {
		if ctx.Err() != nil {
			return vantage.Reply{}, ctx.Err()
		}
		c, ok := classOf(err)
		if !ok {
			return vantage.Reply{}, socket.Failed("send", to, err)
		}
		return vantage.Reply{Class: c, RTT: time.Since(start), Note: socket.Words(err)}, nil
	}
	c, err := dial(ctx, to, q.From)
	if errors.Is(err, vantage.ErrSourcePort) {
		return vantage.Reply{}, err
	}
	if err != nil {
		return failed(err, socket.ClassBefore)
	}
	defer c.Close()
	if err := c.SetDeadline(start.Add(q.Timeout)); err != nil {
		return vantage.Reply{}, socket.Failed("send", to, err)
	}
	defer context.AfterFunc(ctx, func() { c.SetDeadline(socket.Past) })() //nolint:errcheck // it may be closed by now
	if _, err := c.Write(q.Send); err != nil {
		return failed(err, socket.ClassBefore)
	}
	own := socket.AttemptFrom(c.LocalAddr(), to.Addr())
	b := make([]byte, 1<<16)
	n, err := c.Read(b)
	var t net.Error
	switch {
	case err == nil:
		return vantage.Reply{Class: run.Answered, From: to.Addr(), Data: b[:n], RTT: time.Since(start), Attempt: socket.SentOnce(own, time.Since(start))}, nil
	case ctx.Err() == nil && errors.As(err, &t) && t.Timeout():
		return vantage.Reply{Class: run.Silent, RTT: time.Since(start), Attempt: socket.SentOnce(own, 0)}, nil
	}
	return failed(err, socket.ClassAfter)
}
