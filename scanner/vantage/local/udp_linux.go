package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
	"golang.org/x/sys/unix"
)

// exchanger sends datagrams, each from a connected socket of its own: only that
// one is told that a port is unreachable.
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
	before := func(err error) (vantage.Reply, error) {
		if c, ok := classBefore(err); ok {
			return vantage.Reply{Class: c, RTT: time.Since(start), Note: errnoNote(err)}, nil
		}
		return vantage.Reply{}, tryFailed("send", to, err)
	}
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return before(err)
	}
	defer c.Close() //nolint:errcheck // nothing was written, or nobody reads it any more
	if err := control(c, func(fd int) error { return wantErrors(fd, to.Addr().Is6()) }); err != nil {
		return vantage.Reply{}, tryFailed("send", to, err)
	}
	if err := c.SetDeadline(start.Add(q.Timeout)); err != nil {
		return vantage.Reply{}, tryFailed("send", to, err)
	}
	defer context.AfterFunc(ctx, func() { c.SetDeadline(past) })() //nolint:errcheck // it may be closed by now
	if _, err := c.Write(q.Send); err != nil && ctx.Err() == nil {
		return before(err)
	}
	own := attemptFrom(c.LocalAddr(), to.Addr())
	b, oob := make([]byte, 2048), make([]byte, 128)
	n, oobn, flags, _, err := c.ReadMsgUDPAddrPort(b, oob)
	rtt := time.Since(start)
	switch {
	case err == nil && flags&unix.MSG_TRUNC != 0:
		return vantage.Reply{Class: run.Cut, From: to.Addr(), TTL: oobTTL(oob[:oobn]), Data: b[:n], RTT: rtt, Attempt: sentOnce(own, rtt),
			Note: fmt.Sprintf("the answer is longer than %d octets", len(b))}, nil
	case err == nil:
		return vantage.Reply{Class: run.Answered, From: to.Addr(), TTL: oobTTL(oob[:oobn]), Data: b[:n], RTT: rtt, Attempt: sentOnce(own, rtt)}, nil
	case ctx.Err() != nil:
		return vantage.Reply{}, ctx.Err()
	case isTimeout(err):
		return vantage.Reply{Class: run.Silent, RTT: rtt, Attempt: sentOnce(own, 0)}, nil
	}
	var (
		r  vantage.Reply
		ok bool
	)
	if ctlErr := control(c, func(fd int) error { r, ok = afterError(fd, to.Addr(), err, rtt); return nil }); ctlErr != nil || !ok {
		return vantage.Reply{}, tryFailed("receive", to, err)
	}
	r.Attempt = sentOnce(own, 0)
	return r, nil
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// oobTTL is the TTL or hop limit among control messages, 0 where there is none.
func oobTTL(oob []byte) int {
	ms, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0
	}
	var q queued
	for _, m := range ms {
		q.take(m)
	}
	return q.ttl
}
