package pol

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

const firewall = `Software\Policies\Microsoft\WindowsFirewall`

func TestMinimalFile(t *testing.T) {
	file := unhex(t, minimal)
	all, err := decode(file)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	r := all[0]
	if registry.UTF16(r.Key) != `SOFTWARE\Policies\Microsoft\WindowsFirewall` || registry.UTF16(r.Name) != "PolicyVersion" ||
		r.Type != 4 || !bytes.Equal(r.Data, dword(0x200)) || r.Offset != 8 {
		t.Errorf("%+v", r)
	}
	if cap(r.Key) != len(r.Key) || cap(r.Name) != len(r.Name) || cap(r.Data) != len(r.Data) {
		t.Error("an append to a part of a record would write into the file")
	}
	if !bytes.Equal(encode(all...), file) {
		t.Error("encoded again it is another file")
	}
}

func TestFilesThatAreRight(t *testing.T) {
	for name, records := range map[string][]Record{
		"none":                     nil,
		"delimiters in data":       {rec("a", "b", 3, []byte("];[\x00]\x00;\x00[\x00\x00\x00]")), rec("a", "c", 4, dword(1))},
		"delimiters in names":      {rec(`a;b[c]`, `d;[e]`, 1, text(";]["))},
		"odd size":                 {rec("a", "b", 3, []byte{1, 2, 3}), rec("a", "c", 3, []byte{1})},
		"text without NUL":         {rec("a", "b", 1, wide("x"))},
		"text with two NULs":       {rec("a", "b", 1, text("x\x00"))},
		"no data":                  {rec("a", "b", 3, nil)},
		"a key and nothing else":   {rec("a", "", 0, nil), rec("b", "", 0, nil)},
		"a type nobody knows":      {rec("a", "b", 0xFFFFFFFF, []byte("x"))},
		"names beyond ASCII":       {rec("Größe", "名前", 1, text("😀"))},
		"5 MB of data":             {rec("a", "b", 1, bytes.Repeat(wide("x"), 5<<19)), rec("a", "c", 4, dword(1))},
		"a tab at the end":         {rec("a", "b\t", 4, dword(1))},
		"a type's number in names": {rec("a\x04", "b\x04", 4, dword(1))},
	} {
		t.Run(name, func(t *testing.T) {
			file := encode(records...)
			all, err := decode(file)
			if err != nil || len(all) != len(records) {
				t.Fatalf("%d records, %v", len(all), err)
			}
			if !bytes.Equal(encode(all...), file) {
				t.Error("encoded again it is another file")
			}
			for i, r := range all {
				if !bytes.HasPrefix(file[r.Offset:], encode(r)[headerSize:]) {
					t.Errorf("record %d is not at byte %#x", i, r.Offset)
				}
			}
		})
	}
}

// two has its second record at byte 0x28: the key at 0x2A, the name at 0x30,
// the type at 0x36, the size at 0x3C, the data at 0x42, the end at 0x48.
var two = encode(rec("k", "v", 4, dword(1)), rec("k", "w", 1, text("x")))

// with has other octets from byte at.
func with(at int, octets string) []byte {
	file := slices.Clone(two)
	copy(file[at:], octets)
	return file
}

// without lacks the two octets from byte at.
func without(at int) []byte { return slices.Delete(slices.Clone(two), at, at+2) }

