package probes

import (
	"context"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// threeSYNs is noted on a silent connect of the denied window. One connect is
// three tries there: the system itself sends the SYN again, and socket code of
// our own would not do it better.
const threeSYNs = "one connect, for which the system sends a SYN at 0, 1 and 3 s or oftener"

// tcp makes one connection and closes it, or as many as measure a link.
func tcp(ctx context.Context, env *Env, o *run.Observation) {
	var r vantage.Reply
	err := dial(ctx, env, o, vantage.DialRequest{}, &r)
	o.Class, o.Weak = r.Class, r.Weak
	if err == nil && o.Spoke() {
		err = measure(ctx, env, o)
	}
	if err != nil {
		failed(env, o, err)
		return
	}
	o.End = env.Clock()
}

// dial makes the connection of a need, with what d says beside address and
// time, and records the try. The reply is put into r.
func dial(ctx context.Context, env *Env, o *run.Observation, d vantage.DialRequest, r *vantage.Reply) (err error) {
	d.To = netip.AddrPortFrom(o.Need.Addr, o.Need.Port)
	d.Timeout = env.Limits.connect(o.Need.When)
	if n := connects(env, o.Need.When); n > 1 {
		return dialBeside(ctx, env, o, d, n, r)
	}
	start := env.Clock()
	if *r, err = vantage.TCP.At(env.At)(ctx, d); err != nil {
		return err
	}
	if o.Tries == nil {
		o.Tries = make([]run.Try, 0, 1)
	}
	o.Tries = append(o.Tries, tryOf(env, start, r))
	note(o)
	return nil
}

// note says of silent tries what a reader has to know of that.
func note(o *run.Observation) {
	for i := range o.Tries {
		if t := &o.Tries[i]; t.Class == run.Silent && t.Note == "" && o.Need.When == run.Window {
			t.Note = threeSYNs
		}
	}
}

// connects is how many connections are made at once: more than one only in the
// denied window of a link that loses packets, so that enough SYNs are sent.
func connects(env *Env, when run.When) int {
	if when != run.Window {
		return 1
	}
	return (env.Limits.transmissions() + run.FewestTransmissions - 1) / run.FewestTransmissions
}

// besidePace is the time between connections that are made beside each other.
const besidePace = 2 * time.Millisecond

// dialBeside makes several connections at nearly the same time, each from its own port.
// The reply in r is that of the first that was answered or refused, else that of the last
// to end.
func dialBeside(ctx context.Context, env *Env, o *run.Observation, d vantage.DialRequest, n int, r *vantage.Reply) error {
	tries, err := dialPaced(ctx, env, d, n, besidePace, func(_ int, one *vantage.Reply) bool {
		*r = *one
		return r.Class.Spoke()
	})
	o.Tries = append(o.Tries, tries...)
	note(o)
	return err
}

// exchangePace is the time between connections that measure a link.
const exchangePace = 5 * time.Millisecond

// measure makes more connections to what has answered, where they are to measure the
// link: each tells how many of its SYNs were lost. Where the vantage does not count
// them, more would tell no more.
func measure(ctx context.Context, env *Env, o *run.Observation) error {
	if _, sent := o.Tries[0].Lost(); sent == 0 || env.Limits.Exchanges <= 1 {
		return nil
	}
	d := vantage.DialRequest{To: netip.AddrPortFrom(o.Need.Addr, o.Need.Port), Timeout: env.Limits.connect(o.Need.When)}
	tries, err := dialPaced(ctx, env, d, env.Limits.Exchanges-1, exchangePace, func(int, *vantage.Reply) bool { return false })
	o.Tries = append(o.Tries, tries...)
	return err
}

// dialPaced makes n connections, each so long after the one before, until decide says
// of a reply that it is enough.
func dialPaced(ctx context.Context, env *Env, d vantage.DialRequest, n int, pace time.Duration, decide func(int, *vantage.Reply) bool) ([]run.Try, error) {
	s := stagger{
		at:     paced(n, pace),
		begin:  func(int) {},
		try:    func(ctx context.Context, _ int) (vantage.Reply, error) { return vantage.TCP.At(env.At)(ctx, d) },
		decide: decide,
	}
	tries, _, err := s.run(ctx, env)
	return tries, err
}
