package reason

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"testing"
)

// TestAReasonIsReadBack writes every kind of argument and reads it.
func TestAReasonIsReadBack(t *testing.T) {
	r := New("host-answers", "vantage", "guest", "port", uint16(1688), "at", []netip.Addr{netip.MustParseAddr("198.18.10.31")},
		"why", One("no-control", "error", errors.New("i/o timeout")), "none", []string{}, "from", netip.MustParseAddr("fe80::1"))
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got Reason
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	if !got.Equal(r) || got.Number("port") != 1688 || got.Word("at") != "198.18.10.31" || !got.Because("why").Has("no-control") {
		t.Errorf("%s is read as %s, want %s", b, got.Key(), r.Key())
	}
	if strings.Contains(string(b), "none") {
		t.Errorf("an empty list is written: %s", b)
	}
}

// TestTextsAreAsPackageJSONHasThem compares our quotes with those of the library.
func TestTextsAreAsPackageJSONHasThem(t *testing.T) {
	for _, text := range []string{"", "kms01", "198.18.0.1:1688", "\u00b5s \u2192", `a"b\c`, "<a&b>", "line\nend", "\x00\x1f\x7f", "\u2028\u2029", "\xff", "\ufffd"} {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(text); err != nil {
			t.Fatal(err)
		}
		if got := AppendText(nil, text); string(got) != strings.TrimSuffix(want.String(), "\n") {
			t.Errorf("%q is %s, want %s", text, got, want.String())
		}
	}
}

// TestAnOldTextIsAQuotation reads what had no code yet.
func TestAnOldTextIsAQuotation(t *testing.T) {
	var l List
	if err := json.Unmarshal([]byte(`["the far end ended"]`), &l); err != nil || !l.Has(Quoted) || l[0].Word("words") != "the far end ended" {
		t.Errorf("%v, %v", l, err)
	}
	for text, want := range map[string]List{`"no answer"`: {Quote("no answer")}, `""`: nil, `null`: nil, `[]`: {}} {
		l := One("before")
		if err := json.Unmarshal([]byte(text), &l); err != nil || !l.Equal(want) {
			t.Errorf("%s: %v, %v", text, l, err)
		}
	}
	for _, bad := range []string{`{}`, `{"code":"a","more":1}`, `{"code":"a","args":{"n":{}}}`, `{"code":"a","args":{"n":1.5}}`,
		strings.Repeat(`{"code":"a","args":{"why":[`, 9) + strings.Repeat(`]}}`, 9)} {
		if err := json.Unmarshal([]byte(bad), new(Reason)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

// TestMerge joins reasons that differ in where they are alone.
func TestMerge(t *testing.T) {
	l := List{New("silent", "at", "a"), New("refused", "at", "a"), New("silent", "at", "b"), New("silent", "at", "b"), New("silent", "at", "c", "for", 3)}
	got := l.Merge("at")
	if len(got) != 3 || got[0].Word("at") != "a, b" || got[2].Word("at") != "c" {
		t.Errorf("merged to %s", got.Key())
	}
	if l[0].Word("at") != "a" {
		t.Error("the list itself changed")
	}
}

// TestNames finds a code beneath others.
func TestNames(t *testing.T) {
	l := One("outer", "why", One("middle", "why", One("inner")))
	if l.Has("inner") || !l.Names("inner") || l.Names("other") {
		t.Error("a code beneath others is not found as it should be")
	}
	if l.Equal(One("outer", "why", One("middle"))) || !l.Equal(One("outer", "why", One("middle", "why", One("inner")))) {
		t.Error("equality does not look beneath")
	}
}

// TestMapped changes the words of all reasons, and not those of the list it is
// made from.
func TestMapped(t *testing.T) {
	l := One("outer", "at", []string{"a", "b"}, "n", 3, "why", Quote("a key"))
	got := l.Mapped(strings.ToUpper)
	if want := One("outer", "at", []string{"A", "B"}, "n", 3, "why", Quote("A KEY")); !got.Equal(want) {
		t.Errorf("got %s", got.Key())
	}
	if !l.Equal(One("outer", "at", []string{"a", "b"}, "n", 3, "why", Quote("a key"))) || List(nil).Mapped(strings.ToUpper) != nil {
		t.Error("the list itself changed")
	}
}

// TestEqual compares reasons argument by argument.
func TestEqual(t *testing.T) {
	all := []Reason{
		New("a"), New("b"), New("a", "n", 1), New("a", "n", "1"), New("a", "n", []string{"1"}), New("a", "m", 1),
		New("a", "n", One("b")), New("a", "n", One("b", "n", 1)), New("a", "n", List{New("b"), New("b")}),
	}
	for i, r := range all {
		for j, o := range all {
			if r.Equal(o) != (i == j) || (r.Key() == o.Key()) != (i == j) {
				t.Errorf("%s and %s", r.Key(), o.Key())
			}
		}
	}
}
