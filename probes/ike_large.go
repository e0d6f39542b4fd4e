package probes

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	// largeTries is how many large messages are sent to a host that answers none. Where
	// one packet in ten is lost, all of them or their answers are once in six million
	// times.
	largeTries = 12
	// largePace is the least time between them.
	largePace = 250 * time.Millisecond
	// largeEnd is how long the answer to the last is waited for at least.
	largeEnd = time.Second
	// againTries is how many messages of usual size are sent to a host that answered no
	// larger one: they tell whether it answers any, and how much the way loses.
	againTries = 6
)

// largeIKE sends the first message that was answered before once more, filled up so that
// it travels in fragments, until that is answered, too. Each is a message of its own: a
// responder of IKEv1 need not answer one that comes again. One that does not arrive
// costs it nothing, and the first that arrives is answered.
func largeIKE(ctx context.Context, env *Env, o *run.Observation) {
	if before := env.Earlier; !before.Heard() || before.IKE == nil {
		o.Missing, o.End = reason.One(reason.LargeIKEWithoutSmall), o.Start
		return
	}
	protocol := wire.Protocol(env.Earlier.IKE.Protocol)
	answer, limit := env.Earlier.QuickestAnswer(), env.Limits.connect(run.Once)
	var at []time.Duration
	for pace := max(largePace, 2*answer); len(at) < largeTries && time.Duration(len(at))*pace < limit; {
		at = append(at, time.Duration(len(at))*pace)
	}
	wait := env.patience(min(max(largeEnd, run.Patience(answer)), limit))
	negotiate(ctx, env, o, &opening{
		at:      at,
		request: func(int, []wire.Request) wire.Request { return ikeRequest(env.At, to(o), protocol, wire.LargeSize) },
		wait:    func(i int) time.Duration { return at[len(at)-1] - at[i] + wait },
	})
	if len(o.Trouble) > 0 {
		return
	}
	if o.IKE.Size = wire.LargeSize; o.Class != run.Silent {
		return
	}
	if err := ikeAgain(ctx, env, o, protocol, wait); err != nil {
		failed(env, o, err)
		return
	}
	o.End = env.Clock()
}

// ikeAgain sends messages of usual size, and counts those that are answered.
func ikeAgain(ctx context.Context, env *Env, o *run.Observation, p wire.Protocol, wait time.Duration) error {
	requests := make([]wire.Request, againTries)
	s := stagger{
		at:    paced(againTries, largePace),
		begin: func(i int) { requests[i] = ikeRequest(env.At, to(o), p, 0) },
		try: func(ctx context.Context, i int) (vantage.Reply, error) {
			return vantage.UDP.At(env.At)(ctx, vantage.DatagramRequest{To: to(o), Send: requests[i].Bytes, Timeout: wait})
		},
		decide: func(i int, r *vantage.Reply) bool {
			if _, err := wire.ParseReply(requests[i], r.Data, false); r.Class == run.Answered && err == nil {
				o.IKE.AgainHeard++
			}
			return false
		},
	}
	_, begun, err := s.run(ctx, env)
	o.IKE.Again = begun
	return err
}
