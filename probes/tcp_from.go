package probes

import (
	"context"
	"errors"
	"net/netip"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// tcpFrom makes one connection from the source port of the need. It is one alone, on
// whatever link: two from the same port to the same end are the same connection.
func tcpFrom(ctx context.Context, env *Env, o *run.Observation) {
	port, err := strconv.ParseUint(o.Need.Param, 10, 16)
	if err != nil {
		failed(env, o, err)
		return
	}
	start := env.Clock()
	r, err := vantage.TCPFrom.At(env.At)(ctx, vantage.DialFromRequest{
		Dial: vantage.DialRequest{To: netip.AddrPortFrom(o.Need.Addr, o.Need.Port), Timeout: env.Limits.connect(o.Need.When)},
		From: uint16(port),
	})
	switch {
	case errors.Is(err, vantage.ErrSourcePort):
		o.Missing = reason.Of(err)
	case err != nil:
		failed(env, o, err)
		return
	default:
		o.Tries = []run.Try{tryOf(env, start, &r)}
		note(o)
		o.Class, o.Weak = r.Class, r.Weak
	}
	o.End = env.Clock()
}
