package probes

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	codec "github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// answeredSlowly is an exchange of usual size whose answer took so long.
func answeredSlowly(took time.Duration) *run.Observation {
	return &run.Observation{Class: run.Answered, IKE: &run.IKE{Protocol: "authip"}, Tries: []run.Try{{Class: run.Answered, RTT: took}}}
}

// The message that was answered before is sent in fragments until it is answered again,
// and no oftener than the link allows.
func TestLargeIKE(t *testing.T) {
	silent, answer := after{}, after{d: 20 * ms, reply: reply(run.Answered)}
	every := func(pace time.Duration, n int) (at []time.Duration) {
		for i := range n {
			at = append(at, time.Duration(i)*pace)
		}
		return at
	}
	for _, c := range []struct {
		name  string
		took  time.Duration // an answer of the exchange of usual size
		play  []after
		class run.Class
		sent  []time.Duration
		end   time.Duration
	}{
		{"the first is answered", ms, []after{answer}, run.Answered, every(0, 1), 20 * ms},
		{"two are lost", ms, []after{silent, silent, answer}, run.Answered, every(250*ms, 3), 520 * ms},
		{"a slow link", 2 * sec, []after{{d: 2 * sec, reply: reply(run.Answered)}}, run.Answered, every(0, 1), 2 * sec},
		{"a slow link, and one is lost", 2 * sec, []after{silent, {d: 2 * sec, reply: reply(run.Answered)}}, run.Answered, every(4*sec, 2), 6 * sec},
		{"silent", ms, []after{silent}, run.Silent, every(250*ms, largeTries), 2750*ms + sec + 1250*ms + sec},
		{"silent, on a slow link", 2 * sec, []after{silent}, run.Silent, every(4*sec, 6), 20*sec + 8*sec + 1250*ms + 8*sec},
		{"something on the path says no", ms, []after{{d: ms, reply: reply(run.Unreachable)}}, run.Unreachable, every(250*ms, largeTries), 2751 * ms},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &exchanges{script[vantage.DatagramRequest]{play: c.play, also: responder(false)}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange))})
				env.Earlier = answeredSlowly(c.took)
				o := observe(t.Context(), env, ask(run.ProbeLargeIKE, run.Once, 500))
				wellFormed(t, o)
				n, again := len(c.sent), 0
				if c.class == run.Silent {
					again = againTries
					if len(o.Tries) != n {
						t.Errorf("%d tries", len(o.Tries))
					}
				}
				if o.Class != c.class || o.End != c.end || len(u.times) != n+again || !slices.Equal(u.times[:n], c.sent) {
					t.Errorf("%s at %v with %d tries, sent at %v", o.Class, o.End, len(o.Tries), u.times)
				}
				if o.IKE == nil || o.IKE.Size != codec.LargeSize || !slices.Equal(o.IKE.Asked, []string{"authip"}) || o.IKE.Again != again || o.IKE.AgainHeard != 0 {
					t.Fatalf("facts %+v", o.IKE)
				}
				for _, q := range u.calls[:n] {
					if len(q.Send) != codec.LargeSize {
						t.Errorf("a message of %d octets", len(q.Send))
					}
				}
				sentOnce(t, u.calls[:min(n, 4)], false)
			})
		})
	}
}

// Where the message of usual size had no answer, none is sent.
func TestLargeIKEWithoutSmall(t *testing.T) {
	for name, before := range map[string]*run.Observation{"none": nil, "silent": {Class: run.Silent, IKE: new(run.IKE)}, "not told": {Class: run.Answered}} {
		u := &exchanges{script[vantage.DatagramRequest]{play: []after{{}}}}
		env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange))})
		env.Earlier = before
		o := observe(t.Context(), env, ask(run.ProbeLargeIKE, run.Once, 500))
		wellFormed(t, o)
		if !o.Missing.Has(reason.LargeIKEWithoutSmall) || len(u.calls) > 0 {
			t.Errorf("%s: %+v after %d messages", name, o, len(u.calls))
		}
	}
}

// A host that answers no large message is asked again with small ones, each of which
// counts.
func TestSmallIKEAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		play := slices.Repeat([]after{{}}, largeTries)
		answer := after{d: 20 * ms, reply: reply(run.Answered)}
		garbage := answer
		garbage.reply.Data = []byte("who are you?")
		u := &exchanges{script[vantage.DatagramRequest]{play: append(play, answer, after{}, answer, garbage, after{d: ms, reply: reply(run.Unreachable)}, answer), also: responder(false)}}
		env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange))})
		o := observe(t.Context(), env, ask(run.ProbeLargeIKE, run.Once, 500))
		wellFormed(t, o)
		if o.Class != run.Silent || o.IKE.Again != againTries || o.IKE.AgainHeard != 3 || o.End != 3750*ms+1270*ms {
			t.Errorf("%s at %s: %+v", o.Class, o.End, o.IKE)
		}
		for _, q := range u.calls[largeTries:] {
			if len(q.Send) > 500 {
				t.Errorf("a message of %d octets", len(q.Send))
			}
		}
		sentOnce(t, u.calls[largeTries:largeTries+4], false)
	})
}