func TestFilesThatAreBroken(t *testing.T) {
	for _, c := range []struct {
		name    string
		file    []byte
		why     reason.Reason
		offset  int
		records int
	}{
		{"empty", nil, reason.New(reason.FileEmpty), 0x0, 0},
		{"header cut in the signature", two[:3], reason.New(reason.PolHeader, "octets", 3, "want", 8), 0x3, 0},
		{"header cut in the version", two[:7], reason.New(reason.PolHeader, "octets", 7, "want", 8), 0x7, 0},
		{"signature", with(0, "Preg"), reason.New(reason.PolSignature, "signature", "Preg"), 0x0, 0},
		{"short signature", []byte("No"), reason.New(reason.PolSignature, "signature", "No"), 0x0, 0},
		{"version", with(4, "\x02"), reason.New(reason.PolVersion, "version", 2, "want", 1), 0x4, 0},
		{"version in another order", with(4, "\x00\x00\x00\x01"), reason.New(reason.PolVersion, "version", 16777216, "want", 1), 0x4, 0},
		{"UTF-8 mark", append([]byte("\xef\xbb\xbf"), two...), reason.New(reason.PolMark), 0x0, 0},
		{"UTF-16 mark", append([]byte("\xff\xfe"), two...), reason.New(reason.PolMark), 0x0, 0},
		{"Git LFS", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), reason.New(reason.FilePointer), 0x0, 0},

		{"cut in the last delimiter", two[:0x47], reason.New(reason.PolCutAfter, "field", "data"), 0x46, 1},
		{"cut before the last delimiter", two[:0x46], reason.New(reason.PolCutAfter, "field", "data"), 0x46, 1},
		{"cut in the data", two[:0x45], reason.New(reason.PolSize), 0x3C, 1},
		{"cut after the size", two[:0x40], reason.New(reason.PolCutAfter, "field", "size"), 0x40, 1},
		{"cut in the size", two[:0x3F], reason.New(reason.PolCutIn, "field", "size"), 0x3C, 1},
		{"cut in the type", two[:0x37], reason.New(reason.PolCutIn, "field", "type"), 0x36, 1},
		{"cut in the name", two[:0x32], reason.New(reason.PolNUL, "field", "value's name"), 0x30, 1},
		{"cut in the key", two[:0x2C], reason.New(reason.PolNUL, "field", "key"), 0x2A, 1},
		{"cut after the key", two[:0x2E], reason.New(reason.PolCutAfter, "field", "key"), 0x2E, 1},

		{"size past the end", with(0x3C, "\x07"), reason.New(reason.PolSize), 0x3C, 1},
		{"size of 4 GB", with(0x3C, "\xff\xff\xff\xff"), reason.New(reason.PolSize), 0x3C, 1},
		{"size of a record and a half", with(0x1C, "\x14"), reason.New(reason.PolDelimiter, "delimiter", "]", "field", "data"), 0x36, 0},
		{"size too small", with(0x3C, "\x02"), reason.New(reason.PolDelimiter, "delimiter", "]", "field", "data"), 0x44, 1},

		{"no NUL after the key", without(0x2C), reason.New(reason.PolNUL, "field", "key"), 0x2A, 1},
		{"no NUL after the name", without(0x32), reason.New(reason.PolNUL, "field", "value's name"), 0x30, 1},
		{"no delimiter after the key", without(0x2E), reason.New(reason.PolDelimiter, "delimiter", ";", "field", "key"), 0x2E, 1},
		{"no delimiter after the name", without(0x34), reason.New(reason.PolDelimiter, "delimiter", ";", "field", "value's name"), 0x34, 1},
		{"no delimiter after the type", without(0x3A), reason.New(reason.PolDelimiter, "delimiter", ";", "field", "type"), 0x3A, 1},
		{"no delimiter after the size", without(0x40), reason.New(reason.PolDelimiter, "delimiter", ";", "field", "size"), 0x40, 1},
		{"no delimiter after the data", without(0x26), reason.New(reason.PolDelimiter, "delimiter", "]", "field", "data"), 0x26, 0},
		{"a delimiter of one octet", slices.Delete(slices.Clone(two), 0x2F, 0x30), reason.New(reason.PolDelimiter, "delimiter", ";", "field", "key"), 0x2E, 1},
		{"no delimiter before the record", without(0x28), reason.New(reason.PolTrailing), 0x28, 1},

		{"an odd octet at the end", append(slices.Clone(two), 0), reason.New(reason.PolTrailing), 0x48, 2},
		{"NULs at the end", append(slices.Clone(two), 0, 0, 0, 0), reason.New(reason.PolTrailing), 0x48, 2},
		{"a header alone and more", append(slices.Clone(two[:8]), "x"...), reason.New(reason.PolTrailing), 0x8, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, err := decode(c.file)
			var e *Error
			if !errors.As(err, &e) || !e.Reason.Equal(c.why) || e.Offset != c.offset {
				t.Errorf("%v, want %s at %#x", err, c.why.Key(), c.offset)
			}
			if l := reason.Of(err); !c.why.Is(reason.FilePointer) && (!l.Has(reason.FileDamaged) || l[0].Number("offset") != int64(c.offset) || !l.Names(c.why.Code)) {
				t.Errorf("the error carries %s", l.Key())
			}
			if len(all) != c.records {
				t.Errorf("%d records before it, want %d", len(all), c.records)
			}
		})
	}
}

