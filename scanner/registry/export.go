package registry

import (
	"iter"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// LineError is a line of an export that cannot be read. Its reason holds none of
// the line: one that is damaged may be half of a preshared key.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return e.Err.Error() }

// Unwrap is what is wrong in the line.
func (e *LineError) Unwrap() error { return e.Err }

// Change is one line of an export: what it does to a registry.
type Change struct {
	Kind  ChangeKind
	Value Value // of a key its Key alone; of a value all but its Key
}

// ChangeKind is what a [Change] does.
type ChangeKind int

// The kinds of changes.
const (
	KeyOpened    ChangeKind = iota // what follows is in this key
	KeyRemoved                     // with all below it; what follows until the next key is in none
	ValueSet                       //
	ValueRemoved                   // of its name
)

// ParseExport yields what a file of reg export does, line by line, and with the
// last pair a [*LineError] where it is broken. Of version 4, ansi is set: then
// hex(2) and hex(7) are text of one octet a character; later they are UTF-16.
func ParseExport(text string, ansi bool) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		s := &scan{rest: text, line: 1, ansi: ansi}
		s.space("\r\n ")
		s.skipLine() // the version
		inKey := false
		for s.space(" \t\r\n"); s.rest != ""; s.space(" \t\r\n") {
			at := s.line
			if s.rest[0] == ';' {
				s.skipLine()
				continue
			}
			c, err := s.change(inKey)
			if err != nil {
				yield(Change{}, &LineError{Line: at, Err: err})
				return
			}
			if inKey = true; !yield(c, nil) {
				return
			}
		}
	}
}

// scan reads the text of a reg export from its start to its end.
type scan struct {
	rest string
	line int
	ansi bool
}

// change reads a key or a value.
func (s *scan) change(inKey bool) (Change, error) {
	switch s.rest[0] {
	case '[':
		return s.key()
	case '"', '@':
		if !inKey {
			return Change{}, reason.Fail(reason.ExportValueAlone)
		}
		return s.value()
	}
	return Change{}, reason.Fail(reason.ExportNeither)
}

// take removes the next n octets.
func (s *scan) take(n int) string {
	out := s.rest[:n]
	s.rest = s.rest[n:]
	s.line += strings.Count(out, "\n")
	return out
}

// space passes over characters of a set.
func (s *scan) space(set string) { s.take(len(s.rest) - len(strings.TrimLeft(s.rest, set))) }

// peekLine is the rest of the line, without its end.
func (s *scan) peekLine() string {
	line, _, _ := strings.Cut(s.rest, "\n")
	return strings.TrimRight(line, "\r \t")
}

func (s *scan) skipLine() {
	if i := strings.IndexByte(s.rest, '\n'); i >= 0 {
		s.take(i + 1)
		return
	}
	s.take(len(s.rest))
}

// end wants nothing more in the line but a comment.
func (s *scan) end() error {
	if rest := strings.TrimLeft(s.peekLine(), " \t"); rest != "" && rest[0] != ';' {
		return reason.Fail(reason.ExportTrailing)
	}
	s.skipLine()
	return nil
}

// key reads [KEY], or [-KEY], which removes it.
func (s *scan) key() (Change, error) {
	line := s.peekLine()
	if !strings.HasSuffix(line, "]") {
		return Change{}, reason.Fail(reason.ExportBracket)
	}
	s.skipLine()
	name := line[1 : len(line)-1]
	if gone, ok := strings.CutPrefix(name, "-"); ok {
		return Change{KeyRemoved, Value{Key: gone}}, nil
	}
	return Change{KeyOpened, Value{Key: name}}, nil
}

