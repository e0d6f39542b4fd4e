package security

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/tri"
)

func FuzzBinary(f *testing.F) {
	r := newDice(2, 0xff, everyType()[:0x18]...)
	for range 40 {
		f.Add(encode(f, r.descriptor()))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		d, err := ParseBinary(b)
		if !bytes.Equal(b, before) {
			t.Fatal("the bytes were changed")
		}
		if err != nil {
			return
		}
		for _, domain := range []SID{"", home} {
			text := d.SDDLFor(domain)
			back, err := ParseSDDL(text, domain)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if !reflect.DeepEqual(meaning(back), meaning(d)) {
				t.Fatalf("%s\nbecomes %s", text, back.SDDLFor(domain))
			}
		}
		ask(t, d)
	})
}

func FuzzSDDL(f *testing.F) {
	for _, s := range []string{
		usual, deny(paperDeny), "D:NO_ACCESS_CONTROLS:AI", "O:S-1-5-18D:P(0x42;CI;;;;;(#0102))",
		`D:(XA;;FX;;;WD;(@User.Title=="PM"))(ZA;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;ED;(#61727478))`,
		`S:(RA;CI;;;;WD;("a;)b",TS,0,"x"))(ML;;NW;;;HI)`, "D:(a;; 020;;;s-1-0xffffffffffff-1)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseSDDL(s, home)
		if err != nil {
			return
		}
		text := d.SDDL()
		back, err := ParseSDDL(text, "")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(meaning(back), meaning(d)) || back.SDDL() != text {
			t.Fatalf("%s\nbecomes %s", text, back.SDDL())
		}
		ask(t, d)
	})
}

// ask puts the questions, whose answers have to make sense together.
func ask(t *testing.T, d *Descriptor) {
	t.Helper()
	token := Token(client, home, root)
	some := d.check(token, ReadProperty, GUID{}, "one right")
	all := d.check(append(token, d.Trustees()...), ReadProperty, GUID{}, "one right")
	both := d.check(token, ReadProperty|ControlAccess, GUID{}, "two rights")
	if both.Granted == tri.Yes && some.Granted != tri.Yes {
		t.Fatalf("%s: two rights are granted, one of them is not: %s", d.SDDL(), some.Why.Key())
	}
	for _, a := range []Answer{some, all, both, d.ReadGPC(token), d.ApplyGroupPolicy(token), d.AllowedToAuthenticate(token)} {
		if len(a.Why) == 0 || a.Granted == tri.Unknown && d.DACL != nil && a.ACE == nil {
			t.Fatalf("%s: %+v", d.SDDL(), a)
		}
	}
}
