package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// odd is a text with what JSON escapes, or package json replaces.
const odd = "a\"b\\c<d>&\u2028\u2029\x01\n\ufffd é"

// leaves are values that are set as a whole, of each type that is no plain one.
var leaves = map[reflect.Type][]any{
	reflect.TypeFor[time.Time]():       {time.Date(2026, 11, 23, 9, 0, 0, 5, time.UTC)},
	reflect.TypeFor[json.RawMessage](): {json.RawMessage(`{"a":"<"}`)},
	reflect.TypeFor[netip.Addr]():      {netip.MustParseAddr("198.18.20.9"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr(`fe80::1%e"0`), netip.MustParseAddr("::ffff:1.2.3.4")},
	reflect.TypeFor[netip.AddrPort]():  {netip.MustParseAddrPort("198.18.20.9:65535"), netip.MustParseAddrPort(`[fe80::1%e"0]:0`)},
	reflect.TypeFor[netip.Prefix]():    {netip.MustParsePrefix("198.18.0.0/15")},
	reflect.TypeFor[run.CellID]():      {run.CellID{Check: odd, Vantage: "b", Target: "c/d"}},
	reflect.TypeFor[reason.List]():     {reason.List{}, reason.List{reason.Quote(odd), reason.New("x", "n", 7, "why", reason.Quote("y"), "words", []string{"a", odd})}},
	reflect.TypeFor[reason.Reason]():   {reason.Quote(odd)},
}

// values are values of a type of which one field each is set, in every way that it
// may be, and that of which none is.
func values(of reflect.Type) (all []reflect.Value) {
	zero := reflect.Zero(of)
	add := func(set func(v reflect.Value)) {
		v := reflect.New(of).Elem()
		set(v)
		all = append(all, v)
	}
	all = append(all, zero)
	if some, ok := leaves[of]; ok {
		for _, x := range some {
			add(func(v reflect.Value) { v.Set(reflect.ValueOf(x)) })
		}
		return all
	}
	switch of.Kind() {
	case reflect.Struct:
		for i := range of.NumField() {
			for _, x := range values(of.Field(i).Type) {
				add(func(v reflect.Value) { v.Field(i).Set(x) })
			}
		}
	case reflect.Slice:
		add(func(v reflect.Value) { v.Set(reflect.MakeSlice(of, 0, 0)) })
		for _, x := range values(of.Elem()) {
			add(func(v reflect.Value) { v.Set(reflect.Append(v, x, x)) })
		}
	case reflect.Pointer:
		for _, x := range values(of.Elem()) {
			add(func(v reflect.Value) { v.Set(reflect.New(of.Elem())); v.Elem().Set(x) })
		}
	case reflect.Map:
		add(func(v reflect.Value) {
			v.Set(reflect.MakeMap(of))
			for _, x := range values(of.Elem()) {
				v.SetMapIndex(reflect.ValueOf(odd).Convert(of.Key()), x)
			}
		})
	case reflect.String:
		add(func(v reflect.Value) { v.SetString(odd) })
	case reflect.Bool:
		add(func(v reflect.Value) { v.SetBool(true) })
	default:
		add(func(v reflect.Value) { v.Set(reflect.ValueOf(7).Convert(of)) })
	}
	return all
}

// Whoever adds a field to a document adds it to what writes it. What is left out, since
// it is usual, is read back as well.
func TestEachFieldIsReadBack(t *testing.T) {
	all := values(reflect.TypeFor[run.Run]())
	if len(all) < 300 {
		t.Fatalf("%d documents are not all that there may be", len(all))
	}
	runs := unusual()
	for _, v := range all {
		r := v.Interface().(run.Run) //nolint:forcetypeassert // values made it
		runs = append(runs, &r)
	}
	for _, r := range runs {
		text := document(t, r)
		got, err := decode([]byte(text))
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if diff := cmp.Diff(r, got, asWritten...); diff != "" {
			t.Fatalf("-written +read:\n%s\n%s", diff, text)
		}
		var short bytes.Buffer
		if err := json.Compact(&short, []byte(text)); err != nil || short.String()+"\n" != text || strings.Contains(text, `\u003c`) {
			t.Fatalf("%v: blanks, or escapes of HTML: %s", err, text)
		}
	}
}

// asWritten compares runs but for what no document tells: whether there is no list, or
// one without elements.
var asWritten = cmp.Options{
	cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}, netip.Prefix{}),
	cmp.FilterValues(func(a, b json.RawMessage) bool { return len(a)+len(b) > 0 }, cmp.Transformer("compact", func(m json.RawMessage) string {
		var b bytes.Buffer
		if err := json.Compact(&b, m); err != nil || b.String() == "null" {
			return ""
		}
		return b.String()
	})),
}