// value reads NAME=DATA.
func (s *scan) value() (Change, error) {
	name := ""
	if s.rest[0] == '@' {
		s.take(1)
	} else {
		var err error
		if name, err = s.quoted(); err != nil {
			return Change{}, err
		}
	}
	s.space(" \t")
	if !strings.HasPrefix(s.rest, "=") {
		return Change{}, reason.Fail(reason.ExportEquals)
	}
	s.take(1)
	s.space(" \t")
	v, gone, err := s.data(name)
	if err != nil {
		return Change{}, reason.Wrap(err, reason.ExportValue, "value", clip(name), "why", reason.Of(err))
	}
	if err := s.end(); err != nil {
		return Change{}, err
	}
	if gone {
		return Change{ValueRemoved, Value{Name: name}}, nil
	}
	return Change{ValueSet, v}, nil
}

// quoted reads a text in quotes, in which a backslash stands before a quote or
// another one. It may go over lines.
func (s *scan) quoted() (string, error) {
	var b strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; c {
		case '"':
			s.take(i + 1)
			return b.String(), nil
		case '\\':
			if i++; i == len(s.rest) || s.rest[i] != '"' && s.rest[i] != '\\' {
				return "", reason.Fail(reason.ExportBackslash)
			}
			b.WriteByte(s.rest[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", reason.Fail(reason.ExportQuote)
}

// data reads what is behind the =; gone is a value that is deleted.
func (s *scan) data(name string) (v Value, gone bool, err error) {
	low := strings.ToLower(s.rest[:min(len(s.rest), 16)])
	switch {
	case strings.HasPrefix(low, `"`):
		text, err := s.quoted()
		text, _, _ = strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\x00")
		return NewText("", name, text), false, err
	case strings.HasPrefix(low, "-"):
		s.take(1)
		return v, true, nil
	case strings.HasPrefix(low, "dword:"):
		s.take(len("dword:"))
		digits := s.digits()
		n, err := strconv.ParseUint(digits, 16, 32)
		if err != nil {
			return v, false, reason.Fail(reason.ExportNumber)
		}
		return NewDWord("", name, uint32(n)), false, nil
	case strings.HasPrefix(low, "hex"):
		s.take(len("hex"))
		kind, err := s.kind()
		if err != nil {
			return v, false, err
		}
		octets, err := s.octets()
		if s.ansi && (kind == 1 || kind == 2 || kind == 6 || kind == 7) {
			octets = widen(octets)
		}
		return NewValue("", name, kind, octets), false, err
	}
	return v, false, reason.Fail(reason.ExportForm)
}

func (s *scan) digits() string {
	n := 0
	for n < len(s.rest) && strings.IndexByte("0123456789abcdefABCDEF", s.rest[n]) >= 0 {
		n++
	}
	return s.take(n)
}

// kind reads the type of the data: nothing for binary, or (N) in hex.
func (s *scan) kind() (uint32, error) {
	kind := uint64(3)
	if strings.HasPrefix(s.rest, "(") {
		s.take(1)
		var err error
		digits := s.digits()
		if kind, err = strconv.ParseUint(digits, 16, 32); err != nil || !strings.HasPrefix(s.rest, ")") {
			return 0, reason.Fail(reason.ExportType)
		}
		s.take(1)
	}
	if !strings.HasPrefix(s.rest, ":") {
		return 0, reason.Fail(reason.ExportColon)
	}
	s.take(1)
	return uint32(kind), nil
}

// octets reads 00,ff,..., which goes on in the next line behind a backslash.
func (s *scan) octets() ([]byte, error) {
	var out []byte
	for {
		s.space(" \t")
		switch {
		case strings.HasPrefix(s.rest, "\\\r\n"), strings.HasPrefix(s.rest, "\\\n"):
			s.skipLine()
			continue
		case strings.HasPrefix(s.rest, ","):
			s.take(1)
			continue
		}
		digits := s.digits()
		if digits == "" {
			return out, nil
		}
		n, err := strconv.ParseUint(digits, 16, 8)
		if err != nil || len(digits) > 2 {
			return nil, reason.Fail(reason.ExportOctets)
		}
		out = append(out, byte(n))
	}
}

// widen makes UTF-16 of ASCII; other characters are not known.
func widen(b []byte) []byte {
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		if c < 0x80 {
			out = append(out, c, 0)
		} else {
			out = append(out, 0xfd, 0xff)
		}
	}
	return out
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}
