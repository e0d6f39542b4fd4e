package local

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// exchanger sends datagrams, each from a connected socket of its own: only that
// one is told that a port is unreachable. It learns no TTL.
type exchanger struct{ slots slots }

// Exchange sends one datagram and waits for one answer.
func (x *exchanger) Exchange(ctx context.Context, q vantage.DatagramRequest) (vantage.Reply, error) {
	if err := checkTry("send", q.To.Addr(), q.Timeout); err != nil {
		return vantage.Reply{}, err
	}
	if err := x.slots.take(ctx); err != nil {
		return vantage.Reply{}, err
	}
	defer x.slots.give()
	to := netip.AddrPortFrom(q.To.Addr().Unmap(), q.To.Port())
	start := time.Now()
	failed := func(err error, classOf func(error) (run.Class, bool)) (vantage.Reply, error) {
		if ctx.Err() != nil {
			return vantage.Reply{}, ctx.Err()
		}
		c, ok := classOf(err)
		if !ok {
			return vantage.Reply{}, tryFailed("send", to, err)
		}
		return vantage.Reply{Class: c, RTT: time.Since(start), Note: errnoNote(err)}, nil
	}
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return failed(err, classBefore)
	}
	defer c.Close()
	if err := c.SetDeadline(start.Add(q.Timeout)); err != nil {
		return vantage.Reply{}, tryFailed("send", to, err)
	}
	defer context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })() //nolint:errcheck // it may be closed by now
	if _, err := c.Write(q.Send); err != nil {
		return failed(err, classBefore)
	}
	own := attemptFrom(c.LocalAddr(), to.Addr())
	b := make([]byte, 1<<16)
	n, err := c.Read(b)
	var t net.Error
	switch {
	case err == nil:
		return vantage.Reply{Class: run.Answered, From: to.Addr(), Data: b[:n], RTT: time.Since(start), Attempt: sentOnce(own, time.Since(start))}, nil
	case ctx.Err() == nil && errors.As(err, &t) && t.Timeout():
		return vantage.Reply{Class: run.Silent, RTT: time.Since(start), Attempt: sentOnce(own, 0)}, nil
	}
	return failed(err, classAfter)
}
