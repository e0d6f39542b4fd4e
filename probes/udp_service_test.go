package probes

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// A service is asked once from each source port, whatever the others come to. One port
// that the vantage has not is no error, and hides nothing.
func TestUDPService(t *testing.T) {
	own := run.Attempt{Local: netip.MustParseAddrPort("198.18.0.20:40000")}
	answered, silent := vantage.Reply{Class: run.Answered, From: host4, Attempt: own}, vantage.Reply{Class: run.Silent, Attempt: own}
	taken := reason.Wrap(vantage.ErrSourcePort, reason.SourcePortNotGiven, "port", 500, "words", "in use")
	for _, c := range []struct {
		name    string
		play    []after
		class   run.Class
		tries   []run.Class
		trouble bool
		took    time.Duration
	}{
		{"silent", []after{{}}, run.Silent, []run.Class{run.Silent, run.Silent, run.Silent, run.Silent}, false, udpEnd + 3*udpPace},
		{"answered from one port", []after{{}, {}, {d: time.Millisecond, reply: answered}, {}}, run.Answered,
			[]run.Class{run.Silent, run.Silent, run.Answered, run.Silent}, false, udpEnd + 3*udpPace},
		{"a port that is not given", []after{{reply: silent}, {reply: silent}, {reply: silent}, {err: taken}}, run.Silent,
			[]run.Class{run.Silent, run.Silent, run.Silent, run.NotPermitted}, false, 3 * udpPace},
		{"no way to send", []after{{reply: vantage.Reply{Class: run.NoRoute}}}, run.NoRoute, []run.Class{run.NoRoute, run.NoRoute, run.NoRoute, run.NoRoute}, false, 3 * udpPace},
		{"an error", []after{{err: errors.New("broken")}}, "", nil, true, 3 * udpPace},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &exchanges{script[vantage.DatagramRequest]{play: c.play}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(e.Exchange))})
				began := time.Now()
				o := observe(t.Context(), env, ask(run.ProbeUDP, run.Once, 161))
				wellFormed(t, o)
				if got := classes(o.Tries); o.Class != c.class || !slices.Equal(got, c.tries) || (len(o.Trouble) > 0) != c.trouble {
					t.Errorf("%s of %v, %s", o.Class, got, o.Trouble.Key())
				}
				if took := time.Since(began); took != c.took {
					t.Errorf("it took %s, want %s", took, c.took)
				}
				var from []uint16
				for _, q := range e.calls {
					from = append(from, q.From)
					if q.To.Port() != 161 || len(q.Send) == 0 {
						t.Errorf("asked %+v", q)
					}
				}
				if !slices.Equal(from, []uint16{0, 67, 88, 500}) {
					t.Errorf("asked from %v", from)
				}
			})
		})
	}
}