func TestNothingIsAllocated(t *testing.T) {
	n := 0
	for range Records(two) {
		n++
		break
	}
	if n != 1 {
		t.Fatal(n)
	}
	if allocated := testing.AllocsPerRun(100, func() {
		for r, err := range Records(two) {
			if err != nil || r.Below(firewall) || !r.Below("K") || !r.Below("") {
				t.Error(r, err)
			}
		}
	}); allocated > 0 {
		t.Errorf("%v allocations", allocated)
	}
}

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		key, of string
		want    bool
	}{
		{firewall, firewall, true},
		{`SOFTWARE\policies\MICROSOFT\windowsFIREWALL`, firewall, true},
		{firewall + `\ConSecRules`, firewall, true},
		{firewall + `\`, firewall, true},
		{firewall + `2`, firewall, false},
		{firewall + `2\ConSecRules`, firewall, false},
		{`Software\Policies\Microsoft`, firewall, false},
		{`Software\Policies\Microsoft\WindowsFirewal`, firewall, false},
		{`Software\Policies\Microsoft\WindowsFirewa[l`, firewall, false},
		{`Software/Policies/Microsoft/WindowsFirewall`, firewall, false},
		{"", firewall, false},
		{"", "", true},
		{"a", "", true},
		{`GRÖßE\x`, "größe", true},
		{"\u212a", "k", false},
		{"\u017f", "s", false},
		{"@", "`", false},
		{"[", "{", false},
		{"😀\\x", "😀", true},
		{"😀", "😁", false},
	} {
		if got := rec(c.key, "", 0, nil).Below(c.of); got != c.want {
			t.Errorf("%q below %q: %v", c.key, c.of, got)
		}
	}
}

// FuzzPReg: no file makes the reader panic; what was read is where it says;
// read without an error, it is the file itself once more.
func FuzzPReg(f *testing.F) {
	isolation, err := os.ReadFile(filepath.Join("testdata", "isolation.pol"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(isolation)
	f.Add(unhex(f, minimal))
	f.Add(two)
	f.Add(two[:0x45])
	f.Add(without(0x2C))
	f.Add(encode(rec(`a`, "**deletekeys", 1, text("b;c")), rec(`a\b`, "**delvals.", 1, text(" ")), rec("a", "", 0, nil)))
	f.Add([]byte("version https://git-lfs.github.com/spec/v1"))
	f.Fuzz(func(t *testing.T, file []byte) {
		all, err := decode(file)
		again := encode(all...)
		if err == nil && !bytes.Equal(again, file) {
			t.Fatalf("encoded again: %x", again)
		}
		if len(all) > 0 && !bytes.HasPrefix(file, again) {
			t.Fatalf("the records before the error are not those of the file: %x", again)
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Offset < 0 || e.Offset > len(file) || e.Reason.Code == "") {
			t.Fatalf("%#v", err)
		}
		values, records, valuesErr := Values(file, "")
		if records != len(all) || len(values) != len(all) || (valuesErr == nil) != (err == nil) {
			t.Fatalf("%d of %d records, %d values, %v", records, len(all), len(values), valuesErr)
		}
		for _, r := range all {
			if !r.Below("") {
				t.Fatalf("%q", r.Key)
			}
			r.Below(firewall)
		}
	})
}
