package vantage

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"reflect"
	"regexp"
	"testing"
)

// plains are those that write and read their own JSON.
var plains = []Plain{new(DialRequest), new(DatagramRequest), new(PingRequest), new(Reply)}

// leaves are values of fields, of each type that fields have.
var leaves = []any{
	"answered", "a\"b\\c<d>&\u2028\x01\n\ufffd\xff é", true, []byte{}, []byte{1, 2, 3, 4}, uint8(7), uint16(65535), 7, int64(7e17), -7,
	netip.MustParseAddr("198.18.20.9"), netip.MustParseAddr(`fe80::1%e"0`), netip.MustParseAddr("::ffff:1.2.3.4"),
	netip.MustParseAddrPort("198.18.20.9:65535"), netip.MustParseAddrPort(`[fe80::1%e"0]:0`), netip.AddrPortFrom(netip.Addr{}, 1),
}

// fill hands on a value with each field set to each leaf that fits, alone or with those
// before it.
func fill(v reflect.Value, alone bool, hand func()) {
	for i := range v.NumField() {
		f, leaf := v.Field(i), false
		for _, x := range leaves {
			if x := reflect.ValueOf(x); x.Kind() == f.Kind() && x.CanConvert(f.Type()) {
				f.Set(x.Convert(f.Type()))
				hand()
				leaf = true
			}
		}
		if !leaf {
			fill(f, alone, hand)
		}
		if alone {
			f.SetZero()
		}
	}
}

// Whoever adds a field adds it to what writes and reads it.
func TestPlainIsAsPackageJSONHasIt(t *testing.T) {
	for _, p := range plains {
		v := reflect.New(reflect.TypeOf(p).Elem()).Elem()
		of := v.Addr().Interface().(Plain) //nolint:forcetypeassert // it is as p
		check := func() {
			want, err := json.Marshal(of)
			if got := of.AppendJSON([]byte("1 ok ")); err != nil || string(got) != "1 ok "+string(want) {
				t.Fatalf("%v: %s, and package json writes %s", err, got, want)
			}
			if read := agree(t, p, want); read == unread.Match(want) {
				t.Fatalf("%s is read: %v", want, read)
			}
		}
		check()
		fill(v, true, check)
		fill(v, false, check)
	}
}

// unread is what package json is left to read: there are few of it.
var unread = regexp.MustCompile(`:(null|-)`)

// agree reads what is of the type of p, and reports whether it was read. What package
// json reads of the same octets is the same.
func agree(t *testing.T, p Plain, b []byte) bool {
	t.Helper()
	zero := func() any { return reflect.New(reflect.TypeOf(p).Elem()).Interface() }
	got, want := zero().(Plain), zero() //nolint:forcetypeassert // it is as p
	read := got.ReadJSON(b)
	if read {
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(want); err != nil || d.InputOffset() != int64(len(b)) {
			t.Fatalf("%s was read, and package json says %v after %d octets", b, err, d.InputOffset())
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s (%v) became %+v, not %+v", b, read, got, want)
	}
	return read
}

// FuzzPlain reads octets as either side would: what is read without package json is what
// package json would read.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{
		``, `{`, `{}`, `{} `, ` {}`, `{,}`, `null`, `[]`, `{"class"}`, `{"class":}`, `{"class":"`, `{"class":"a\`, `{"class":"\"`, `{"class":"a","class":"b"}`, `{"Class":"a"}`,
		`{"class":null,"rtt":1}`, `{"rtt":1,"class":"a"}`, `{"class":"a","rtt":1,}`, `{"class":"a" ,"rtt":1}`, `{"class":"a""rtt":1}`, `{"rtt":01}`, `{"rtt":1.5}`, `{"rtt":1e3}`,
		`{"rtt":-1}`, `{"rtt":-0}`, `{"rtt":}`, `{"rtt":9223372036854775807}`, `{"rtt":9223372036854775808}`, `{"rtt":"1"}`, `{"rtt":1}{"rtt":1}`, `{"rtt":1,"other":2}`,
		`{"rtt":1,"icmp":{"type":3,"code":13}}`, `{"rtt":1,"icmp":{"type":256,"code":0}}`, `{"rtt":1,"icmp":{}}`, `{"rtt":1,"icmp":{"type":3}`, `{"rtt":1,"loopback":true}`, `{"rtt":1,"loopback":false}`,
		`{"from":"","rtt":1}`, `{"from":"1.2.3","rtt":1}`, `{"from":"::1%a\u0062","rtt":1}`, `{"rtt":1,"local":"1.2.3.4"}`, `{"data":"","rtt":1}`, `{"data":"AQ==","rtt":1}`, `{"data":"AQ","rtt":1}`, `{"data":"A\nQ==","rtt":1}`,
		"{\"class\":\"\xff\x01\"}", "{\"class\":\"\xff\"}", `{"class":"\ud800"}`, `{"class":"\x"}`, `{"to":"198.18.0.1:1688","send":null,"timeout":1}`,
		`{"to":"198.18.0.1:1688","timeout":1,"frame":{"header":10,"length":8,"max":9},"read":5}`, `{"to":"198.18.0.1","timeout":1,"size":5}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, p := range plains {
			agree(t, p, b)
		}
	})
}
