package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from anywhere fit for one line of any report: terminal
// sequences go whole, line ends and tabs become a space, and what moves the
// cursor, reorders the line or cannot be seen (C0, C1, bidirectional and
// zero-width controls, noncharacters) goes. Bytes that are no UTF-8 become
// U+FFFD. Cleaning twice changes nothing.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == escape || r == csi || r == osc {
			i += sequence(s[i:])
			continue
		}
		i += n
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case unseen(r):
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// CleanLines splits text at its line ends and cleans every line; empty lines
// go. It is for what is meant to have lines, such as a remedy.
func CleanLines(s string) []string {
	var lines []string
	for l := range strings.Lines(s) {
		if l = Clean(l); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// Introducers of terminal sequences (ECMA-48 5.3, 5.4, 5.6).
const (
	escape = '\u001b'
	csi    = '\u009b'
	osc    = '\u009d'
)

// plain reports whether s is printable ASCII without a blank at either end.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s == "" || s[0] != ' ' && s[len(s)-1] != ' '
}

// unseen reports whether a rune does something other than show itself.
func unseen(r rune) bool {
	switch {
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
		return true
	case unicode.Is(unicode.Noncharacter_Code_Point, r), unicode.Is(unicode.Variation_Selector, r):
		return true
	case unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return true
	}
	return false
}

// longestSequence bounds the search for the end of a sequence, so that text
// full of introducers does not take time with the square of its length.
const longestSequence = 1024

// sequence returns the length of the terminal sequence s begins with. One that
// does not end is only its introducer, so that the text behind it stays.
func sequence(s string) int {
	s = s[:min(len(s), longestSequence)]
	intro, n := utf8.DecodeRuneInString(s)
	if intro == escape {
		if n == len(s) {
			return n
		}
		switch s[n] {
		case '[':
			intro = csi
		case ']', 'P', 'X', '^', '_':
			intro = osc
		default:
			if s[n] >= ' ' && s[n] <= '~' {
				return n + 1
			}
			return n
		}
		n++
	}
	if intro == csi {
		for i := n; i < len(s); i++ {
			switch c := s[i]; {
			case c >= '@' && c <= '~':
				return i + 1
			case c < ' ' || c > '?':
				return n
			}
		}
		return n
	}
	for i := n; i < len(s); i++ {
		switch {
		case s[i] == '\a':
			return i + 1
		case strings.HasPrefix(s[i:], "\u001b\\"), strings.HasPrefix(s[i:], "\u009c"):
			return i + 2
		case s[i] == '\n':
			return n
		}
	}
	return n
}
