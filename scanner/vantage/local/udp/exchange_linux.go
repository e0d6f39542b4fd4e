package udp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"github.com/kmsiso/kmsiso/scanner/vantage/local/socket"
	"golang.org/x/sys/unix"
)

// Exchange sends one datagram and waits for one answer.
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
	before := func(err error) (vantage.Reply, error) {
		if c, ok := socket.ClassBefore(err); ok {
			return vantage.Reply{Class: c, RTT: time.Since(start), Note: socket.Words(err)}, nil
		}
		return vantage.Reply{}, socket.Failed("send", to, err)
	}
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return before(err)
	}
	defer c.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
	if err := socket.Control(c, func(fd int) error {
		return errors.Join(socket.WantErrors(fd, to.Addr().Is6()), socket.WantTTL(fd, to.Addr().Is6()))
	}); err != nil {
		return vantage.Reply{}, socket.Failed("send", to, err)
	}
	if err := c.SetDeadline(start.Add(q.Timeout)); err != nil {
		return vantage.Reply{}, socket.Failed("send", to, err)
	}
	defer context.AfterFunc(ctx, func() { c.SetDeadline(socket.Past) })() //nolint:errcheck // it may be closed by now
	if _, err := c.Write(q.Send); err != nil && ctx.Err() == nil {
		return before(err)
	}
	own := socket.AttemptFrom(c.LocalAddr(), to.Addr())
	b, oob := make([]byte, 2048), make([]byte, 128)
	n, oobn, flags, _, err := c.ReadMsgUDPAddrPort(b, oob)
	rtt := time.Since(start)
	switch {
	case err == nil && flags&unix.MSG_TRUNC != 0:
		return vantage.Reply{Class: run.Cut, From: to.Addr(), TTL: socket.TTL(oob[:oobn]), Data: b[:n], RTT: rtt, Attempt: socket.SentOnce(own, rtt),
			Note: fmt.Sprintf("the answer is longer than %d octets", len(b))}, nil
	case err == nil:
		return vantage.Reply{Class: run.Answered, From: to.Addr(), TTL: socket.TTL(oob[:oobn]), Data: b[:n], RTT: rtt, Attempt: socket.SentOnce(own, rtt)}, nil
	case ctx.Err() != nil:
		return vantage.Reply{}, ctx.Err()
	case isTimeout(err):
		return vantage.Reply{Class: run.Silent, RTT: rtt, Attempt: socket.SentOnce(own, 0)}, nil
	}
	var (
		r  vantage.Reply
		ok bool
	)
	if ctlErr := socket.Control(c, func(fd int) error { r, ok = socket.AfterError(fd, to.Addr(), err, rtt); return nil }); ctlErr != nil || !ok {
		return vantage.Reply{}, socket.Failed("receive", to, err)
	}
	r.Attempt = socket.SentOnce(own, 0)
	return r, nil
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
