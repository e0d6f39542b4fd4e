package winrm

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// pingTexts are what ping.exe prints for "-n 1". Those of wine were recorded
// from wine 8.0; those of Windows follow Microsoft's published samples.
var pingTexts = []struct {
	name string
	to   string
	exit int
	text string
	want run.Class // "" is an error
	from string
	ttl  int
}{
	{
		name: "wine answered", to: "127.0.0.1", want: run.Answered, from: "127.0.0.1", ttl: 64,
		text: "Pinging 127.0.0.1 [127.0.0.1] with 32 bytes of data:\r\nReply from 127.0.0.1: bytes=32 time=2ms TTL=64\r\n\r\nPing statistics for 127.0.0.1\r\n\tPackets: Sent = 1, Received = 1, Lost = 0 (0% loss)\r\nApproximate round trip times in milli-seconds:\r\n\tMinimum = 2ms, Maximum = 2ms, Average = 2ms\r\n",
	},
	{
		name: "wine silent", to: "198.18.10.30", want: run.Silent,
		text: "Pinging 198.18.10.30 [198.18.10.30] with 32 bytes of data:\r\nRequest timed out.\r\n\r\nPing statistics for 198.18.10.30\r\n\tPackets: Sent = 1, Received = 0, Lost = 1 (100% loss)\r\n",
	},
	{
		name: "wine no route", to: "198.18.10.30", want: run.NoRoute,
		text: "Pinging 198.18.10.30 [198.18.10.30] with 32 bytes of data:\r\nGeneral failure.\r\n\r\nPing statistics for 198.18.10.30\r\n\tPackets: Sent = 1, Received = 0, Lost = 1 (100% loss)\r\n",
	},
	{
		name: "wine IPv6", to: "2001:db8::1", exit: 1,
		text: "Ping request could not find host 2001:db8::1. Please check the name and try again.\r\n",
	},
	{
		name: "windows answered", to: "198.18.11.10", want: run.Answered, from: "198.18.11.10", ttl: 127,
		text: "\r\nPinging 198.18.11.10 with 32 bytes of data:\r\nReply from 198.18.11.10: bytes=32 time<1ms TTL=127\r\n\r\nPing statistics for 198.18.11.10:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\nApproximate round trip times in milli-seconds:\r\n    Minimum = 0ms, Maximum = 0ms, Average = 0ms\r\n",
	},
	{
		name: "windows silent", to: "198.18.10.30", exit: 1, want: run.Silent,
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nRequest timed out.\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),\r\n",
	},
	{
		name: "windows unreachable by a router counted as received", to: "198.18.10.30", want: run.Unreachable, from: "198.18.20.1",
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nReply from 198.18.20.1: Destination host unreachable.\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\n",
	},
	{
		name: "windows refused by the target", to: "198.18.10.30", want: run.Refused, from: "198.18.10.30",
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nReply from 198.18.10.30: Destination protocol unreachable.\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\n",
	},
	{
		name: "windows hop limit exceeded", to: "198.18.10.30", want: run.Unreachable, from: "198.18.20.1",
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nReply from 198.18.20.1: TTL expired in transit.\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\n",
	},
	{
		name: "windows transmit failed", to: "198.18.10.30", exit: 1, want: run.NoRoute,
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nPING: transmit failed. General failure. \r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),\r\n",
	},
	{
		name: "windows 2003 negotiating", to: "198.18.10.30", exit: 1, want: run.NotPermitted,
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\n\r\nNegotiating IP Security.\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),\r\n",
	},
	{
		name: "windows IPv6 answered", to: "2001:db8:10::30", want: run.Answered, from: "2001:db8:10::30",
		text: "\r\nPinging 2001:db8:10::30 with 32 bytes of data:\r\nReply from 2001:db8:10::30: time<1ms \r\n\r\nPing statistics for 2001:db8:10::30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\nApproximate round trip times in milli-seconds:\r\n    Minimum = 0ms, Maximum = 0ms, Average = 0ms\r\n",
	},
	{
		name: "windows IPv6 unreachable", to: "2001:db8:10::30", exit: 1, want: run.Unreachable, from: "2001:db8:20::1",
		text: "\r\nPinging 2001:db8:10::30 with 32 bytes of data:\r\nReply from 2001:db8:20::1: Destination host unreachable. \r\n\r\nPing statistics for 2001:db8:10::30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\n",
	},
	{
		name: "german answered", to: "198.18.11.10", want: run.Answered, from: "198.18.11.10", ttl: 128,
		text: "\r\nPing wird ausgeführt für 198.18.11.10 mit 32 Bytes Daten:\r\nAntwort von 198.18.11.10: Bytes=32 Zeit<1ms TTL=128\r\n\r\nPing-Statistik für 198.18.11.10:\r\n    Pakete: Gesendet = 1, Empfangen = 1, Verloren = 0\r\n    (0% Verlust),\r\n",
	},
	{
		name: "german silent", to: "198.18.10.30", exit: 1, want: run.Silent,
		text: "\r\nPing wird ausgeführt für 198.18.10.30 mit 32 Bytes Daten:\r\nZeitüberschreitung der Anforderung.\r\n\r\nPing-Statistik für 198.18.10.30:\r\n    Pakete: Gesendet = 1, Empfangen = 0, Verloren = 1\r\n    (100% Verlust),\r\n",
	},
	{
		name: "german general failure is not silence", to: "198.18.10.30", exit: 1,
		text: "\r\nPing wird ausgeführt für 198.18.10.30 mit 32 Bytes Daten:\r\nPING: Fehler bei der Übertragung. Allgemeiner Fehler.\r\n\r\nPing-Statistik für 198.18.10.30:\r\n    Pakete: Gesendet = 1, Empfangen = 0, Verloren = 1\r\n    (100% Verlust),\r\n",
	},
	{
		name: "chinese silent has the address first", to: "198.18.10.30", exit: 1, want: run.Silent,
		text: "\r\n正在 Ping 198.18.10.30 具有 32 字节的数据:\r\n请求超时。\r\n\r\n198.18.10.30 的 Ping 统计信息:\r\n    数据包: 已发送 = 1，已接收 = 0，丢失 = 1 (100% 丢失)，\r\n",
	},
	{
		name: "a reply of another address", to: "198.18.10.30",
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nReply from 198.18.10.31: bytes=32 time<1ms TTL=127\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\n",
	},
	{
		name: "an answer about another address", to: "198.18.10.30", exit: 1,
		text: "\r\nPinging 198.18.10.3 with 32 bytes of data:\r\nRequest timed out.\r\n\r\nPing statistics for 198.18.10.3:\r\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),\r\n",
	},
	{
		name: "a reply that the statistics deny", to: "198.18.10.30", exit: 1,
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nReply from 198.18.10.30: bytes=32 time<1ms TTL=127\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 0, Lost = 1 (100% loss),\r\n",
	},
	{
		name: "an answer with exit code 1", to: "198.18.10.30", exit: 1,
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nReply from 198.18.10.30: bytes=32 time<1ms TTL=127\r\n\r\nPing statistics for 198.18.10.30:\r\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\r\n",
	},
	{
		name: "cut before the statistics", to: "198.18.10.30", exit: 1,
		text: "\r\nPinging 198.18.10.30 with 32 bytes of data:\r\nRequest timed out.\r\n",
	},
	{name: "nothing at all", to: "198.18.10.30", exit: 1},
}

func TestParsePing(t *testing.T) {
	for _, tc := range pingTexts {
		t.Run(tc.name, func(t *testing.T) {
			r, err := parsePing(tc.text, tc.exit, netip.MustParseAddr(tc.to), time.Second)
			if tc.want == "" {
				if err == nil {
					t.Fatalf("want an error, got %+v", r)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Class != tc.want || r.TTL != tc.ttl || r.From.IsValid() != (tc.from != "") || tc.from != "" && r.From.String() != tc.from {
				t.Errorf("got %+v, want %s from %q TTL %d", r, tc.want, tc.from, tc.ttl)
			}
			if r.Weak == "" {
				t.Error("the reply does not say that ping.exe proves nothing alone")
			}
		})
	}
}

func FuzzParsePing(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, exit int, to string) {
		a, err := netip.ParseAddr(to)
		if err != nil {
			return
		}
		r, err := parsePing(text, exit, a, time.Second)
		if err != nil {
			return
		}
		switch {
		case r.Class == run.Answered && (r.From != a || exit != 0):
			t.Errorf("answered by %s with exit code %d", r.From, exit)
		case r.Class == run.Silent && !strings.Contains(fold(text), r.Note):
			t.Errorf("silent without %q", r.Note)
		}
	})
}
