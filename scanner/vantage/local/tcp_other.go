//go:build !linux

package local

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// dialer makes TCP connections with net's own dialer. It learns no TTL, and
// not who complained of what; how many SYNs were sent is known where the system always
// keeps to the same times.
type dialer struct{ slots slots }

func newDialer(s slots) *dialer { return &dialer{slots: s} }

func (*dialer) close() error { return nil }

// Dial makes one connection.
func (d *dialer) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	if err := errors.Join(checkTry("connect", q.To.Addr(), q.Timeout), checkFrame(&q)); err != nil {
		return vantage.Reply{}, err
	}
	if err := d.slots.take(ctx); err != nil {
		return vantage.Reply{}, err
	}
	defer d.slots.give()
	q.To = netip.AddrPortFrom(q.To.Addr().Unmap(), q.To.Port())
	start := time.Now()
	within, stop := context.WithDeadline(ctx, start.Add(q.Timeout))
	defer stop()
	nd := net.Dialer{KeepAlive: -1, FallbackDelay: -1}
	c, err := nd.DialContext(within, "tcp", q.To.String())
	rtt := time.Since(start)
	if err != nil {
		switch {
		case ctx.Err() != nil:
			return vantage.Reply{}, ctx.Err()
		case within.Err() != nil:
			return vantage.Reply{Class: run.Silent, RTT: rtt, Attempt: run.Attempt{Sent: sentBy(runtime.GOOS, rtt)}}, nil
		}
		r := vantage.Reply{RTT: rtt, Note: errnoNote(err)}
		var known bool
		if r.Class, known = classDial(err); !known {
			return vantage.Reply{}, tryFailed("connect", q.To, err)
		}
		if r.Class == run.Refused {
			r.From = q.To.Addr()
		}
		return r, nil
	}
	defer c.Close()
	r := vantage.Reply{Class: run.Answered, From: q.To.Addr(), RTT: rtt, Attempt: attemptFrom(c.LocalAddr(), q.To.Addr())}
	if len(q.Send) > 0 {
		defer context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })() //nolint:errcheck // it may be closed by now
		err = converse(c, &q, &r, ctx.Err)
	}
	return r, err
}
