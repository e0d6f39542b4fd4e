package security

import (
	"encoding/hex"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
)

// everyType is each byte that a type can be.
func everyType() []Type {
	all := make([]Type, 256)
	for i := range all {
		all[i] = Type(i)
	}
	return all
}

// Descriptors of every kind of entry are the same after the way through their
// binary form and through SDDL, with a domain and without.
func TestRoundTrip(t *testing.T) {
	many := everyType()
	for range 12 { // the known types mostly
		many = append(many, many[:0x16]...)
	}
	r := newDice(1, 0xff, many...)
	for range 2000 {
		want := r.descriptor()
		d, err := ParseBinary(encode(t, want))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(meaning(d), meaning(want)) || d.Control != want.Control {
			t.Fatalf("binary: %s\nis not %s", d.SDDL(), want.SDDL())
		}
		for _, domain := range []SID{"", home, root} {
			text := d.SDDLFor(domain)
			back, err := ParseSDDL(text, domain)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if !reflect.DeepEqual(meaning(back), meaning(want)) {
				t.Fatalf("SDDL: %s\nis not %s", back.SDDL(), text)
			}
		}
	}
}

// What Windows itself wrote in both forms is the same for us.
func TestWindowsWroteBoth(t *testing.T) {
	file, err := os.ReadFile("testdata/gpmc.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for l := range strings.Lines(string(file)) {
		if !strings.HasPrefix(l, "#") {
			lines = append(lines, strings.TrimSpace(l))
		}
	}
	if len(lines) != 6 {
		t.Fatalf("%d lines in testdata/gpmc.txt", len(lines))
	}
	for ; len(lines) > 0; lines = lines[3:] {
		b, err := hex.DecodeString(strings.ReplaceAll(lines[1], " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		byBytes, err := ParseBinary(b)
		if err != nil {
			t.Fatal(err)
		}
		_, domain, _ := strings.Cut(lines[2], "WDWO;;;S-")
		domain = "S-" + domain[:strings.Index(domain, "-519)")]
		byText, err := ParseSDDL(lines[2], SID(domain))
		if err != nil {
			t.Fatal(err)
		}
		if len(byText.DACL.ACEs) != 8 || !reflect.DeepEqual(byBytes.DACL, byText.DACL) {
			t.Errorf("%s: the DACL is\n%s in binary form and\n%s as text", lines[0], byBytes.SDDL(), byText.SDDL())
		}
		if len(byText.SACL.ACEs) != 3 || byText.Owner != SID(domain).Child(512) {
			t.Errorf("%s: %s", lines[0], byText.SDDL())
		}
	}
}

func TestParseSDDL(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                   {"", ""},
		"every part":                {"O:DAG:DUD:P(A;;RP;;;DA)S:AI(AU;SAFA;WP;;;WD)", "O:S-1-5-21-1-2-3-512G:S-1-5-21-1-2-3-513D:P(A;;RP;;;S-1-5-21-1-2-3-512)S:AI(AU;SAFA;WP;;;WD)"},
		"in another order":          {"S:D:G:AUO:WD", "O:WDG:AUD:S:"},
		"a SID before the DACL":     {"O:S-1-5-18D:AI", "O:SYD:AI"},
		"lower case":                {"o:syd:pai(a;ci;rp;;;s-1-5-11)", "O:SYD:PAI(A;CI;RP;;;AU)"},
		"spaces and lines":          {" O:SY \r\n D: P (A; CI ; RP ;;; AU )\n(D;;WP;;;WD) ", "O:SYD:P(A;CI;RP;;;AU)(D;;WP;;;WD)"},
		"rights in hexadecimal":     {"D:(A;;0x20094;;;AU)", "D:(A;;RPLCLORC;;;AU)"},
		"rights in octal":           {"D:(A;;020;;;AU)", "D:(A;;RP;;;AU)"},
		"rights in decimal":         {"D:(A;;16;;;AU)", "D:(A;;RP;;;AU)"},
		"rights without letters":    {"D:(A;;0x200;;;AU)", "D:(A;;0x00000200;;;AU)"},
		"rights of files":           {"D:(A;;FR;;;AU)(A;;FA;;;SY)", "D:(A;;0x00120089;;;AU)(A;;0x001f01ff;;;SY)"},
		"no rights":                 {"D:(A;;;;;AU)", "D:(A;;;;;AU)"},
		"a GUID in braces":          {"D:(OA;;CR;{EDACFD8F-FFB3-11D1-B41D-00A0C968F939};;AU)", "D:(OA;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)"},
		"a NULL DACL":               {"D:PNO_ACCESS_CONTROL", "D:PNO_ACCESS_CONTROL"},
		"a NULL DACL and a SACL":    {"D:NO_ACCESS_CONTROLS:", "D:NO_ACCESS_CONTROLS:"},
		"a mandatory label":         {"S:(ML;;NWNR;;;HI)", "S:(ML;;NWNR;;;HI)"},
		"a claim":                   {`S:(RA;CI;;;;WD;("a;)b",TS,0,"x (y"))`, `S:(RA;CI;;;;WD;("a;)b",TS,0,"x (y"))`},
		"a condition":               {`D:(XA;;FX;;;WD;(@User.Title=="PM" && (@User.A == 1)))`, `D:(XA;;0x001200a0;;;WD;(@User.Title=="PM" && (@User.A == 1)))`},
		"a condition as octets":     {"D:(XA;;RP;;;WD;(#61727478))", "D:(XA;;RP;;;WD;(#61727478))"},
		"an unknown type":           {"D:(0x42;CI;;;;;(#0102))", "D:(0x42;CI;;;;;(#0102))"},
		"a known type by number":    {"D:(0x0;CI;RP;;;AU)(0x0c;;RP;;;AU)", "D:(A;CI;RP;;;AU)(0x0c;;RP;;;AU;(#))"},
		"an authority in hex":       {"O:S-1-0xffffffffffff-1G:S-1-0x5-0011", "O:S-1-0xffffffffffff-1G:AU"},
		"a critical filter":         {"S:(FL;CRTP;RP;;;WD;(@USER.a))", "S:(FL;CRSA;RP;;;WD;(@USER.a))"},
		"read-only controllers":     {"D:(D;;CR;;;RO)", "D:(D;;CR;;;S-1-5-21-7-8-9-498)"},
		"enterprise administrators": {"O:EAG:SA", "O:S-1-5-21-7-8-9-519G:S-1-5-21-7-8-9-518"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ParseSDDLIn(c.text, home, root)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.SDDL(); got != c.want {
				t.Errorf("%s\nis not %s", got, c.want)
			}
		})
	}
}

func TestParseSDDLRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		code reason.Code
		word string // of its arguments
	}{
		"no part":                      {"hello", reason.SDDLPart, "hello"},
		"another part":                 {"O:SYX:", reason.SDDLPart, "X:"},
		"a part twice":                 {"D:P D:AI", reason.SDDLTwice, "D"},
		"an owner that is none":        {"O:D:P", reason.SIDMalformed, ""},
		"unknown letters":              {"O:QQ", reason.SIDMalformed, "QQ"},
		"a group of an unknown domain": {"D:(A;;RP;;;DA)", reason.SIDOfUnknownDomain, "DA"},
		"a group of an unknown root":   {"D:(A;;RP;;;EA)", reason.SIDOfUnknownDomain, "EA"},
		"flags that are none":          {"D:XX(A;;RP;;;AU)", reason.SDDLListFlags, "XX"},
		"an entry not closed":          {"D:(A;;RP;;;AU", reason.SDDLOpen, ""},
		"a string not closed":          {`D:(XA;;RP;;;AU;(@a == ")))`, reason.SDDLOpen, ""},
		"too few fields":               {"D:(A;;RP;;AU)", reason.SDDLFields, "5"},
		"the second entry is wrong":    {"D:(A;;RP;;;AU)(Q;;RP;;;AU)", reason.SDDLType, "Q"},
		"a type that is no byte":       {"D:(0x100;;;;;)", reason.SDDLType, "0x100"},
		"unknown flags":                {"D:(A;XX;RP;;;AU)", reason.SDDLFlags, "XX"},
		"half a flag":                  {"D:(A;CIO;RP;;;AU)", reason.SDDLFlags, "CIO"},
		"unknown rights":               {"D:(A;;RPXX;;;AU)", reason.SDDLRights, "RPXX"},
		"rights of too many bits":      {"D:(A;;0x1FFFFFFFF;;;AU)", reason.SDDLRights, "0x1FFFFFFFF"},
		"rights as a broken number":    {"D:(A;;0x10RP;;;AU)", reason.SDDLRights, "0x10RP"},
		"a GUID of a plain entry":      {"D:(A;;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)", reason.SDDLStrayGUID, ""},
		"a GUID that is none":          {"D:(OA;;CR;edacfd8f;;AU)", reason.GUIDMalformed, "edacfd8f"},
		"an entry for nobody":          {"D:(A;;RP;;;)", reason.SIDMalformed, ""},
		"a condition of a plain entry": {"D:(A;;RP;;;AU;(x))", reason.SDDLStrayData, "(x)"},
		"a condition of nothing":       {"D:(XA;;RP;;;AU;x)", reason.SDDLCondition, "x"},
		"two conditions":               {"D:(XA;;RP;;;AU;(x)(y))", reason.SDDLCondition, "(x)(y)"},
		"an unknown type with rights":  {"D:(0x42;;RP;;;;(#00))", reason.SDDLUnknownType, "0x42"},
		"an unknown type, no bytes":    {"D:(0x42;;;;;;(zz))", reason.SDDLUnknownType, ""},
		"entries of a NULL list":       {"D:NO_ACCESS_CONTROL(A;;RP;;;AU)", reason.SDDLNull, "NO_ACCESS_CONTROL"},
		"too long":                     {strings.Repeat(" ", maxSDDL+1), reason.SDDLTooLong, "2097152"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseSDDL(c.text, "")
			why := reason.Of(err)
			if !why.Has(reason.SDDLUnreadable, reason.SDDLTooLong) || !says(why, c.code, c.word) {
				t.Errorf("%s\nis not ... %s %s", why.Key(), c.code, c.word)
			}
			catalogtest.Complete(t, why)
		})
	}
}

// says reports whether a list has a reason of a code, or rests on one, that has a
// word among its arguments; "" is any.
func says(l reason.List, code reason.Code, word string) bool {
	return slices.ContainsFunc(slices.Collect(l.All), func(r reason.Reason) bool {
		return r.Is(code) && (word == "" || slices.ContainsFunc(r.Args, func(a reason.Arg) bool { return slices.Contains(r.Words(a.Name), word) }))
	})
}
