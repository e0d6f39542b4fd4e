package probes

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	codec "github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// isakmp makes an answer to the cookie of a request: an informational message
// with the notification NO-PROPOSAL-CHOSEN.
func isakmp(cookie []byte) []byte {
	b := append(slices.Clone(cookie[:8]), 1, 2, 3, 4, 5, 6, 7, 8, 11, 0x10, 5, 0, 0, 0, 0, 0, 0, 0, 0, 40)
	return append(b, 0, 0, 0, 12, 0, 0, 0, 1, 1, 0, 0, 14)
}

// responder lets a reply of no data be a proper answer.
func responder(marked bool) func(vantage.DatagramRequest, *vantage.Reply) {
	return func(r vantage.DatagramRequest, reply *vantage.Reply) {
		switch {
		case reply.Data != nil:
		case marked:
			reply.Data = codec.Mark(isakmp(r.Send[4:]))
		default:
			reply.Data = isakmp(r.Send)
		}
	}
}

func TestIKE(t *testing.T) {
	answer := after{d: 20 * ms, reply: reply(run.Answered)}
	garbage := answer
	garbage.reply.Data = []byte("who are you?")
	all := []string{"ikev1-65001", "ikev1-psk", "authip", "ikev2"}
	tests := []struct {
		name     string
		port     uint16
		play     []after
		class    run.Class
		protocol string
		asked    []string
		sent     []time.Duration
		end      time.Duration
	}{
		{
			name: "the first is answered", port: 500, play: []after{answer},
			class: run.Answered, protocol: all[0], asked: all[:1], sent: []time.Duration{0}, end: 20 * ms,
		},
		{
			name: "the first is answered on 4500", port: 4500, play: []after{answer},
			class: run.Answered, protocol: all[0], asked: all[:1], sent: []time.Duration{0}, end: 20 * ms,
		},
		{
			name: "only AuthIP is answered", port: 500, play: []after{{}, {}, answer, {}},
			class: run.Answered, protocol: all[2], asked: all[:3], sent: []time.Duration{0, 500 * ms, sec}, end: 1020 * ms,
		},
		{
			name: "a late answer to the first", port: 500, play: []after{{d: 1200 * ms, reply: reply(run.Answered)}, {}},
			class: run.Answered, protocol: all[0], asked: all[:3], sent: []time.Duration{0, 500 * ms, sec}, end: 1200 * ms,
		},
		{
			name: "the first packet was lost", port: 500, play: []after{{}, {}, {}, {}, answer},
			class: run.Answered, protocol: all[0], asked: all,
			sent: []time.Duration{0, 500 * ms, sec, 1500 * ms, 2 * sec}, end: 2020 * ms,
		},
		{
			name: "silent", port: 500, play: []after{{}}, class: run.Silent, asked: all,
			sent: []time.Duration{0, 500 * ms, sec, 1500 * ms, 2 * sec}, end: 4 * sec,
		},
		{
			name: "port unreachable", port: 500, play: []after{{d: ms, reply: reply(run.Refused)}},
			class: run.Refused, asked: all[:1], sent: []time.Duration{0}, end: ms,
		},
		{
			name: "something that is no ISAKMP", port: 500, play: []after{garbage, {}}, class: run.Cut, asked: all,
			sent: []time.Duration{0, 500 * ms, sec, 1500 * ms, 2 * sec}, end: 4 * sec,
		},
		{
			name: "its own system forbids it", port: 500, play: []after{{reply: reply(run.NotPermitted)}}, class: run.NotPermitted, asked: all,
			sent: []time.Duration{0, 500 * ms, sec, 1500 * ms, 2 * sec}, end: 2 * sec,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &exchanges{script[vantage.DatagramRequest]{play: tt.play, also: responder(tt.port == 4500)}}
				o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange))}), ask(run.ProbeIKE, run.Once, tt.port))
				wellFormed(t, o)
				if o.Class != tt.class || o.End != tt.end || !slices.Equal(u.times, tt.sent) {
					t.Errorf("%s at %v, sent at %v", o.Class, o.End, u.times)
				}
				if o.IKE == nil || o.IKE.Protocol != tt.protocol || !slices.Equal(o.IKE.Asked, tt.asked) {
					t.Fatalf("facts %+v", o.IKE)
				}
				if tt.class == run.Answered && (o.IKE.Answer != "notify" || o.IKE.Notify != "NO-PROPOSAL-CHOSEN") {
					t.Errorf("facts %+v", o.IKE)
				}
				sentOnce(t, u.calls, tt.port == 4500)
			})
		})
	}
}

// sentOnce checks that no two messages share a cookie, but for the retry of
// the first, which is the same octets.
func sentOnce(t *testing.T, calls []vantage.DatagramRequest, marked bool) {
	t.Helper()
	cookies := make(map[string]bool)
	for i, c := range calls {
		b := c.Send
		if marked {
			if binary.BigEndian.Uint32(b) != 0 {
				t.Errorf("message %d has no marker", i)
			}
			b = b[4:]
		}
		switch cookie := string(b[:8]); {
		case i == 4:
			if !bytes.Equal(c.Send, calls[0].Send) {
				t.Error("the retry differs from the first message")
			}
		case cookies[cookie]:
			t.Errorf("message %d has a cookie that was used", i)
		default:
			cookies[cookie] = true
		}
	}
}

func TestIKENotesPrincipal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &exchanges{script[vantage.DatagramRequest]{play: []after{{}, {}, {d: ms, reply: reply(run.Answered)}, {}}}}
		u.also = func(r vantage.DatagramRequest, reply *vantage.Reply) {
			b := append(slices.Clone(r.Send[:8]), 1, 2, 3, 4, 5, 6, 7, 8, 0x85, 0x10, 0xf3, 0, 0, 0, 0, 0, 0, 0, 0, 42)
			b = append(b, 0x86, 0, 0, 8, 0, 0, 0, 0)
			reply.Data = append(b, 0, 0, 0, 6, 'k', 0)
		}
		o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.UDP.By(u.Exchange))}), ask(run.ProbeIKE, run.Once, 500))
		wellFormed(t, o)
		if o.IKE == nil || o.IKE.Answer != "other" || !strings.Contains(o.Tries[len(o.Tries)-1].Note, "calls itself k") {
			t.Errorf("%+v %+v", o.IKE, o.Tries)
		}
	})
}
