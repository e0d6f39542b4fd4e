package wire

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	ours    = "a1b2c3d4e5f60718"
	theirs  = "1122334455667788"
	nobody  = "0000000000000000"
	mid     = "00000000"
	vidMS9  = "1e2b516905991c7d7c96fcbfb587e46100000009"
	vidDisc = "fb1de3cdf341b7ea16b7e5be0855f120"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("fixture: %v", err)
	}
	return b
}

// isakmpReplies are answers by name. The corpus of FuzzISAKMP holds the same
// octets under the same names.
var isakmpReplies = []struct {
	name     string
	protocol Protocol
	hex      string
	want     Reply
	wrong    string // in the error
}{
	{
		name: "main mode answer with Windows vendor IDs", protocol: IKEv1Kerberos,
		hex: ours + theirs + "01100200" + mid + "0000007c" +
			"0d00003400000001000000010000002801010001000000200101000080010007800e008080020002800400028003fde9800b0001" +
			"0d000018" + vidMS9 + "00000014" + vidDisc,
		want: Reply{
			Protocol: IKEv1Kerberos, Answer: AnswerSA,
			VendorIDs: []string{"MS NT5 ISAKMPOAKLEY 9 (Windows 8 or later)", "MS-Negotiation Discovery Capable"},
		},
	},
	{
		name: "informational NO-PROPOSAL-CHOSEN with an SPI", protocol: IKEv1Kerberos,
		hex:  ours + theirs + "0b100500" + "12345678" + "00000038" + "0000001c" + "00000001" + "0110000e" + ours + theirs,
		want: Reply{Protocol: IKEv1Kerberos, Answer: AnswerNotify, Notify: "NO-PROPOSAL-CHOSEN"},
	},
	{
		name: "NOTIFY_STATUS 13868 of [MS-IKEE]", protocol: IKEv1PSK,
		hex:  ours + theirs + "0b100500" + mid + "0000002c" + "00000010" + "00000001" + "01009c43" + "0000362c",
		want: Reply{Protocol: IKEv1PSK, Answer: AnswerNotify, Notify: "NOTIFY_STATUS 13868 (policy match error)"},
	},
	{
		name: "AuthIP NOTIFY_STATUS: the flags octet is no SPI size", protocol: AuthIP,
		hex:  ours + theirs + "8510f600" + mid + "00000034" + "0b00000800000000" + "00000010" + "00000001" + "01019c54" + "00003601",
		want: Reply{Protocol: AuthIP, Answer: AnswerNotify, Notify: "NOTIFY_STATUS 13825 (no policy configured)"},
	},
	{
		name: "AuthIP DoS cookie comes without a crypto payload", protocol: AuthIP,
		hex:  ours + nobody + "0b10f600" + mid + "00000030" + "00000014" + "00000001" + "01009c55" + theirs,
		want: Reply{Protocol: AuthIP, Answer: AnswerCookie, Notify: "NOTIFY_DOS_COOKIE"},
	},
	{
		name: "AuthIP answer that names its principal", protocol: AuthIP,
		hex: ours + theirs + "8510f300" + mid + "00000038" + "0100000800000000" + "86000008" + "00000001" +
			"0000000c" + "6b006d0073000700",
		want: Reply{Protocol: AuthIP, Answer: AnswerSA, Principal: "kms?"},
	},
	{
		name: "IKEv2 SA with status notifications", protocol: IKEv2,
		hex:  ours + theirs + "29202220" + mid + "00000028" + "21000008" + "00004004" + "00000004",
		want: Reply{Protocol: IKEv2, Answer: AnswerSA},
	},
	{
		name: "IKEv2 INVALID_KE_PAYLOAD with no responder SPI", protocol: IKEv2,
		hex:  ours + nobody + "29202220" + mid + "00000026" + "0000000a" + "00000011" + "0013",
		want: Reply{Protocol: IKEv2, Answer: AnswerNotify, Notify: "INVALID_KE_PAYLOAD"},
	},
	{
		name: "IKEv2 COOKIE", protocol: IKEv2,
		hex:  ours + nobody + "29202220" + mid + "00000028" + "0000000c" + "00004006" + "01020304",
		want: Reply{Protocol: IKEv2, Answer: AnswerCookie, Notify: "COOKIE"},
	},
	{
		name: "IKEv1 INVALID-MAJOR-VERSION in answer to IKEv2", protocol: IKEv2,
		hex:  ours + theirs + "0b100500" + mid + "00000028" + "0000000c" + "00000001" + "01000005",
		want: Reply{Protocol: IKEv2, Answer: AnswerNotify, Notify: "INVALID-MAJOR-VERSION"},
	},
	{
		name: "unknown notification keeps its number", protocol: IKEv1PSK,
		hex:  ours + theirs + "0b100500" + mid + "00000028" + "0000000c" + "00000001" + "01002002",
		want: Reply{Protocol: IKEv1PSK, Answer: AnswerNotify, Notify: "8194"},
	},
	{
		name: "encrypted informational is an answer all the same", protocol: IKEv1PSK,
		hex:  ours + theirs + "08100501" + mid + "00000020" + "deadbeef",
		want: Reply{Protocol: IKEv1PSK, Answer: AnswerOther},
	},
	{
		name: "header alone", protocol: IKEv1PSK,
		hex:  ours + theirs + "00100500" + mid + "0000001c",
		want: Reply{Protocol: IKEv1PSK, Answer: AnswerOther},
	},
	{name: "too short", protocol: IKEv2, hex: ours, wrong: "shorter than an ISAKMP header"},
	{name: "somebody else's cookie", protocol: IKEv2, hex: theirs + theirs + "00100500" + mid + "0000001c", wrong: "initiator cookie"},
	{name: "version 3", protocol: IKEv2, hex: ours + theirs + "00300500" + mid + "0000001c", wrong: "version"},
	{name: "IKEv2 request", protocol: IKEv2, hex: ours + theirs + "00202208" + mid + "0000001c", wrong: "an IKEv2 request"},
	{name: "length beyond the datagram", protocol: IKEv2, hex: ours + theirs + "00100500" + mid + "00000fff", wrong: "length 4095"},
	{name: "length below the header", protocol: IKEv2, hex: ours + theirs + "00100500" + mid + "00000004", wrong: "length 4"},
	{name: "payload of length zero", protocol: IKEv1PSK, hex: ours + theirs + "0d100200" + mid + "00000020" + "0d000000", wrong: "length 0"},
	{name: "payload chain that does not end", protocol: IKEv1PSK, hex: ours + theirs + "0d100200" + mid + "00000020" + "0d000004", wrong: "is missing"},
	{name: "notification cut short", protocol: IKEv1PSK, hex: ours + theirs + "0b100500" + mid + "00000024" + "0000000800000001", wrong: "notification of 4"},
	{name: "notification with an SPI beyond its end", protocol: IKEv1PSK, hex: ours + theirs + "0b100500" + mid + "00000028" + "0000000c" + "00000001" + "0110000e", wrong: "SPI of 16"},
	{name: "IKEv2 notification with an SPI beyond its end", protocol: IKEv2, hex: ours + theirs + "29202220" + mid + "00000024" + "00000008" + "0008000e", wrong: "notification"},
}

