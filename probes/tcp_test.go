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
				o := tcp(t.Context(), fakeEnv(&vantage.Vantage{TCP: d}), ask(run.ProbeTCP, tt.when, 1688))
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

func TestRPCBindAfterTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dials{script[vantage.DialRequest]{play: []after{bound(t, bindAck)}}}
		o := rpcBind(t.Context(), fakeEnv(&vantage.Vantage{TCP: d}), ask(run.ProbeRPC, run.After, 1688))
		wellFormed(t, o)
		if o.Class != run.Answered || len(d.calls) != 1 || *o.RPC != (run.RPC{KMS: "accepted"}) {
			t.Errorf("%s after %d dials, facts %+v", o.Class, len(d.calls), o.RPC)
		}
	})
	if got := Describe(ask(run.ProbeRPC, run.After, 1688)); got[0].Count != 1 || got[1].Count != 1 {
		t.Errorf("announced as %+v", got)
	}
}

func TestRPCBind(t *testing.T) {
	ack, reject, nak := bound(t, bindAck), bound(t, bindReject), bound(t, bindNak)
	http := bound(t, hex.EncodeToString([]byte("HTTP/1.1 400 Bad Request")))
	cut := after{d: ms, reply: reply(run.Cut)}
	tests := []struct {
		name  string
		play  []after
		class run.Class
		want  *run.RPC
		dials int
	}{
		{"a KMS host", []after{ack, reject}, run.Answered, &run.RPC{KMS: "accepted", Control: "rejected"}, 2},
		{"accepts any interface", []after{ack, ack}, run.Answered, &run.RPC{KMS: "accepted", Control: "accepted"}, 2},
		{"another RPC server", []after{reject, reject}, run.Answered, &run.RPC{KMS: "rejected", Control: "rejected", Note: "abstract syntax not supported"}, 2},
		{"refuses the association", []after{nak, nak}, run.Answered, &run.RPC{KMS: "nak", Control: "nak", Note: "protocol version not supported"}, 2},
		{"control connection refused", []after{ack, {d: ms, reply: reply(run.Refused)}}, run.Answered, &run.RPC{KMS: "accepted", Note: "control bind: refused"}, 2},
		{"control bind answered by something else", []after{reject, http}, run.Answered, &run.RPC{KMS: "rejected", Note: "abstract syntax not supported; control bind: cut"}, 2},
		{"accepts and says nothing", []after{cut}, run.Cut, nil, 1},
		{"accepts and speaks HTTP", []after{http}, run.Cut, nil, 1},
		{"refused", []after{{d: ms, reply: reply(run.Refused)}}, run.Refused, nil, 1},
		{"silent", []after{{}}, run.Silent, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dials{script[vantage.DialRequest]{play: tt.play}}
				o := rpcBind(t.Context(), fakeEnv(&vantage.Vantage{TCP: d}), ask(run.ProbeRPC, run.Window, 1688))
				wellFormed(t, o)
				if o.Class != tt.class || len(d.calls) != tt.dials || len(o.Tries) != tt.dials {
					t.Errorf("%s after %d dials, tries %v", o.Class, len(d.calls), classes(o.Tries))
				}
				switch {
				case (o.RPC == nil) != (tt.want == nil):
					t.Fatalf("facts %+v", o.RPC)
				case o.RPC != nil && *o.RPC != *tt.want:
					t.Errorf("facts %+v, want %+v", *o.RPC, *tt.want)
				}
				if !slices.Equal(d.calls[0].Send, wire.Bind(wire.KMSInterface)) || d.calls[0].Read != 5*sec || d.calls[0].Timeout != 3500*ms {
					t.Errorf("first dial %+v", d.calls[0])
				}
				if len(d.calls) == 2 && slices.Equal(d.calls[1].Send, d.calls[0].Send) {
					t.Error("the control bind asks for the KMS interface")
				}
			})
		})
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
	o := rpcBind(t.Context(), fakeEnv(&vantage.Vantage{TCP: d}), ask(run.ProbeRPC, run.Before, 1688))
	if len(o.Tries) != 1 || !strings.Contains(o.Tries[0].Note, "not an answer to an RPC bind") {
		t.Errorf("%+v", o.Tries)
	}
}
