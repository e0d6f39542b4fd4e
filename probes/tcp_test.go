package probes

import (
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

func TestTCP(t *testing.T) {
	tests := []struct {
		name  string
		when  run.When
		play  after
		class run.Class
		note  string
		end   time.Duration
	}{
		{"accepted", run.Before, after{d: 2 * ms, reply: reply(run.Answered)}, run.Answered, "", 2 * ms},
		{"refused in the window", run.Window, after{d: 2 * ms, reply: reply(run.Refused)}, run.Refused, "", 2 * ms},
		{"silent control", run.After, after{}, run.Silent, "", 21 * sec},
		{"silent window is one connect of three SYNs", run.Window, after{}, run.Silent, threeSYNs, 3500 * ms},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dials{script[vantage.DialRequest]{play: []after{tt.play}}}
				o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(d.Dial))}), ask(run.ProbeTCP, tt.when, 1688))
				wellFormed(t, o)
				if o.Class != tt.class || len(o.Tries) != 1 || o.Tries[0].Note != tt.note || o.End != tt.end {
					t.Fatalf("%+v", o)
				}
				if tt.class != run.Silent && (o.Tries[0].TTL != 63 || o.Tries[0].From != host4) {
					t.Errorf("try %+v", o.Tries[0])
				}
				if d.calls[0].To != netip.AddrPortFrom(host4, 1688) || d.calls[0].Send != nil {
					t.Errorf("dialed %+v", d.calls[0])
				}
			})
		})
	}
}

// Answers of a peer, as package wire knows them.
const (
	bindAck    = "05000c03100000003c00000001000000d016d0163c5a000005003136383800000100000000000000045d888aeb1cc9119fe808002b10486002000000"
	bindReject = "05000c03100000003c00000001000000d016d0163c5a0000050031363838000001000000020001000000000000000000000000000000000000000000"
	bindNak    = "05000d031000000015000000010000000400010500"
)

func bound(t *testing.T, h string) after {
	b, err := hex.DecodeString(h)
	if err != nil {
		t.Fatal(err)
	}
	r := reply(run.Answered)
	r.Data = b
	return after{d: ms, reply: r}
}

func TestRPCBind(t *testing.T) {
	ack, reject, nak := bound(t, bindAck), bound(t, bindReject), bound(t, bindNak)
	http := bound(t, hex.EncodeToString([]byte("HTTP/1.1 400 Bad Request")))
	cut := after{d: ms, reply: reply(run.Cut)}
	tests := []struct {
		name  string
		play  after
		class run.Class
		want  *run.RPC
	}{
		{"accepted", ack, run.Answered, &run.RPC{Bind: "accepted"}},
		{"rejected", reject, run.Answered, &run.RPC{Bind: "rejected", Note: "abstract syntax not supported"}},
		{"refuses the association", nak, run.Answered, &run.RPC{Bind: "nak", Note: "protocol version not supported"}},
		{"accepts and says nothing", cut, run.Cut, nil},
		{"accepts and speaks HTTP", http, run.Cut, nil},
		{"refused", after{d: ms, reply: reply(run.Refused)}, run.Refused, nil},
		{"silent", after{}, run.Silent, nil},
	}
	for _, tt := range tests {
		for _, param := range []string{"", run.RandomInterface, run.PaddedBind} {
			t.Run(tt.name+param, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := &dials{script[vantage.DialRequest]{play: []after{tt.play}}}
					need := ask(run.ProbeRPC, run.Window, 1688)
					need.Param = param
					o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(d.Dial))}), need)
					wellFormed(t, o)
					if o.Class != tt.class || len(d.calls) != 1 || len(o.Tries) != 1 {
						t.Errorf("%s after %d dials, tries %v", o.Class, len(d.calls), classes(o.Tries))
					}
					switch {
					case (o.RPC == nil) != (tt.want == nil):
						t.Fatalf("facts %+v", o.RPC)
					case o.RPC != nil && (o.RPC.Bind != tt.want.Bind || o.RPC.Note != tt.want.Note ||
						o.RPC.Asked != len(d.calls[0].Send) || o.RPC.Heard != len(tt.play.reply.Data)):
						t.Errorf("facts %+v, want %+v", *o.RPC, *tt.want)
					}
					kms := slices.Equal(d.calls[0].Send, wire.Bind(wire.KMSInterface))
					if kms != (param == "") || d.calls[0].Read != 5*sec || d.calls[0].Timeout != 3500*ms {
						t.Errorf("dialled %+v", d.calls[0])
					}
				})
			})
		}
	}
}

