package probes

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// One connection is made from the port, on whatever link. A port that is not to be had
// is no failure.
func TestTCPFrom(t *testing.T) {
	taken := reason.Wrap(vantage.ErrSourcePort, reason.SourcePortNotGiven, "port", 53, "words", "in use")
	for name, c := range map[string]struct {
		play             after
		class            run.Class
		missing, trouble bool
		end              time.Duration
	}{
		"silent":   {after{}, run.Silent, false, false, 3500 * ms},
		"answered": {after{d: 2 * ms, reply: reply(run.Answered)}, run.Answered, false, false, 2 * ms},
		"refused":  {after{d: 2 * ms, reply: reply(run.Refused)}, run.Refused, false, false, 2 * ms},
		"taken":    {after{err: taken}, "", true, false, 0},
		"broken":   {after{err: errors.New("stream closed")}, "", false, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dialsFrom{script[vantage.DialFromRequest]{play: []after{c.play}}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCPFrom.By(d.DialFrom))})
				env.Limits.Transmissions = 12
				need := ask(run.ProbeTCPFrom, run.Window, 1688)
				o := observe(t.Context(), env, need)
				wellFormed(t, o)
				if o.Class != c.class || (len(o.Missing) > 0) != c.missing || (len(o.Trouble) > 0) != c.trouble || o.End != c.end || len(d.calls) != 1 {
					t.Errorf("%d calls, %+v", len(d.calls), o)
				}
				if d.calls[0].From != 53 || d.calls[0].Dial.To.Port() != 1688 {
					t.Errorf("asked for %+v", d.calls[0])
				}
			})
		})
	}
}