func TestParseReply(t *testing.T) {
	for _, tt := range isakmpReplies {
		t.Run(tt.name, func(t *testing.T) {
			req := Initiate(tt.protocol, fixedSeeds())
			for _, marked := range []bool{false, true} {
				b := unhex(t, tt.hex)
				if marked {
					b = Mark(b)
				}
				got, err := ParseReply(req, b, marked)
				if tt.wrong != "" {
					if err == nil || !strings.Contains(err.Error(), tt.wrong) {
						t.Errorf("marked %v: got %+v, %v; want an error with %q", marked, got, err, tt.wrong)
					}
					continue
				}
				if err != nil {
					t.Fatalf("marked %v: %v", marked, err)
				}
				if d := cmp.Diff(tt.want, got); d != "" {
					t.Errorf("marked %v: %s", marked, d)
				}
			}
		})
	}
}

func TestParseReplyRefuses(t *testing.T) {
	req := Initiate(IKEv1PSK, fixedSeeds())
	t.Run("our own message echoed", func(t *testing.T) {
		if _, err := ParseReply(req, req.Bytes, false); !errors.Is(err, ErrNotAnswer) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no marker on port 4500", func(t *testing.T) {
		good := unhex(t, ours+theirs+"00100500"+mid+"0000001c")
		if _, err := ParseReply(req, good, true); !errors.Is(err, ErrNotAnswer) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("keepalive", func(t *testing.T) {
		if _, err := ParseReply(req, []byte{0xff}, true); !errors.Is(err, ErrNotAnswer) {
			t.Errorf("got %v", err)
		}
	})
}

func TestVendorName(t *testing.T) {
	for _, tt := range []struct{ hex, want string }{
		{vidMS9, "MS NT5 ISAKMPOAKLEY 9 (Windows 8 or later)"},
		{"1e2b516905991c7d7c96fcbfb587e46100000063", "MS NT5 ISAKMPOAKLEY 99"},
		{"1e2b516905991c7d7c96fcbfb587e461", "1e2b516905991c7d7c96fcbfb587e461"},
		{"01528bbbc00696121849ab9a1c5b2a5100000001", "KEY_MODS 1"},
		{"7bb93867d76c8d80df0f40fae8fc3b1900000004", "AUTHIP_INIT_KE_DH_GROUP 4"},
		{"686a8cbdfe634b405146fb2baf33e9e800112233445566778899aabbccddeeff", "MSFT IPsec Security Realm Id"},
		{"4a131c81070358455c5728f20e95452f", "RFC 3947"},
		{"214ca4faffa7f32d6748e5303395ae83", "MS-MamieExists"},
		{"00ff", "00ff"},
		{"", ""},
	} {
		if got := vendorName(unhex(t, tt.hex)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.hex, got, tt.want)
		}
	}
}

func FuzzISAKMP(f *testing.F) {
	reqs := make([]Request, 0, len(Protocols))
	for _, p := range Protocols {
		reqs = append(reqs, Initiate(p, fixedSeeds()))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range reqs {
			got, err := ParseReply(r, b, false)
			again, err2 := ParseReply(r, Mark(b), true)
			if d := cmp.Diff(got, again); d != "" || (err == nil) != (err2 == nil) {
				t.Fatalf("the marker makes a difference: %v %v %s", err, err2, d)
			}
			if err != nil {
				continue
			}
			if got.Protocol != r.Protocol {
				t.Fatalf("answer to %q taken for %q", r.Protocol, got.Protocol)
			}
			if (got.Notify != "") != (got.Answer == AnswerNotify || got.Answer == AnswerCookie) {
				t.Fatalf("answer %q with notification %q", got.Answer, got.Notify)
			}
			for _, c := range got.Principal {
				if c < ' ' || c > '~' {
					t.Fatalf("principal %q", got.Principal)
				}
			}
		}
	})
}
