package pol

import (
	"unicode"
	"unicode/utf16"
)

// Below says whether the record's key is the given one or below it, whatever
// the case. Every key is below "".
func (r Record) Below(key string) bool {
	rest, ok := cutFold(r.Key, key)
	return ok && (key == "" || len(rest) == 0 || rest[0] == '\\' && rest[1] == 0)
}

// named says whether the record's value or directive has a name, whatever the
// case.
func (r Record) named(name string) bool {
	rest, ok := cutFold(r.Name, name)
	return ok && len(rest) == 0
}

// cutFold returns what follows a prefix in UTF-16 text, without regard to case.
func cutFold(text []byte, prefix string) (rest []byte, ok bool) {
	for _, want := range prefix {
		units, n := [2]rune{want}, 1
		if want > 0xFFFF {
			units[0], units[1] = utf16.EncodeRune(want)
			n = 2
		}
		for _, u := range units[:n] {
			if len(text) < 2 || !equalFold(rune(text[0])|rune(text[1])<<8, u) {
				return nil, false
			}
			text = text[2:]
		}
	}
	return text, true
}

// equalFold compares two UTF-16 code units as the registry does: each by its
// upper case. No letter beyond ASCII is equal to one of ASCII.
func equalFold(a, b rune) bool {
	if a == b {
		return true
	}
	if a < 0x80 || b < 0x80 {
		const letters = 'a' - 'A'
		low := a | letters
		return a < 0x80 && b < 0x80 && low == b|letters && 'a' <= low && low <= 'z'
	}
	return unicode.ToUpper(a) == unicode.ToUpper(b)
}
