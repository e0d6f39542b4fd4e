package farend

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// TestWhatAWatchMayNotSay holds that a far end says of packets what a watch can see,
// and no more.
func TestWhatAWatchMayNotSay(t *testing.T) {
	one := func(change func(*seen)) *answer {
		s := aSeen()
		told, err := tell(&s, nil)
		if err != nil {
			t.Fatal(err)
		}
		change(told)
		b, err := json.Marshal(&answer{ID: 1, Seen: told})
		if err != nil {
			t.Fatal(err)
		}
		a := new(answer)
		if err := json.Unmarshal(b, a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	if err := one(func(*seen) {}).check(wantFlows); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*seen){
		"whose they are":        func(s *seen) { s.Flows[0].Own = "o7" },
		"another kind":          func(s *seen) { s.Flows[0].Kind = "gre" },
		"no passage":            func(s *seen) { s.Flows[0].Passage = "" },
		"no source":             func(s *seen) { s.Flows[0].Src = netip.Addr{} },
		"no packet":             func(s *seen) { s.Flows[0].Count = 0 },
		"fewer octets than 0":   func(s *seen) { s.Flows[0].Bytes = -1 },
		"before the watch":      func(s *seen) { s.Flows[0].First = -1 },
		"an end before a begin": func(s *seen) { s.Flows[0].Last = 0 },
		"too many packets":      func(s *seen) { s.Flows[0].Packets = make(items[run.WirePacket], run.MostPackets+1) },
		"a long name":           func(s *seen) { s.Flows[0].Interface = strings.Repeat("x", longestName+1) },
		"a name with colours":   func(s *seen) { s.Interfaces[0].Name = "\x1b[31meth0" },
		"fewer packets than 0":  func(s *seen) { s.Interfaces[0].Out = -1 },
	} {
		if err := one(change).check(wantFlows); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := (&answer{ID: 1}).check(wantFlows); err == nil {
		t.Error("nothing was seen, not even no flow: no error")
	}
	if err := one(func(*seen) {}).check(wantNothing); err == nil {
		t.Error("an answer to another call: no error")
	}
	if err := json.Unmarshal(fmt.Appendf(nil, `{"flows":[%s{}]}`, strings.Repeat("{},", maxItems)), new(seen)); err == nil {
		t.Error("too many flows: no error")
	}
	many := `{"packets":[` + strings.Repeat("{},", run.MostPackets-1) + `{}]}`
	if err := json.Unmarshal(fmt.Appendf(nil, `{"flows":[%s{}]}`, strings.Repeat(many+",", maxItems/run.MostPackets)), new(seen)); err == nil {
		t.Error("too many packets of all flows: no error")
	}
}
