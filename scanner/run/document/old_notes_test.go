package document

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// The notes that commit d73fdb6 wrote are read into numbers and classes when a
// document is read, and into nothing else.
func TestNotesOfOldDocuments(t *testing.T) {
	four, six := netip.MustParseAddr("198.18.10.30"), netip.MustParseAddr("2001:db8:10::30")
	for _, c := range []struct {
		to    netip.Addr
		class run.Class
		note  string
		want  run.Class
		icmp  run.ICMP
		left  string // of the note
	}{
		{four, run.Unreachable, "administratively prohibited (type 3 code 13)", run.Unreachable, run.ICMP{Type: 3, Code: 13}, "administratively prohibited (type 3 code 13)"},
		{four, run.Unreachable, "host administratively prohibited (type 3 code 10)", run.Unreachable, run.ICMP{Type: 3, Code: 10}, "host administratively prohibited (type 3 code 10)"},
		{four, run.Refused, "port unreachable (type 3 code 3)", run.Refused, run.ICMP{Type: 3, Code: 3}, "port unreachable (type 3 code 3)"},
		{six, run.Unreachable, "source address failed policy (type 1 code 5)", run.Unreachable, run.ICMP{Type: 1, Code: 5}, "source address failed policy (type 1 code 5)"},
		{six, run.Unreachable, "administratively prohibited (IP_STATUS 11004)", run.Unreachable, run.ICMP{Type: 1, Code: 1}, "administratively prohibited (IP_STATUS 11004)"},
		{six, run.Unreachable, "Reply from 2001:db8:1::1: Destination prohibited.", run.Unreachable, run.ICMP{Type: 1, Code: 1}, "Reply from 2001:db8:1::1: Destination prohibited."},
		{four, run.Unreachable, "Reply from 198.18.1.1: Destination host unreachable.", run.Unreachable, run.ICMP{}, "Reply from 198.18.1.1: Destination host unreachable."},
		{four, run.Unreachable, "no route to host (EHOSTUNREACH)", run.Unreachable, run.ICMP{}, "no route to host (EHOSTUNREACH)"},
		{four, run.Unreachable, "prohibited (type 3 code 999)", run.Unreachable, run.ICMP{}, "prohibited (type 3 code 999)"},
		{four, run.Silent, "odd (type 3 code 13)", run.Silent, run.ICMP{}, "odd (type 3 code 13)"},
		{four, run.Cut, "unknown: the SSH server says: Connection timed out", run.Unknown, run.ICMP{}, "the SSH server says: Connection timed out"},
		{four, run.Cut, "unknown: the SSH server has not said within 21s", run.Unknown, run.ICMP{}, "the SSH server has not said within 21s"},
		{four, run.Cut, "the answer ended after 3 octets", run.Cut, run.ICMP{}, "the answer ended after 3 octets"},
	} {
		r := &run.Run{Observations: []run.Observation{{ID: "o1", Need: run.Need{Spec: run.Spec{Addr: c.to}}, Class: c.class,
			Tries: []run.Try{{Class: c.class, Note: c.note}}}}}
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
	try := run.Try{Class: run.Unreachable, ICMP: run.ICMP{Type: 3, Code: 1}, Note: "odd (type 3 code 13)"}
	if readOldTry(&try, false); try.ICMP != (run.ICMP{Type: 3, Code: 1}) {
		t.Errorf("the numbers are now %+v", try.ICMP)
	}
}

// One try that was cut keeps an observation cut.
func TestOldCutAmongUnknown(t *testing.T) {
	r := &run.Run{Observations: []run.Observation{{Class: run.Cut, Tries: []run.Try{{Class: run.Cut, Note: "unknown: x"}, {Class: run.Cut, Note: "3 octets"}}}}}
	if readOld(r); r.Observations[0].Class != run.Cut || r.Observations[0].Tries[0].Class != run.Unknown {
		t.Errorf("got %+v", r.Observations[0])
	}
}

// A document that says by whom a pass is denied, and does not know weak, is weak
// where the reason is not known or on the path.
func TestOldPassIsWeak(t *testing.T) {
	for by, want := range map[run.Attribution]bool{run.ByUnknown: true, run.ByPath: true, run.ByArrived: false, run.ByConfigured: false, "": false} {
		r := &run.Run{Cells: []run.Cell{{Verdict: run.Pass, By: by}, {Verdict: run.Fail}}}
		if readOld(r); r.Cells[0].Weak != want || r.Cells[1].Weak {
			t.Errorf("by %q: weak %v and %v", by, r.Cells[0].Weak, r.Cells[1].Weak)
		}
	}
}