// unusual are runs in which what is usual is so, is not, or is nothing.
func unusual() (all []*run.Run) {
	all = append(all, whole())
	guest := func(change func(*run.Run)) {
		r := whole()
		change(r)
		all = append(all, r)
	}
	try := func(change func(*run.Try)) { guest(func(r *run.Run) { change(&r.Observations[0].Tries[0]) }) }
	claims := func(at string, why ...reason.Reason) {
		guest(func(r *run.Run) {
			r.Cells[1].Trials = append(r.Cells[1].Trials, run.Trial{At: at, Claims: []run.Claim{{Code: "open", Support: run.NotShown, Why: why, By: []string{"o1", "o9"}}}})
		})
	}
	for _, via := range []string{"", "ssh guest", "winrm guest"} {
		guest(func(r *run.Run) { r.Observations[0].Via = via })
		guest(func(r *run.Run) { r.Observations[0].Via, r.Observations[0].Class = via, "" })
		guest(func(r *run.Run) {
			r.Observations[0].Via = via
			r.Vantages[0].Ways = append([]run.Way{{Name: "winrm guest", Trouble: reason.List{reason.Quote("no")}}}, r.Vantages[0].Ways...)
		})
		guest(func(r *run.Run) {
			r.Observations[0].Via, r.Vantages = via, append(r.Vantages, run.Vantage{Name: "guest", Ways: []run.Way{{Name: "winrm guest"}}})
		})
	}
	for _, when := range []run.When{"", run.Once, run.After} {
		guest(func(r *run.Run) { r.Observations[0].Need.When = when })
	}
	for _, class := range []run.Class{"", run.Silent, run.Cut} {
		try(func(t *run.Try) { t.Class = class })
	}
	for answered := range 3 {
		for _, took := range []time.Duration{0, 5, 7} {
			try(func(t *run.Try) { t.Answered, t.RTT, t.Took = answered, 7, took })
		}
	}
	for _, titles := range [][3]string{{"t", "s", "c"}, {"", "s", "c"}, {"t", "", ""}, {}} {
		guest(func(r *run.Run) {
			r.Cells[0].Title, r.Cells[0].Section, r.Cells[0].Confirmed = "t", "s", "c"
			r.Cells[1].Title, r.Cells[1].Section, r.Cells[1].Confirmed = titles[0], titles[1], titles[2]
		})
	}
	for _, evidence := range [][]string{nil, {"o1"}, {"o1", "o9", "o2"}, {"o1", "o9", "o2", "o3"}, {"o9", "o1", "o2"}} {
		guest(func(r *run.Run) {
			r.Cells[1].Trials = []run.Trial{{Claims: []run.Claim{{Code: "a", Support: run.Shown, By: []string{"o1", "o9"}}, {Code: "b", Support: run.Weak, By: []string{"o9", "o2"}}}}}
			r.Cells[1].Evidence = evidence
		})
	}
	for _, at := range []string{"", "kms01:1688"} {
		claims(at, reason.New("x"), reason.New("x", "at", []string{"kms01:1688"}), reason.New("x", "at", []string{"kms02:1688"}), reason.New("x", "at", "kms01:1688"), reason.New("x", "at", []string{"kms01:1688", "b"}),
			reason.New("x", "at", []string{"kms01:1688"}, "zone", 1, "a", reason.New("y", "at", []string{"kms01:1688"})))
	}
	guest(func(r *run.Run) {
		r.Cells[1].Trials = []run.Trial{{Claims: []run.Claim{{Code: "b", Support: run.Shown}, {Code: "a", Support: run.Shown, Why: reason.List{reason.Quote("y")}}, {Code: "a"}}}}
	})
	return all
}

// A document that cannot be written whole is not written at all.
func TestNothingIsWrittenOfWhatCannotBe(t *testing.T) {
	r := whole()
	r.Policy = []byte(`{"isolation": `)
	var b bytes.Buffer
	if err := Write(&b, r); err == nil || b.Len() > 0 {
		t.Errorf("%v, and %d octets", err, b.Len())
	}
	if err := Write(full{}, whole()); err == nil {
		t.Error("what could not be written was")
	}
}

// full is where nothing can be written.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("no space is left") }
