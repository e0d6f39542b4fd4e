package probes

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

const (
	ms  = time.Millisecond
	sec = time.Second
)

func TestICMP(t *testing.T) {
	silent := after{}
	tests := []struct {
		name  string
		when  run.When
		limit Limits
		play  []after
		class run.Class
		tries []run.Class
		sent  []time.Duration // when each request left
		end   time.Duration
	}{
		{
			name: "answered at once", when: run.Before, play: []after{{d: 3 * ms, reply: reply(run.Answered)}},
			class: run.Answered, tries: []run.Class{run.Answered}, sent: []time.Duration{0}, end: 3 * ms,
		},
		{
			name: "first packets lost while IPsec is negotiated", when: run.After,
			play:  []after{silent, silent, {d: 5 * ms, reply: reply(run.Answered)}},
			class: run.Answered, tries: []run.Class{run.Silent, run.Silent, run.Answered},
			sent: []time.Duration{0, 1 * sec, 2 * sec}, end: 2*sec + 5*ms,
		},
		{
			name: "a round trip of 4.2 s: the answer to the first ends it", when: run.Before, play: []after{{d: 4200 * ms, reply: reply(run.Answered)}},
			class: run.Answered, tries: []run.Class{run.Answered}, sent: []time.Duration{0, 1 * sec, 2 * sec, 3 * sec, 4 * sec}, end: 4200 * ms,
		},
		{
			name: "an answer as late as a control may have it", when: run.Before, play: []after{silent, silent, silent, silent, {d: 16 * sec, reply: reply(run.Answered)}},
			class: run.Answered, tries: append(slices.Repeat([]run.Class{run.Silent}, 4), run.Answered), sent: []time.Duration{0, 1 * sec, 2 * sec, 3 * sec, 4 * sec}, end: 20 * sec,
		},
		{
			name: "silent to the end", when: run.Once, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 5),
			sent: []time.Duration{0, 1 * sec, 2 * sec, 3 * sec, 4 * sec}, end: 21 * sec,
		},
		{
			name: "unreachable is asked again, a second apart", when: run.Before, play: []after{{d: 1 * ms, reply: reply(run.Unreachable)}},
			class: run.Unreachable, tries: slices.Repeat([]run.Class{run.Unreachable}, 5),
			sent: []time.Duration{0, 1 * sec, 2 * sec, 3 * sec, 4 * sec}, end: 4*sec + 1*ms,
		},
		{
			name: "not permitted is not asked again", when: run.Before, play: []after{{reply: reply(run.NotPermitted)}},
			class: run.NotPermitted, tries: []run.Class{run.NotPermitted}, sent: []time.Duration{0},
		},
		{
			name: "a cap shorter than the tries", when: run.Before, limit: Limits{Positive: 3 * sec}, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 3), sent: []time.Duration{0, 1 * sec, 2 * sec}, end: 3 * sec,
		},
		{
			name: "denied window: three, each until its end", when: run.Window, limit: Limits{Window: 10 * sec}, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 3), sent: []time.Duration{0, 1525 * ms, 3050 * ms}, end: 10 * sec,
		},
		{
			name: "denied window, default length", when: run.Window, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 3),
			sent: []time.Duration{0, 1050 * ms, 2100 * ms}, end: 3500 * ms,
		},
		{
			name: "denied window: a late answer to the first ends it", when: run.Window, limit: Limits{Window: 10 * sec},
			play:  []after{{d: 2 * sec, reply: reply(run.Answered)}, silent},
			class: run.Answered, tries: []run.Class{run.Answered}, sent: []time.Duration{0, 1525 * ms}, end: 2 * sec,
		},
		{
			name: "denied window: what turns out unreachable late is not silence", when: run.Window, limit: Limits{Window: 10 * sec},
			play:  []after{silent, {d: 3050 * ms, reply: reply(run.Unreachable)}, silent},
			class: run.Unreachable, tries: []run.Class{run.Silent, run.Unreachable, run.Silent},
			sent: []time.Duration{0, 1525 * ms, 3050 * ms}, end: 10 * sec,
		},
		{
			name: "denied window: one request not sent", when: run.Window, limit: Limits{Window: 10 * sec},
			play:  []after{silent, silent, {reply: reply(run.Exhausted)}},
			class: run.Exhausted, tries: []run.Class{run.Silent, run.Silent, run.Exhausted},
			sent: []time.Duration{0, 1525 * ms, 3050 * ms}, end: 10 * sec,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &pings{script[vantage.PingRequest]{play: tt.play}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By(p.Ping))})
				env.Limits = tt.limit
				o := observe(t.Context(), env, ask(run.ProbeICMP, tt.when, 0))
				wellFormed(t, o)
				if o.Class != tt.class || !slices.Equal(classes(o.Tries), tt.tries) {
					t.Errorf("%s %v, want %s %v", o.Class, classes(o.Tries), tt.class, tt.tries)
				}
				if !slices.Equal(p.times, tt.sent) {
					t.Errorf("sent at %v, want %v", p.times, tt.sent)
				}
				if o.End != tt.end || o.Via != "local" {
					t.Errorf("ended at %v by %q, want %v", o.End, o.Via, tt.end)
				}
			})
		})
	}
}

