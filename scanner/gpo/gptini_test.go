package gpo

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

func TestINI(t *testing.T) {
	const plain = "[General]\r\nVersion=65545\r\n"
	wide := func(order func(lo, hi byte) []byte, s string) string {
		var b []byte
		for _, c := range []byte(s) {
			b = append(b, order(c, 0)...)
		}
		return string(b)
	}
	little := func(lo, hi byte) []byte { return []byte{lo, hi} }
	big := func(lo, hi byte) []byte { return []byte{hi, lo} }
	for _, c := range []struct {
		name, file string
		want       uint32
		err        reason.List
	}{
		{"as Windows writes it", plain, 65545, nil},
		{"with a name beyond ASCII", "[General]\r\ndisplayName=Gr\xfc\xdfe\r\nVersion=1\r\n", 1, nil},
		{"a zero", "[General]\nVersion=0", 0, nil},
		{"any case and blanks", "; gpt\n\n [ GENERAL ] \n version = 7 \n", 7, nil},
		{"CR alone", "[General]\rVersion=7\r", 7, nil},
		{"other sections", "[Other]\nVersion=1\n[General]\nVersion=2\n[More]\nVersion=3\n", 2, nil},
		{"the largest", "[General]\nVersion=4294967295", 0xFFFFFFFF, nil},
		{"with a sign", "[General]\nVersion=-65536", 0xFFFF0000, nil},
		{"twice the same", "[General]\nVersion=2\nVersion=2\n", 2, nil},
		{"UTF-8", "\xef\xbb\xbf" + plain, 65545, nil},
		{"UTF-16", "\xff\xfe" + wide(little, plain), 65545, nil},
		{"UTF-16, big-endian", "\xfe\xff" + wide(big, plain), 65545, nil},

		{"empty", "", 0, reason.One(reason.FileEmpty)},
		{"Git LFS", "version https://git-lfs.github.com/spec/v1\n", 0, reason.One(reason.FilePointer)},
		{"no section", "Version=1\n", 0, reason.One(reason.INIWithoutGeneral)},
		{"UTF-16 without a mark", wide(little, plain), 0, reason.One(reason.INIWithoutGeneral)},
		{"another section", "[Generals]\nVersion=1\n", 0, reason.One(reason.INIWithoutGeneral)},
		{"no version", "[General]\ndisplayName=x\n", 0, reason.One(reason.INIWithoutVersion)},
		{"a version elsewhere", "[General]\n[Other]\nVersion=1\n", 0, reason.One(reason.INIWithoutVersion)},
		{"a version that is none", "[General]\r\nVersion=one\r\n", 0, reason.One(reason.INIVersion, "line", 2, "why", reason.New(reason.NotANumber, "field", "Version", "value", "one", "bits", 32))},
		{"an empty one", "[General]\nVersion=\n", 0, reason.One(reason.INIVersion, "line", 2, "why", reason.New(reason.NotANumber, "field", "Version", "value", "", "bits", 32))},
		{"a hexadecimal one", "[General]\nVersion=0x10\n", 0, reason.One(reason.INIVersion, "line", 2, "why", reason.New(reason.NotANumber, "field", "Version", "value", "0x10", "bits", 32))},
		{"too large", "[General]\nVersion=4294967296\n", 0, reason.One(reason.INIVersion, "line", 2, "why", reason.New(reason.NotANumber, "field", "Version", "value", "4294967296", "bits", 32))},
		{"two versions", "[General]\nVersion=1\nVersion=2\n", 0, reason.One(reason.INIVersions, "line", 3, "found", "2", "other", "1", "other-line", 2)},
		{"5 MB", strings.Repeat("x", 5<<20), 0, reason.One(reason.FileTooLarge, "size", 5<<20, "most", 1<<20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := ParseINI([]byte(c.file)); got != c.want || !reason.Of(err).Equal(c.err) {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	for s, want := range map[string]uint32{"65537": 0x10001, " 1 ": 1, "-1": 0xFFFFFFFF, "-2147483648": 0x80000000, "4294967295": 0xFFFFFFFF} {
		if got, err := ParseVersion(s); got != want || err != nil {
			t.Errorf("%q: %d, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "x", "1.0", "4294967296", "-2147483649"} {
		if _, err := ParseVersion(s); err == nil {
			t.Errorf("%q is read", s)
		}
	}
}

// FuzzINI: no file makes the reader panic, and what it reads is in the file.
func FuzzINI(f *testing.F) {
	f.Add([]byte("[General]\r\nVersion=65545\r\n"))
	f.Add([]byte("\xff\xfe[\x00G\x00"))
	f.Add([]byte("\xfe\xff\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := ParseINI(file); err == nil && !strings.Contains(strings.ToLower(strings.ReplaceAll(string(file), "\x00", "")), "version") {
			t.Fatalf("%q has no version", file)
		}
	})
}
