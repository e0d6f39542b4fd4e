package registry

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The types of registry values, by their numbers ([MS-RRP] 3.1.1.5).
var registryTypes = [...]string{
	0: "REG_NONE", 1: "REG_SZ", 2: "REG_EXPAND_SZ", 3: "REG_BINARY", 4: "REG_DWORD",
	5: "REG_DWORD_BIG_ENDIAN", 6: "REG_LINK", 7: "REG_MULTI_SZ", 11: "REG_QWORD",
}

// Value is one value of the Windows registry. Name is empty for a key's default
// value; a key without values appears with Type "".
type Value struct {
	Key  string `json:"key"` // full path, HKEY_LOCAL_MACHINE\...
	Name string `json:"name"`
	Type string `json:"type"` // REG_SZ, REG_DWORD, ...
	Data string `json:"data"` // as reg.exe prints it; of a preshared key what is left of it
}

// NewValue is a value with the type and the data as reg.exe prints
// them: text up to its first NUL, several texts with \0 between them, numbers
// as 0x21a, and whatever has not the size of its type in hex.
func NewValue(key, name string, kind uint32, data []byte) Value {
	v := Value{Key: key, Name: name}
	if int64(kind) < int64(len(registryTypes)) {
		v.Type = registryTypes[kind]
	}
	if v.Type == "" {
		v.Type = fmt.Sprintf("%#x", kind)
	}
	switch {
	case kind == 1 || kind == 2 || kind == 6:
		v.Data = Text(data)
	case kind == 7:
		v.Data = strings.ReplaceAll(strings.TrimRight(UTF16(data), "\x00"), "\x00", between)
	case kind == 4 && len(data) == 4:
		v.Data = fmt.Sprintf("%#x", binary.LittleEndian.Uint32(data))
	case kind == 5 && len(data) == 4:
		v.Data = fmt.Sprintf("%#x", binary.BigEndian.Uint32(data))
	case kind == 11 && len(data) == 8:
		v.Data = fmt.Sprintf("%#x", binary.LittleEndian.Uint64(data))
	default:
		v.Data = fmt.Sprintf("%X", data)
	}
	return v
}

// Text reads text in UTF-16, little-endian, up to its first NUL.
func Text(b []byte) string {
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return UTF16(b[:i])
		}
	}
	return UTF16(b)
}

// UTF16 reads text in UTF-16, little-endian. Halves of a surrogate pair become
// U+FFFD; an odd last octet is left out.
func UTF16(b []byte) string {
	if s, ok := ascii16(b); ok {
		return s
	}
	out := make([]byte, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(binary.LittleEndian.Uint16(b[i:]))
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
			continue
		}
		if utf16.IsSurrogate(r) {
			var low rune
			if i+3 < len(b) {
				low = rune(binary.LittleEndian.Uint16(b[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// ascii16 reads UTF-16 that is ASCII alone, as nearly all of it in policies is:
// four characters at a time, into the string at once.
func ascii16(b []byte) (string, bool) {
	const beyond = 0xFF80FF80FF80FF80
	var (
		out   strings.Builder
		chunk [256]byte
		n     int
	)
	out.Grow(len(b) / 2)
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		if x&beyond != 0 {
			return "", false
		}
		x = (x | x>>8) & 0x0000FFFF0000FFFF
		binary.LittleEndian.PutUint32(chunk[n:], uint32(x|x>>16))
		if n += 4; n == len(chunk) {
			out.Write(chunk[:])
			n = 0
		}
	}
	for ; len(b) >= 2; b = b[2:] {
		if b[0] >= utf8.RuneSelf || b[1] != 0 {
			return "", false
		}
		chunk[n] = b[0]
		n++
		if n == len(chunk) {
			out.Write(chunk[:])
			n = 0
		}
	}
	out.Write(chunk[:n])
	return out.String(), true
}
