package registry

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// wide is a text in UTF-16.
func wide(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// FuzzUTF16: the reader and the one of the standard library agree, and so do the
// search for a NUL and one that looks at each unit.
func FuzzUTF16(f *testing.F) {
	f.Add([]byte("a\x00\xe4\x00\xac\x20"))
	f.Add([]byte("\x3d\xd8\x00\xde\x3d\xd8"))
	f.Add([]byte("\x00\xde\x3d\xd8\x3d\xd8\x00\xde\x00"))
	for n := range 4 { // a pair over the end of a part, and texts that are longer in UTF-8
		f.Add(wide(strings.Repeat("a", 254+n) + "\U0001F600" + strings.Repeat("\u20ac", 300)))
	}
	f.Add(wide("a\u0100\x00b"))
	f.Add(wide("abcdefgh\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		units := make([]uint16, len(b)/2)
		if err := binary.Read(bytes.NewReader(b), binary.LittleEndian, units); err != nil {
			t.Fatal(err)
		}
		want := string(utf16.Decode(units))
		if got := UTF16(b); got != want {
			t.Fatalf("%x: %q, want %q", b, got, want)
		}
		if got := string(AppendUTF16([]byte("x"), b)); got != "x"+want {
			t.Fatalf("%x behind x: %q, want %q", b, got, want)
		}
		nul := -1
		for i, u := range units {
			if u == 0 {
				nul = 2 * i
				break
			}
		}
		if got := IndexNUL(b); got != nul {
			t.Fatalf("%x: NUL at %d, want %d", b, got, nul)
		}
	})
}
