package wql

import "unicode"

// pattern is what LIKE compares with, [MS-WMI] 2.2.1.1: % any characters, _
// one, [...] one of a set.
type pattern []step

// step matches one character, or, where any is set, any number of them.
type step struct {
	any    bool
	negate bool
	sets   []runeRange // none matches every character
}

// runeRange is a range of characters in lower case, both ends included.
type runeRange struct{ first, last rune }

func (s step) matches(r rune) bool {
	if len(s.sets) == 0 {
		return true
	}
	for _, in := range s.sets {
		if r >= in.first && r <= in.last {
			return !s.negate
		}
	}
	return s.negate
}

// newPattern reads a pattern. A part of which the specification says nothing is bad.
func newPattern(text string) (out pattern, bad string) {
	runes := lower(text)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case '%':
			out = append(out, step{any: true})
		case '_':
			out = append(out, step{})
		case '[':
			end := i + 1
			for end < len(runes) && runes[end] != ']' {
				end++
			}
			if end == len(runes) {
				return nil, string(runes[i:])
			}
			s, ok := newSet(runes[i+1 : end])
			if !ok {
				return nil, string(runes[i : end+1])
			}
			out = append(out, s)
			i = end
		default:
			out = append(out, step{sets: []runeRange{{r, r}}})
		}
	}
	return out, ""
}

// newSet reads what stands between [ and ], if it is a set.
func newSet(in []rune) (s step, ok bool) {
	if len(in) == 0 {
		return s, false
	}
	if len(in) > 1 && in[0] == '^' {
		s.negate, in = true, in[1:]
	}
	for i := 0; i < len(in); i++ {
		// [^] is the caret itself; what one further on means is not said.
		if in[i] == '^' && (s.negate || len(in) > 1) {
			return s, false
		}
		if i+2 < len(in) && (in[i+1] == '-' || in[i+1] == '=') {
			// Backwards, or of letters and others, where blindness to case has no meaning.
			if in[i] > in[i+2] || unicode.IsLetter(in[i]) != unicode.IsLetter(in[i+2]) {
				return s, false
			}
			s.sets = append(s.sets, runeRange{in[i], in[i+2]})
			i += 2
			continue
		}
		s.sets = append(s.sets, runeRange{in[i], in[i]})
	}
	return s, true
}

// matches reports whether the whole text is like the pattern.
func (p pattern) matches(text string) bool {
	runes := lower(text)
	at, from := 0, 0
	back, backFrom := -1, 0 // after the last %, and what it has taken so far
	for from < len(runes) {
		switch {
		case at < len(p) && p[at].any:
			at++
			back, backFrom = at, from
		case at < len(p) && p[at].matches(runes[from]):
			at++
			from++
		case back >= 0:
			backFrom++
			at, from = back, backFrom
		default:
			return false
		}
	}
	for at < len(p) && p[at].any {
		at++
	}
	return at == len(p)
}

// lower is text for a comparison that is blind to case.
func lower(text string) []rune {
	runes := []rune(text)
	for i, r := range runes {
		runes[i] = unicode.ToLower(r)
	}
	return runes
}
