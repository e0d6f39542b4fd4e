package run

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// odd is a text with all that JSON escapes, or that package json replaces.
const odd = "a\"b\\c<d>&\u2028\u2029\x01\n\xff é"

// leaves are values that are set as a whole, of each type that is no plain one.
var leaves = map[reflect.Type][]any{
	reflect.TypeFor[time.Time]():       {time.Date(2026, 11, 23, 9, 0, 0, 5, time.UTC)},
	reflect.TypeFor[json.RawMessage](): {json.RawMessage(`{"a": "<"}`)},
	reflect.TypeFor[netip.Addr]():      {netip.MustParseAddr("198.18.20.9"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr(`fe80::1%e"0`), netip.MustParseAddr("::ffff:1.2.3.4")},
	reflect.TypeFor[netip.AddrPort]():  {netip.MustParseAddrPort("198.18.20.9:65535"), netip.MustParseAddrPort(`[fe80::1%e"0]:0`), netip.AddrPortFrom(netip.Addr{}, 7)},
	reflect.TypeFor[netip.Prefix]():    {netip.MustParsePrefix("198.18.0.0/15")},
	reflect.TypeFor[reason.List]():     {reason.List{}, reason.List{reason.Quote(odd), reason.New("x", "n", 7, "words", []string{"a", odd})}},
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

// Whoever adds a field to a document adds it to encode_run.go as well.
func TestDocumentIsAsPackageJSONWritesIt(t *testing.T) {
	all := values(reflect.TypeFor[Run]())
	if len(all) < 300 {
		t.Fatalf("%d documents are not all that there may be", len(all))
	}
	runs := []*Run{whole()}
	for _, v := range all {
		r := v.Interface().(Run) //nolint:forcetypeassert // values made it
		runs = append(runs, &r)
	}
	for _, r := range runs {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(r); err != nil {
			t.Fatal(err)
		}
		if got := document(t, r); got != want.String() {
			t.Fatalf("%s\nis written as\n%s", want.String(), got)
		}
	}
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
