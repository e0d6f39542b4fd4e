package probes

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	// udpPace is between the datagrams to one service.
	udpPace = 20 * time.Millisecond
	// udpEnd is how long an answer is waited for, where the link is quick.
	udpEnd = 2 * time.Second
)

// udpSources are the source ports from which a service is asked; 0 is whatever the
// system gives.
var udpSources = append([]uint16{0}, run.TrustedPorts...)

// udpService asks the service of a UDP port once from each source port. Whatever comes
// back from there is an answer.
func udpService(ctx context.Context, env *Env, o *run.Observation) {
	to := netip.AddrPortFrom(o.Need.Addr, o.Need.Port)
	s := stagger{
		at:    paced(len(udpSources), udpPace),
		begin: func(int) {},
		try: func(ctx context.Context, i int) (vantage.Reply, error) {
			q := vantage.DatagramRequest{To: to, Send: wire.Ask(to.Port()), Timeout: env.patience(udpEnd), From: udpSources[i]}
			r, err := vantage.UDP.At(env.At)(ctx, q)
			if errors.Is(err, vantage.ErrSourcePort) {
				return vantage.Reply{Class: run.NotPermitted, Note: notGiven(err)}, nil
			}
			return r, err
		},
		decide: func(int, *vantage.Reply) bool { return false },
	}
	var err error
	if o.Tries, _, err = s.run(ctx, env); err != nil {
		failed(env, o, err)
		return
	}
	asked := slices.DeleteFunc(slices.Clone(o.Tries), func(t run.Try) bool { return !t.Local.IsValid() })
	if len(asked) == 0 {
		asked = o.Tries
	}
	o.Class, o.End = best(asked), env.Clock()
}

// notGiven has the words of the system that did not give a source port.
func notGiven(err error) string {
	for r := range reason.Of(err).All {
		if r.Is(reason.SourcePortNotGiven) {
			return r.Word("words")
		}
	}
	return ""
}
