package registry

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// UTF16 reads text in UTF-16, little-endian. Halves of a surrogate pair become
// U+FFFD; an odd last octet is left out.
func UTF16(b []byte) string {
	const octets = 512
	var (
		out  strings.Builder
		part [octets / 2 * 3]byte // three octets of UTF-8 at most for a unit
	)
	out.Grow(len(b) / 2)
	for len(b) > 0 {
		n := min(len(b), octets)
		if n < len(b) && unit(b[n-2:])&^0x3FF == 0xD800 {
			n -= 2 // the other half of a pair may follow
		}
		out.Write(AppendUTF16(part[:0], b[:n]))
		b = b[n:]
	}
	return out.String()
}

// Text is [UTF16] up to the first NUL.
func Text(b []byte) string { return UTF16(untilNUL(b)) }

func untilNUL(b []byte) []byte {
	if i := IndexNUL(b); i >= 0 {
		return b[:i]
	}
	return b
}

// IndexNUL is where the first NUL of text in UTF-16 stands, -1 without one. It
// looks at four units at a time.
func IndexNUL(b []byte) int {
	const (
		ones  = 0x0001000100010001
		highs = 0x8000800080008000
	)
	i := 0
	for ; len(b)-i >= 8; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		if zero := (x - ones) &^ x & highs; zero != 0 {
			return i + bits.TrailingZeros64(zero)/16*2
		}
	}
	for ; len(b)-i >= 2; i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return i
		}
	}
	return -1
}

// AppendUTF16 appends what [UTF16] reads, in UTF-8.
func AppendUTF16(to, b []byte) []byte {
	to = slices.Grow(to, len(b)/2)
	for len(b) >= 2 {
		n := 0
		to, n = appendASCII(to, b)
		for b = b[n:]; len(b) >= 2 && unit(b) >= utf8.RuneSelf; b = b[2:] {
			r := unit(b)
			if utf16.IsSurrogate(r) {
				var low rune
				if len(b) >= 4 {
					low = unit(b[2:])
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					b = b[2:]
				}
			}
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// appendASCII appends the ASCII that b begins with, and returns how many octets of
// b that is. Most text is ASCII: it is read four units at a time.
func appendASCII(to, b []byte) (longer []byte, n int) {
	const beyond = 0xFF80FF80FF80FF80
	to = slices.Grow(to, len(b)/2)
	out := to[len(to) : len(to)+len(b)/2]
	for ; len(b)-n >= 8; n += 8 {
		x := binary.LittleEndian.Uint64(b[n:])
		if x&beyond != 0 {
			break
		}
		x = (x | x>>8) & 0x0000FFFF0000FFFF
		binary.LittleEndian.PutUint32(out[n/2:], uint32(x|x>>16))
	}
	for ; len(b)-n >= 2 && b[n] < utf8.RuneSelf && b[n+1] == 0; n += 2 {
		out[n/2] = b[n]
	}
	return to[:len(to)+n/2], n
}

// unit is the first one of text in UTF-16.
func unit(b []byte) rune { return rune(binary.LittleEndian.Uint16(b)) }
