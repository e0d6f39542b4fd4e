package export

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// scan reads the text of a reg export from its start to its end.
type scan struct {
	rest string
	line int
	// ansi says that hex(2) and hex(7) are text of one octet a character, as in
	// version 4; later they are UTF-16.
	ansi bool
}

func parseExport(text string, ansi bool) (*tree, error) {
	s := &scan{rest: text, line: 1, ansi: ansi}
	t := newTree()
	s.space("\r\n ")
	s.skipLine() // the version
	var k *key
	inKey := false
	for s.space(" \t\r\n"); s.rest != ""; s.space(" \t\r\n") {
		at := s.line
		var err error
		switch s.rest[0] {
		case ';':
			s.skipLine()
		case '[':
			k, err = s.key(t)
			inKey = true
		case '"', '@':
			if !inKey {
				err = reason.Fail(reason.ExportValueAlone)
				break
			}
			err = s.value(t, k)
		default:
			err = reason.Fail(reason.ExportNeither)
		}
		if err != nil {
			return nil, &Error{Line: at, Err: err}
		}
	}
	return t, nil
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

// key reads [KEY], or [-KEY], which deletes it.
func (s *scan) key(t *tree) (*key, error) {
	line := s.peekLine()
	if !strings.HasSuffix(line, "]") {
		return nil, reason.Fail(reason.ExportBracket)
	}
	s.skipLine()
	name := line[1 : len(line)-1]
	if gone, ok := strings.CutPrefix(name, "-"); ok {
		t.remove(gone)
		return nil, nil
	}
	return t.open(name), nil
}

// value reads NAME=DATA.
func (s *scan) value(t *tree, k *key) error {
	name := ""
	if s.rest[0] == '@' {
		s.take(1)
	} else {
		var err error
		if name, err = s.quoted(); err != nil {
			return err
		}
	}
	s.space(" \t")
	if !strings.HasPrefix(s.rest, "=") {
		return reason.Fail(reason.ExportEquals)
	}
	s.take(1)
	s.space(" \t")
	v, gone, err := s.data(name)
	if err != nil {
		return reason.Wrap(err, reason.ExportValue, "value", clip(name), "why", reason.Of(err))
	}
	if err := s.end(); err != nil {
		return err
	}
	switch {
	case gone && k != nil:
		k.unset(name)
	case gone:
	default:
		t.count++
		if k != nil {
			k.set(v)
		}
	}
	return nil
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
func (s *scan) data(name string) (v run.RegistryValue, gone bool, err error) {
	low := strings.ToLower(s.rest[:min(len(s.rest), 16)])
	switch {
	case strings.HasPrefix(low, `"`):
		text, err := s.quoted()
		text, _, _ = strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\x00")
		return run.RegistryValue{Name: name, Type: "REG_SZ", Data: text}, false, err
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
		return run.NewRegistryValue("", name, 4, binary.LittleEndian.AppendUint32(nil, uint32(n))), false, nil
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
		return run.NewRegistryValue("", name, kind, octets), false, err
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
