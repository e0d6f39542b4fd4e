package gpo

import (
	"fmt"
	"strings"
)

// SyntaxError is one part of an attribute or a file that cannot be read.
type SyntaxError struct {
	In     string // the attribute or the file: "gPLink"
	Offset int    // in octets
	Text   string // what is wrong
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d: %s", e.In, e.Offset, e.Text) }

// SyntaxErrors are all such parts of one attribute.
type SyntaxErrors []*SyntaxError

// printed bounds how many of them are printed.
const printed = 5

func (all SyntaxErrors) Error() string {
	var texts []string
	for _, e := range all[:min(len(all), printed)] {
		texts = append(texts, e.Error())
	}
	if more := len(all) - printed; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// Unwrap is for [errors.As].
func (all SyntaxErrors) Unwrap() []error {
	errs := make([]error, len(all))
	for i, e := range all {
		errs[i] = e
	}
	return errs
}

func (all *SyntaxErrors) add(in string, offset int, format string, args ...any) {
	*all = append(*all, &SyntaxError{In: in, Offset: offset, Text: fmt.Sprintf(format, args...)})
}

// err is nil for none.
func (all SyntaxErrors) err() error {
	if len(all) == 0 {
		return nil
	}
	return all
}

// part is what stands between two brackets, and where.
type part struct {
	at   int // of the bracket
	text string
}

// brackets splits "[a][b]" and tells of what is outside of the brackets.
// Blanks are nothing: an attribute that was emptied is a single blank.
func brackets(in, s string, bad *SyntaxErrors) []part {
	var all []part
	for at := 0; at < len(s); {
		open := strings.IndexByte(s[at:], '[')
		outside := s[at:]
		if open >= 0 {
			outside = outside[:open]
		}
		if strings.TrimSpace(outside) != "" {
			bad.add(in, at, "%s is not in brackets", quote(outside))
		}
		if open < 0 {
			break
		}
		start := at + open
		length := strings.IndexAny(s[start+1:], "[]")
		if length < 0 || s[start+1+length] == '[' {
			text := s[start:]
			if length >= 0 {
				text = text[:1+length]
			}
			bad.add(in, start, "the bracket of %s is not closed", quote(text))
			at = start + len(text)
			continue
		}
		all = append(all, part{start, s[start+1 : start+1+length]})
		at = start + 1 + length + 1
	}
	return all
}

// quote prints foreign text, as much as a sentence has room for.
func quote(s string) string {
	const room = 120
	if len(s) > room {
		return fmt.Sprintf("%q...", strings.ToValidUTF8(s[:room], ""))
	}
	return fmt.Sprintf("%q", s)
}

// guid returns "{GUID}" in upper case, "" where s is none.
func guid(s string) string {
	s = strings.TrimSpace(s)
	if len(s) != 38 || s[0] != '{' || s[37] != '}' {
		return ""
	}
	for i, c := range []byte(s[1:37]) {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return ""
			}
		default:
			if !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
				return ""
			}
		}
	}
	return strings.ToUpper(s)
}
