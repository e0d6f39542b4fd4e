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
			sent: []time.Duration{0, 2 * sec, 4 * sec}, end: 4*sec + 5*ms,
		},
		{
			name: "silent to the end", when: run.Once, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 5),
			sent: []time.Duration{0, 2 * sec, 4 * sec, 6 * sec, 8 * sec}, end: 10 * sec,
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
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 2), sent: []time.Duration{0, 2 * sec}, end: 3 * sec,
		},
		{
			name: "denied window: three, each until its end", when: run.Window, limit: Limits{Window: 10 * sec}, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 3), sent: []time.Duration{0, 3 * sec, 6 * sec}, end: 10 * sec,
		},
		{
			name: "denied window, default length", when: run.Window, play: []after{silent},
			class: run.Silent, tries: slices.Repeat([]run.Class{run.Silent}, 3),
			sent: []time.Duration{0, 1050 * ms, 2100 * ms}, end: 3500 * ms,
		},
		{
			name: "denied window: a late answer to the first ends it", when: run.Window, limit: Limits{Window: 10 * sec},
			play:  []after{{d: 5 * sec, reply: reply(run.Answered)}, silent},
			class: run.Answered, tries: []run.Class{run.Answered}, sent: []time.Duration{0, 3 * sec}, end: 5 * sec,
		},
		{
			name: "denied window: what turns out unreachable late is not silence", when: run.Window, limit: Limits{Window: 10 * sec},
			play:  []after{silent, {d: 3050 * ms, reply: reply(run.Unreachable)}, silent},
			class: run.Unreachable, tries: []run.Class{run.Silent, run.Unreachable, run.Silent},
			sent: []time.Duration{0, 3 * sec, 6 * sec}, end: 10 * sec,
		},
		{
			name: "denied window: one request not sent", when: run.Window, limit: Limits{Window: 10 * sec},
			play:  []after{silent, silent, {reply: reply(run.Exhausted)}},
			class: run.Exhausted, tries: []run.Class{run.Silent, run.Silent, run.Exhausted},
			sent: []time.Duration{0, 3 * sec, 6 * sec}, end: 10 * sec,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &pings{script[vantage.PingRequest]{play: tt.play}}
				env := fakeEnv(&vantage.Vantage{Ping: p})
				env.Limits = tt.limit
				o := observe(t.Context(), icmp, env, ask(run.ProbeICMP, tt.when, 0))
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

func TestICMPFailureInWindow(t *testing.T) {
	broken := after{err: errors.New("stream closed")}
	t.Run("is an error beside silence", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := &pings{script[vantage.PingRequest]{play: []after{{}, broken, {}}}}
			o := observe(t.Context(), icmp, fakeEnv(&vantage.Vantage{Ping: p}), ask(run.ProbeICMP, run.Window, 0))
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
			o := observe(t.Context(), icmp, fakeEnv(&vantage.Vantage{Ping: p}), ask(run.ProbeICMP, run.Window, 0))
			wellFormed(t, o)
			if o.Class != run.Answered || o.Weak != "TTL only" {
				t.Errorf("%+v", o)
			}
		})
	})
}
