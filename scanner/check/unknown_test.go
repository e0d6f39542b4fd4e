package check_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// Who sends an ICMP error, and its numbers, decide; the words of the system do not.
func TestNumbersDecideAndWordsDoNot(t *testing.T) {
	router := netip.MustParseAddr("198.18.30.1")
	for _, c := range []struct {
		from netip.Addr
		icmp run.ICMP
		note string
		want run.Verdict
	}{
		{router, run.ICMP{Type: 3, Code: 13}, "administratively prohibited", run.Pass},
		{router, run.ICMP{Type: 3, Code: 13}, "filtered by an administrator", run.Pass},
		{router, run.ICMP{Type: 3, Code: 9}, "", run.Pass},
		{router, run.ICMP{Type: 3, Code: 10}, "", run.Pass},
		{router, run.ICMP{Type: 3, Code: 1}, "prohibited", run.Inconclusive},
		{router, run.ICMP{}, "administratively prohibited (type 3 code 13)", run.Inconclusive},
		{router, run.ICMP{Type: 1, Code: 1}, "administratively prohibited", run.Inconclusive}, // ICMPv6's, over IPv4
		{router, run.ICMP{Type: 11, Code: 0}, "", run.Inconclusive},
		{netip.Addr{}, run.ICMP{Type: 3, Code: 13}, "", run.Inconclusive},
		{netip.MustParseAddr("198.18.10.30"), run.ICMP{Type: 3, Code: 13}, "", run.Inconclusive},
	} {
		w := newWorld()
		w.answer = func(n run.Need, healthy run.Observation) run.Observation {
			if n.Vantage == "guest" && n.Target == "kms01" && n.Port == 1688 && n.When == run.Window && n.Addr.Is4() {
				o := tried(n, run.Unreachable, time.Millisecond)
				o.Tries[0].From, o.Tries[0].ICMP, o.Tries[0].Note = c.from, c.icmp, c.note
				return o
			}
			return healthy
		}
		got := w.judged(t)["non-domain-kms/guest/kms01"]
		if got.Verdict != c.want || (c.want == run.Pass) != (got.By == run.ByPath) || got.Weak != (c.want == run.Pass) {
			t.Errorf("%v from %v, %q: %s by %q: %s", c.icmp, c.from, c.note, got.Verdict, got.By, got.Reasons.Key())
		}
	}
	// Over IPv6 the numbers are those of ICMPv6.
	for icmp, want := range map[run.ICMP]run.Verdict{{Type: 1, Code: 5}: run.Pass, {Type: 3, Code: 13}: run.Inconclusive} {
		w := newWorld()
		w.answer = func(n run.Need, healthy run.Observation) run.Observation {
			if n.Vantage == "guest" && n.Target == "kms01" && n.Port == 1688 && n.When == run.Window && n.Addr.Is6() {
				o := tried(n, run.Unreachable, time.Millisecond)
				o.Tries[0].From, o.Tries[0].ICMP = netip.MustParseAddr("2001:db8:30::1"), icmp
				return o
			}
			return healthy
		}
		if got := w.judged(t)["ipv6-isolated/guest/kms01"]; got.Verdict != want {
			t.Errorf("%v over IPv6: %s: %s", icmp, got.Verdict, got.Reasons.Key())
		}
	}
}

// A class that is unknown proves nothing in any check: whatever it is the outcome
// of, no cell fails by it that passed, and none of the cells that rest on it passes.
func TestUnknownProvesNothing(t *testing.T) {
	for _, vantage := range []string{"client", "branch", "guest", "annex", "kiosk", "kms01"} {
		w := newWorld()
		w.answer = func(n run.Need, healthy run.Observation) run.Observation {
			switch n.Probe {
			case run.ProbeTCP, run.ProbeRPC, run.ProbeICMP, run.ProbeIKE, run.ProbeESP:
				if n.Vantage == vantage {
					o := tried(n, run.Unknown, time.Millisecond)
					o.Tries[0].Note = "the SSH server says: Connection timed out"
					return o
				}
			}
			return healthy
		}
		for id, c := range w.judged(t) {
			if c.Verdict == run.Fail {
				t.Errorf("all that %s tried is unknown: %s fails: %s", vantage, id, c.Reasons.Key())
			}
			switch c.ID.Check {
			case "dns-srv", "gpo-applied", "static-address", "icmp-exempt", "host-clock", "host-addresses", "unexpected":
				continue // they ask otherwise
			}
			if c.ID.Vantage == vantage && c.Verdict == run.Pass && c.ID.Target != "dns" && c.ID.Check != "host-addresses" { // which outsiders try
				t.Errorf("all that %s tried is unknown: %s passes: %s", vantage, id, c.Seen.Key())
			}
		}
	}
}

// What became of the outsider's own alive endpoints is no sign of life where it is
// not known.
func TestUnknownIsNoSignOfLife(t *testing.T) {
	w := newWorld()
	w.answer = func(n run.Need, healthy run.Observation) run.Observation {
		if n.Vantage == "guest" && n.Target == "files" {
			return tried(n, run.Unknown, time.Millisecond)
		}
		return healthy
	}
	if c := w.judged(t)["non-domain-kms/guest/kms01"]; c.Verdict != run.Inconclusive {
		t.Errorf("%s: %s", c.Verdict, c.Reasons.Key())
	}
}
