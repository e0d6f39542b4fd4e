package wire

import (
	"encoding/hex"
	"strings"
	"testing"
)

const (
	bindKMS   = "05000b03100000004800000001000000d016d0160000000001000000000001007521c8514e845047b0d8ec255555bc0601000000045d888aeb1cc9119fe808002b10486002000000"
	bind3     = "05000b0310000000a000000001000000d016d0160000000003000000000001007521c8514e845047b0d8ec255555bc0601000000045d888aeb1cc9119fe808002b10486002000000010001007521c8514e845047b0d8ec255555bc060100000033057171babe37498319b5dbef9ccc3601000000020001007521c8514e845047b0d8ec255555bc06010000002c1cb76c12984045030000000000000001000000"
	ackNDR    = "05000c03100000003c00000001000000d016d0163c5a000005003136383800000100000000000000045d888aeb1cc9119fe808002b10486002000000"
	ack64     = "05000c03100000006c00000001000000d016d0163c5a00000500313638380000030000000200020000000000000000000000000000000000000000000000000033057171babe37498319b5dbef9ccc3601000000030003000000000000000000000000000000000000000000"
	ackNo     = "05000c03100000003c00000001000000d016d0163c5a0000050031363838000001000000020001000000000000000000000000000000000000000000"
	nakVer    = "05000d031000000015000000010000000400010500"
	onlyNeg   = "05000c03100000003c00000001000000d016d0163c5a0000050031363838000001000000030003000000000000000000000000000000000000000000"
	noAddress = "05000c03100000003800000001000000d016d0163c5a000000000000" + "01000000" + "00000000045d888aeb1cc9119fe808002b10486002000000"
)

func TestBind(t *testing.T) {
	if got := hex.EncodeToString(Bind(KMSInterface)); got != bindKMS {
		t.Errorf("got  %s\nwant %s", got, bindKMS)
	}
	other := Bind([16]byte{0xff})
	if len(other) != 72 || other[2] != pduBind || other[32] != 0xff {
		t.Errorf("control bind %x", other)
	}
}

// A padded bind offers the same interface again and again, under numbers of its own.
func TestBindContexts(t *testing.T) {
	for _, n := range []int{1, 2, 12, 64} {
		b := BindContexts(KMSInterface, n)
		if size := 28 + 44*n; len(b) != size || int(b[8])|int(b[9])<<8 != size || int(b[24]) != n {
			t.Errorf("%d contexts: %d octets, says %d, %d contexts", n, len(b), int(b[8])|int(b[9])<<8, b[24])
		}
		for i := range n {
			c := b[28+44*i:][:44]
			if int(c[0]) != i || [16]byte(c[4:]) != KMSInterface || string(c[24:]) != string(ndr[:]) {
				t.Errorf("context %d of %d: %x", i, n, c)
			}
		}
	}
}

// bindAnswers are answers by name: the corpus of FuzzBindAck holds the same
// octets under the same names.
var bindAnswers = []struct {
	name, hex string
	want      BindAnswer
	wrong     string // in the error
}{
	{name: "accepted with NDR", hex: ackNDR, want: BindAnswer{Outcome: BindAccepted}},
	{name: "64-bit Windows: NDR rejected, NDR64 accepted, features acknowledged", hex: ack64, want: BindAnswer{Outcome: BindAccepted}},
	{name: "interface unknown", hex: ackNo, want: BindAnswer{BindRejected, "abstract syntax not supported"}},
	{name: "only features acknowledged", hex: onlyNeg, want: BindAnswer{Outcome: BindRejected}},
	{name: "no secondary address", hex: noAddress, want: BindAnswer{Outcome: BindAccepted}},
	{name: "nak for the protocol version", hex: nakVer, want: BindAnswer{BindNak, "protocol version not supported"}},
	{name: "nak with an unknown reason", hex: strings.Replace(nakVer, "0400010500", "7700010500", 1), want: BindAnswer{BindNak, "reason 119"}},
	{name: "user rejection", hex: strings.Replace(ackNo, "02000100", "01000000", 1), want: BindAnswer{BindRejected, "result 1, reason 0"}},
	{name: "empty", hex: "", wrong: "0 octets"},
	{name: "HTTP", hex: hex.EncodeToString([]byte("HTTP/1.1 400 Bad Request\r\n")), wrong: "header"},
	{name: "our own bind echoed", hex: bindKMS, wrong: "PDU type 11"},
	{name: "our own bind of three contexts echoed", hex: bind3, wrong: "PDU type 11"},
	{name: "fault", hex: "0500030310000000" + "20000000" + "01000000" + strings.Repeat("00", 16), wrong: "PDU type 3"},
	{name: "another call", hex: strings.Replace(ackNDR, "3c00000001", "3c00000002", 1), wrong: "call id 2"},
	{name: "big-endian", hex: strings.Replace(ackNDR, "05000c0310", "05000c0300", 1), wrong: "header"},
	{name: "fragment length beyond the octets", hex: strings.Replace(ackNDR, "3c000000", "4c000000", 1), wrong: "fragment length 76"},
	{name: "ack of a header alone", hex: "05000c03100000001000000001000000", wrong: "bind_ack of 16"},
	{name: "ack with an address beyond its end", hex: strings.Replace(ackNDR, "0500313638", "ff00313638", 1), wrong: "before its results"},
	{name: "ack with more results than octets", hex: strings.Replace(ackNDR, "3838000001000000", "3838000009000000", 1), wrong: "9 results"},
	{name: "ack without results", hex: strings.Replace(ackNDR, "3838000001000000", "3838000000000000", 1), wrong: "0 results"},
	{name: "nak without a reason", hex: "05000d03100000001000000001000000", wrong: "bind_nak of 16"},
}

func TestParseBindAnswer(t *testing.T) {
	for _, tt := range bindAnswers {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseBindAnswer(unhex(t, tt.hex))
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Fatalf("got %+v, %v; want an error with %q", got, err, tt.wrong)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func FuzzBindAck(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ParseBindAnswer(b)
		switch {
		case err != nil && got != BindAnswer{}:
			t.Fatalf("%+v beside %v", got, err)
		case err == nil && got.Outcome != BindAccepted && got.Outcome != BindRejected && got.Outcome != BindNak:
			t.Fatalf("outcome %q", got.Outcome)
		}
	})
}