func TestICMPInTurn(t *testing.T) {
	answered := after{d: 5 * ms, reply: vantage.Reply{Class: run.Answered, Weak: "TTL only"}}
	for _, tt := range []struct {
		name  string
		limit time.Duration
		play  []after
		class run.Class
		weak  string
		sent  []time.Duration
		end   time.Duration
	}{
		{"silent to the end", 0, []after{{}}, run.Silent, "", []time.Duration{0, 4200 * ms, 8400 * ms, 12600 * ms, 16800 * ms}, 21 * sec},
		{"a round trip of 4 s", 0, []after{{d: 4 * sec, reply: reply(run.Answered)}}, run.Answered, "", []time.Duration{0}, 4 * sec},
		{"the first one is lost", 0, []after{{}, answered}, run.Answered, "TTL only", []time.Duration{0, 4200 * ms}, 4205 * ms},
		{"short controls", 6 * sec, []after{{}, {}, answered}, run.Answered, "TTL only", []time.Duration{0, 2 * sec, 4 * sec}, 4005 * ms},
		{"refused at once", 0, []after{{reply: reply(run.Refused)}}, run.Refused, "", []time.Duration{0}, 0},
		{"unreachable is asked again", 2 * sec, []after{{reply: reply(run.Unreachable)}}, run.Unreachable, "", []time.Duration{0, sec}, 2 * sec},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &pings{script[vantage.PingRequest]{play: tt.play}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By(p.Ping).InTurn())})
				env.Limits.Positive = tt.limit
				o := observe(t.Context(), env, ask(run.ProbeICMP, run.Before, 0))
				wellFormed(t, o)
				if o.Class != tt.class || o.Weak != tt.weak || o.End != tt.end || !slices.Equal(p.times, tt.sent) {
					t.Errorf("%s, weak %q, sent at %v, ended at %v", o.Class, o.Weak, p.times, o.End)
				}
			})
		})
	}
}

// An answer to a later request says that the earlier ones were lost, where the
// vantage counts what it sends. A round trip longer than the pace is no loss.
func TestICMPCountsWhatIsLost(t *testing.T) {
	counted := func(d time.Duration) after {
		return after{d: d, reply: vantage.Reply{Class: run.Answered, Attempt: run.Attempt{Sent: 1, Answered: 1}}}
	}
	broken := after{err: errors.New("stream closed")}
	for name, tt := range map[string]struct {
		when       run.When
		play       []after
		lost, sent int
	}{
		"nothing":                {run.Before, []after{counted(ms)}, 0, 1},
		"two":                    {run.Before, []after{{}, {}, counted(ms)}, 2, 3},
		"two in the window":      {run.Window, []after{{}, {}, counted(ms)}, 2, 3},
		"a long way":             {run.Before, []after{counted(2500 * ms)}, 0, 1},
		"the first of them":      {run.Before, []after{{}, counted(2500 * ms)}, 1, 2},
		"one that was not sent":  {run.Before, []after{broken, counted(ms)}, 0, 1},
		"nobody knows how often": {run.Before, []after{{}, {d: ms, reply: reply(run.Answered)}}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By((&pings{script[vantage.PingRequest]{play: tt.play}}).Ping))})
				o := observe(t.Context(), env, ask(run.ProbeICMP, tt.when, 0))
				wellFormed(t, o)
				lost, sent := 0, 0
				for i := range o.Tries {
					l, s := o.Tries[i].Lost()
					lost, sent = lost+l, sent+s
				}
				if o.Class != run.Answered || lost != tt.lost || sent != tt.sent {
					t.Errorf("%s, lost %d of %d, want %d of %d: %+v", o.Class, lost, sent, tt.lost, tt.sent, o.Tries)
				}
			})
		})
	}
}

func TestICMPFailureInWindow(t *testing.T) {
	broken := after{err: errors.New("stream closed")}
	t.Run("is an error beside silence", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := &pings{script[vantage.PingRequest]{play: []after{{}, broken, {}}}}
			o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By(p.Ping))}), ask(run.ProbeICMP, run.Window, 0))
			wellFormed(t, o)
			if len(o.Trouble) == 0 || len(o.Tries) != 2 {
				t.Errorf("%+v", o)
			}
		})
	})
	t.Run("does not hide an answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			answer := after{d: 1, reply: vantage.Reply{Class: run.Answered, Weak: "TTL only"}}
			p := &pings{script[vantage.PingRequest]{play: []after{broken, answer}}}
			o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.Ping.By(p.Ping))}), ask(run.ProbeICMP, run.Window, 0))
			wellFormed(t, o)
			if o.Class != run.Answered || o.Weak != "TTL only" {
				t.Errorf("%+v", o)
			}
		})
	})
}
