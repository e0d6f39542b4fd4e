package vantage

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestWhatAWatchMayNotSay holds that a far end says of packets what a watch can see,
// and no more.
func TestWhatAWatchMayNotSay(t *testing.T) {
	one := func(change func(*Seen)) error {
		a := netip.MustParseAddr("2001:db8::1")
		s := &Seen{
			Flows: []run.Flow{{
				Src: a, Dst: a, Kind: run.FlowESP, SPI: 1, Passage: run.PassedOut, Interface: "eth0", From: "02:00:00:00:00:01",
				Count: 3, MaxSize: 1400, Bytes: 1 << 40, First: 1, Last: 2, Packets: []run.WirePacket{{At: 1, Size: 1400}, {At: 2, Size: 60}},
			}},
			Interfaces: []run.WatchedInterface{{Name: "eth0", Link: "02:00:00:00:00:01", Addresses: []netip.Addr{a}, Out: 7}},
		}
		change(s)
		return vetSeen(&s)
	}
	if err := one(func(*Seen) {}); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Seen){
		"whose they are":        func(s *Seen) { s.Flows[0].Own = "o7" },
		"another kind":          func(s *Seen) { s.Flows[0].Kind = "gre" },
		"no passage":            func(s *Seen) { s.Flows[0].Passage = "" },
		"no source":             func(s *Seen) { s.Flows[0].Src = netip.Addr{} },
		"no packet":             func(s *Seen) { s.Flows[0].Count = 0 },
		"fewer octets than 0":   func(s *Seen) { s.Flows[0].Bytes = -1 },
		"before the watch":      func(s *Seen) { s.Flows[0].First = -1 },
		"an end before a begin": func(s *Seen) { s.Flows[0].Last = 0 },
		"too many packets":      func(s *Seen) { s.Flows[0].Packets = make([]run.WirePacket, run.MostPackets+1) },
		"a long name":           func(s *Seen) { s.Flows[0].Interface = strings.Repeat("x", longestName+1) },
		"a name with colours":   func(s *Seen) { s.Interfaces[0].Name = "\x1b[31meth0" },
		"fewer packets than 0":  func(s *Seen) { s.Interfaces[0].Out = -1 },
	} {
		if err := one(change); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	var none *Seen
	if err := vetSeen(&none); err == nil {
		t.Error("nothing was seen, not even no flow: no error")
	}
}
