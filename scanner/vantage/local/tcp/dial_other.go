//go:build !linux

package tcp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
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
func (d *Dialer) Dial(ctx context.Context, q vantage.DialRequest) (vantage.Reply, error) {
	if err := errors.Join(socket.CheckTry("connect", q.To.Addr(), q.Timeout), checkFrame(&q)); err != nil {
		return vantage.Reply{}, err
	}
	if err := d.slots.Take(ctx); err != nil {
		return vantage.Reply{}, err
	}
	defer d.slots.Give()
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
		r := vantage.Reply{RTT: rtt, Note: socket.Words(err)}
		var known bool
		if r.Class, known = socket.ClassDial(err); !known {
			return vantage.Reply{}, socket.Failed("connect", q.To, err)
		}
		if r.Class == run.Refused {
			r.From = q.To.Addr()
		}
		return r, nil
	}
	defer c.Close()
	r := vantage.Reply{Class: run.Answered, From: q.To.Addr(), RTT: rtt, Attempt: socket.AttemptFrom(c.LocalAddr(), q.To.Addr())}
	if len(q.Send) > 0 {
		defer context.AfterFunc(ctx, func() { c.SetDeadline(socket.Past) })() //nolint:errcheck // it may be closed by now
		err = converse(c, &q, &r, ctx.Err)
	}
	return r, err
}