func TestRandomInterface(t *testing.T) {
	a, b := randomInterface(), randomInterface()
	if a == b || a[7]>>4 != 4 || a[8]>>6 != 2 {
		t.Errorf("%x %x: want two UUIDs of version 4", a, b)
	}
}

func TestNoteOfCutBind(t *testing.T) {
	d := &dials{script[vantage.DialRequest]{play: []after{bound(t, "00")}}}
	o := observe(t.Context(), fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(d.Dial))}), ask(run.ProbeRPC, run.Before, 1688))
	if len(o.Tries) != 1 || !strings.Contains(o.Tries[0].Note, "not an answer to an RPC bind") {
		t.Errorf("%+v", o.Tries)
	}
}

// Over a link that loses packets several connections are made at once; one that is
// answered ends the others.
func TestConnectsOverALossyLink(t *testing.T) {
	for name, c := range map[string]struct {
		when  run.When
		play  []after
		dials int
		class run.Class
		end   time.Duration
	}{
		"the window, silent":          {run.Window, []after{{}}, 4, run.Silent, 3506 * ms},
		"the window, one is answered": {run.Window, []after{{}, {}, {d: 900 * ms, reply: reply(run.Answered)}, {}}, 4, run.Answered, 904 * ms},
		"the window, one is refused":  {run.Window, []after{{}, {d: 40 * ms, reply: reply(run.Refused)}, {}}, 4, run.Refused, 42 * ms},
		"a control":                   {run.Before, []after{{d: 2 * ms, reply: reply(run.Answered)}}, 1, run.Answered, 2 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dials{script[vantage.DialRequest]{play: c.play}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(d.Dial))})
				env.Limits.Transmissions = 12
				o := observe(t.Context(), env, ask(run.ProbeTCP, c.when, 1688))
				wellFormed(t, o)
				if o.Class != c.class || len(d.calls) != c.dials || o.End != c.end {
					t.Errorf("%d dials, %+v", len(d.calls), o)
				}
				if c.class == run.Silent && len(o.Tries) != c.dials {
					t.Errorf("%d tries", len(o.Tries))
				}
			})
		})
	}
}

// What measures a link connects as often as was described, once something answers:
// each connection tells what it lost, and a slow one does not hold up the others.
func TestConnectsThatMeasureALink(t *testing.T) {
	counted := func(d time.Duration, which int) after {
		return after{d: d, reply: vantage.Reply{Class: run.Answered, Attempt: run.Attempt{Sent: which, Answered: which, Took: ms}}}
	}
	for name, c := range map[string]struct {
		play       []after
		dials      int
		lost, sent int
		class      run.Class
		end        time.Duration
	}{
		"nothing is lost":        {[]after{counted(2*ms, 1)}, 12, 0, 12, run.Answered, 54 * ms},
		"the third and the last": {[]after{counted(ms, 1), counted(ms, 1), counted(1001*ms, 2), counted(ms, 1), counted(ms, 1), counted(ms, 1), counted(ms, 1), counted(ms, 1), counted(ms, 1), counted(ms, 1), counted(ms, 1), counted(3003*ms, 3)}, 12, 3, 15, run.Answered, 3054 * ms},
		"one is never answered":  {[]after{counted(ms, 1), {reply: vantage.Reply{Class: run.Silent, Attempt: run.Attempt{Sent: 6}}, d: 21 * time.Second}, counted(ms, 1)}, 12, 6, 17, run.Answered, 21001 * ms},
		"nobody counts":          {[]after{{d: ms, reply: reply(run.Answered)}}, 1, 0, 0, run.Answered, ms},
		"nobody answers":         {[]after{{}}, 1, 0, 0, run.Silent, 21 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dials{script[vantage.DialRequest]{play: c.play}}
				env := fakeEnv(&vantage.Vantage{Offers: vantage.Offering(vantage.TCP.By(d.Dial))})
				env.Limits.Exchanges = 12
				need := ask(run.ProbeTCP, run.Before, 53)
				o := observe(t.Context(), env, need)
				wellFormed(t, o)
				var m run.Measure
				m.Note(&o)
				if o.Class != c.class || len(d.calls) != c.dials || o.End != c.end || m.Lost != c.lost || m.Sent != c.sent {
					t.Errorf("%d dials, lost %d of %d: %+v", len(d.calls), m.Lost, m.Sent, o)
				}
				if most := Describe(need, env.Limits)[0].Count; len(d.calls) > most {
					t.Errorf("sent %d times, described as %d", len(d.calls), most)
				}
				if o.End > Longest(need, env.Limits) {
					t.Errorf("took %s", o.End)
				}
			})
		})
	}
}
