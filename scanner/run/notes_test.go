package run

import (
	"bytes"
	"net/netip"
	"testing"
)

// The notes that commit d73fdb6 wrote are read into numbers and classes when a
// document is read, and into nothing else.
func TestNotesOfOldDocuments(t *testing.T) {
	four, six := netip.MustParseAddr("198.18.10.30"), netip.MustParseAddr("2001:db8:10::30")
	for _, c := range []struct {
		to    netip.Addr
		class Class
		note  string
		want  Class
		icmp  ICMP
		left  string // of the note
	}{
		{four, Unreachable, "administratively prohibited (type 3 code 13)", Unreachable, ICMP{3, 13}, "administratively prohibited (type 3 code 13)"},
		{four, Unreachable, "host administratively prohibited (type 3 code 10)", Unreachable, ICMP{3, 10}, "host administratively prohibited (type 3 code 10)"},
		{four, Refused, "port unreachable (type 3 code 3)", Refused, ICMP{3, 3}, "port unreachable (type 3 code 3)"},
		{six, Unreachable, "source address failed policy (type 1 code 5)", Unreachable, ICMP{1, 5}, "source address failed policy (type 1 code 5)"},
		{six, Unreachable, "administratively prohibited (IP_STATUS 11004)", Unreachable, ICMP{1, 1}, "administratively prohibited (IP_STATUS 11004)"},
		{six, Unreachable, "Reply from 2001:db8:1::1: Destination prohibited.", Unreachable, ICMP{1, 1}, "Reply from 2001:db8:1::1: Destination prohibited."},
		{four, Unreachable, "Reply from 198.18.1.1: Destination host unreachable.", Unreachable, ICMP{}, "Reply from 198.18.1.1: Destination host unreachable."},
		{four, Unreachable, "no route to host (EHOSTUNREACH)", Unreachable, ICMP{}, "no route to host (EHOSTUNREACH)"},
		{four, Unreachable, "prohibited (type 3 code 999)", Unreachable, ICMP{}, "prohibited (type 3 code 999)"},
		{four, Silent, "odd (type 3 code 13)", Silent, ICMP{}, "odd (type 3 code 13)"},
		{four, Cut, "unknown: the SSH server says: Connection timed out", Unknown, ICMP{}, "the SSH server says: Connection timed out"},
		{four, Cut, "unknown: the SSH server has not said within 21s", Unknown, ICMP{}, "the SSH server has not said within 21s"},
		{four, Cut, "the answer ended after 3 octets", Cut, ICMP{}, "the answer ended after 3 octets"},
	} {
		r := &Run{Observations: []Observation{{ID: "o1", Need: Need{Spec: Spec{Addr: c.to}}, Class: c.class,
			Tries: []Try{{Class: c.class, Note: c.note}}}}}
		var b bytes.Buffer
		if err := Write(&b, r); err != nil {
			t.Fatal(err)
		}
		got, err := Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		o := got.Observations[0]
		if try := o.Tries[0]; try.Class != c.want || o.Class != c.want || try.ICMP != c.icmp || try.Note != c.left {
			t.Errorf("%q is read as %s and %+v", c.note, o.Class, try)
		}
	}
}

// Numbers that are there already are not read out of words.
func TestNumbersOutweighOldNotes(t *testing.T) {
	try := Try{Class: Unreachable, ICMP: ICMP{3, 1}, Note: "odd (type 3 code 13)"}
	if try.readOld(false); try.ICMP != (ICMP{3, 1}) {
		t.Errorf("the numbers are now %+v", try.ICMP)
	}
}

// One try that was cut keeps an observation cut.
func TestOldCutAmongUnknown(t *testing.T) {
	r := &Run{Observations: []Observation{{Class: Cut, Tries: []Try{{Class: Cut, Note: "unknown: x"}, {Class: Cut, Note: "3 octets"}}}}}
	if r.readOld(); r.Observations[0].Class != Cut || r.Observations[0].Tries[0].Class != Unknown {
		t.Errorf("got %+v", r.Observations[0])
	}
}

// A document that says by whom a pass is denied, and does not know weak, is weak
// where the reason is not known or on the path.
func TestOldPassIsWeak(t *testing.T) {
	for by, want := range map[Attribution]bool{ByUnknown: true, ByPath: true, ByArrived: false, ByConfigured: false, "": false} {
		r := &Run{Cells: []Cell{{Verdict: Pass, By: by}, {Verdict: Fail}}}
		if r.readOld(); r.Cells[0].Weak != want || r.Cells[1].Weak {
			t.Errorf("by %q: weak %v and %v", by, r.Cells[0].Weak, r.Cells[1].Weak)
		}
	}
}
