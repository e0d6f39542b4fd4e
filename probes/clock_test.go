package probes

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// clockOf is a clock that is ahead. The question takes some time to get there, and the
// answer to come back.
type clockOf struct {
	ahead       time.Duration
	there, back time.Duration
	err         error
}

func (c clockOf) ReadClock(context.Context, vantage.ClockRequest) (vantage.ClockReading, error) {
	time.Sleep(c.there)
	r := vantage.ClockReading{Time: time.Now().Add(c.ahead).UTC().Round(0)}
	time.Sleep(c.back)
	return r, c.err
}

// Wherever in the call the clock was read, it is as far ahead as the reading says, to as
// much as it says.
func TestClock(t *testing.T) {
	for name, c := range map[string]clockOf{
		"at once":         {ahead: 90 * time.Second},
		"both ways":       {there: 200 * time.Millisecond, back: 200 * time.Millisecond, ahead: -time.Hour},
		"slow there":      {there: 4 * time.Second, ahead: time.Minute},
		"slow back":       {back: 4*time.Second + 1, ahead: time.Minute},
		"years behind":    {there: time.Second, ahead: -50 * 365 * 24 * time.Hour},
		"an odd duration": {there: 3, back: 4},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := &vantage.Vantage{Offers: vantage.Offering(vantage.Clock.By(c.ReadClock))}
				o := observe(t.Context(), fakeEnv(v), ask(run.ProbeClock, run.Once, 0))
				wellFormed(t, o)
				if took := c.there + c.back; o.Clock == nil || o.Clock.Within != (took+1)/2 || (o.Clock.Ahead-c.ahead).Abs() > o.Clock.Within || o.Tries[0].RTT != took {
					t.Errorf("%+v of %+v", o.Clock, c)
				}
				if o.Via != "local" || o.Class != run.Answered {
					t.Errorf("%+v", o)
				}
			})
		})
	}
}

// A machine that lets nobody read its clock is missing the means, and has not failed.
func TestNoClock(t *testing.T) {
	for _, c := range []struct {
		err     error
		missing bool
	}{{fmt.Errorf("no PowerShell: %w", vantage.ErrNoClock), true}, {errors.New("the stream is broken"), false}} {
		v := &vantage.Vantage{Offers: vantage.Offering(vantage.Clock.By(clockOf{err: c.err}.ReadClock))}
		o := observe(t.Context(), fakeEnv(v), ask(run.ProbeClock, run.Once, 0))
		wellFormed(t, o)
		if got := len(o.Missing) > 0; got != c.missing || o.Clock != nil {
			t.Errorf("%v: %+v", c.err, o)
		}
	}
}
