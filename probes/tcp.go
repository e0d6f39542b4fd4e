package probes

import (
	"context"
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// threeSYNs is noted on a silent connect of the denied window. One connect is
// three tries there: the system itself sends the SYN again, and socket code of
// our own would not do it better.
const threeSYNs = "one connect, for which the system sends a SYN at 0, 1 and 3 s or oftener"

// tcp makes one connection and closes it.
func tcp(ctx context.Context, env *Env, o *run.Observation) {
	if !begin(env, o, env.At.TCP != nil) {
		return
	}
	r, err := dial(ctx, env, o, vantage.DialRequest{})
	if err != nil {
		failed(env, o, err)
		return
	}
	o.Class, o.Weak = r.Class, r.Weak
	o.End = env.Clock()
}

// dial makes the connection of a need, with what d says beside address and
// time, and records the try.
func dial(ctx context.Context, env *Env, o *run.Observation, d vantage.DialRequest) (vantage.Reply, error) {
	d.To = netip.AddrPortFrom(o.Need.Addr, o.Need.Port)
	d.Timeout = env.Limits.connect(o.Need.When)
	start := env.Clock()
	r, err := env.At.TCP.Dial(ctx, d)
	if err != nil {
		return r, err
	}
	t := tryOf(env, start, &r)
	if t.Class == run.Silent && t.Note == "" && o.Need.When == run.Window {
		t.Note = threeSYNs
	}
	if o.Tries == nil {
		o.Tries = make([]run.Try, 0, 1)
	}
	o.Tries = append(o.Tries, t)
	return r, nil
}
