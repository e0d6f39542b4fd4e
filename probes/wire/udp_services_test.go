package wire

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// The datagrams, as tshark reads them without a complaint; ? is an octet at random.
func TestAsk(t *testing.T) {
	for _, tt := range []struct {
		port uint16
		want string
	}{
		{PortNetBIOSNames, "????" + "00000001000000000000" + "20434b" + strings.Repeat("41", 30) + "00" + "00210001"},
		{PortSNMP, "303e" + "020103" + "30110204????????020300ffe3040104020103" + "0410300e0400020100020100040004000400" + "301404000400a00e0204????????0201000201003000"},
		{PortEndpointMapper, "04010000" + "10000000" + "00000000000000000000000000000000" + "0883afe11f5dc91191a408002b14a0fa" +
			"????????????????????????????????" + "00000000" + "03000000" + "00000000" + "0000" + "ffff" + "ffff" + "0000" + "0000" + "0000"},
		{5353, "00000000"},
	} {
		want := []byte(tt.want)
		got := []byte(hex.EncodeToString(Ask(tt.port)))
		if len(got) == len(want) {
			for i := range want {
				if want[i] == '?' {
					got[i] = '?'
				}
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("UDP %d, %s:\n%s, want\n%s", tt.port, Asking(tt.port), got, want)
		}
		if len(Asking(tt.port)) == 0 {
			t.Errorf("UDP %d has no name", tt.port)
		}
	}
	if a, b := Ask(PortNetBIOSNames), Ask(PortSNMP); bytes.Equal(a, Ask(PortNetBIOSNames)) && bytes.Equal(b, Ask(PortSNMP)) {
		t.Error("each question has the same identifier")
	}
}
