package probes

import (
	"context"
	"errors"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// readClock reads the clock of a vantage, and holds it against that of this machine. The
// answer was made at some moment between the question and its arrival: so it is known
// to half of that time.
func readClock(ctx context.Context, env *Env, o *run.Observation) {
	asked := time.Now()
	r, err := vantage.Clock.At(env.At)(ctx, vantage.ClockRequest{})
	took := time.Since(asked)
	if errors.Is(err, vantage.ErrNoClock) {
		o.Missing, o.End = reason.Of(err), env.Clock()
		return
	}
	if err != nil {
		failed(env, o, err)
		return
	}
	half := (took + 1) / 2
	o.Clock = &run.Clock{Ahead: r.Time.Sub(asked.Add(half)), Within: half}
	o.Class, o.Tries = run.Answered, []run.Try{{Start: o.Start, RTT: took, Class: run.Answered}}
	o.End = env.Clock()
}

func sendsClock(run.Need) []Packets { return []Packets{{Kind: "clock read", Count: 1}} }
