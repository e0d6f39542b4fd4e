package gpo

import (
	"errors"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/guid"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// faults are the parts of an attribute that cannot be read.
type faults struct {
	in    string // the attribute
	parts []error
	more  int // that are not listed
}

// listed bounds how many of them are listed.
const listed = 5

func (f *faults) add(offset int, code reason.Code, args ...any) {
	if len(f.parts) == listed {
		f.more++
		return
	}
	f.parts = append(f.parts, reason.Fail(reason.AttributePart, "in", f.in, "offset", offset, "why", reason.New(code, args...)))
}

// err is nil for none.
func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(f.parts, reason.Fail(reason.AttributeMore, "count", f.more))...)
	}
	return errors.Join(f.parts...)
}

// part is what stands between two brackets, and where.
type part struct {
	at   int // of the bracket
	text string
}

// brackets splits "[a][b]" and tells of what is outside of the brackets.
// Blanks are nothing: an attribute that was emptied is a single blank.
func (f *faults) brackets(s string) []part {
	var all []part
	for at := 0; at < len(s); {
		open := strings.IndexByte(s[at:], '[')
		outside := s[at:]
		if open >= 0 {
			outside = outside[:open]
		}
		if strings.TrimSpace(outside) != "" {
			f.add(at, reason.OutsideBrackets, "found", clip(outside))
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
			f.add(start, reason.BracketOpen, "found", clip(text))
			at = start + len(text)
			continue
		}
		all = append(all, part{start, s[start+1 : start+1+length]})
		at = start + 1 + length + 1
	}
	return all
}

// clip is foreign text, as much as a sentence has room for.
func clip(s string) string {
	const room = 120
	if len(s) > room {
		return strings.ToValidUTF8(s[:room], "") + "..."
	}
	return s
}

// guidOf returns "{GUID}" in upper case, "" where s is none.
func guidOf(s string) string {
	id, _ := guid.Canonical(strings.TrimSpace(s))
	return id
}
