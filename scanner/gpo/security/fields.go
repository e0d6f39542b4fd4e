package security

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// moreRights are further words for bits: of files, registry keys ([MS-DTYP]
// 2.5.1.1), and mandatory labels.
var moreRights = []pair{
	{"FA", 0x001f01ff}, {"FR", 0x00120089}, {"FW", 0x00120116}, {"FX", 0x001200a0},
	{"KA", 0x000f003f}, {"KR", 0x00020019}, {"KW", 0x00020006}, {"KX", 0x00020019},
	{"NW", 1}, {"NR", 2}, {"NX", 4},
}

var (
	allRights = slices.Concat(rights, moreRights)
	allFlags  = append(slices.Clone(flagWords), pair{"TP", uint32(AuditSuccess)})
	typeCodes = map[string]Type{}
)

func init() {
	for t, k := range kinds {
		if k.code != "" {
			typeCodes[k.code] = Type(t)
		}
	}
}

func parseType(s string) (Type, error) {
	if t, ok := typeCodes[strings.ToUpper(s)]; ok {
		return t, nil
	}
	if len(s) > 2 && strings.EqualFold(s[:2], "0x") {
		if v, err := parseDigits(s[2:], 16, 8); err == nil {
			return Type(v), nil
		}
	}
	return 0, malformed(reason.SDDLType, s)
}

// parseWords reads words of two letters without anything between them; wrong is
// what they are not.
func parseWords(s string, words []pair, wrong reason.Code) (uint32, error) {
	var bits uint32
	for rest := strings.ToUpper(s); rest != ""; rest = rest[2:] {
		i := slices.IndexFunc(words, func(w pair) bool { return strings.HasPrefix(rest, w.word) })
		if i < 0 {
			return 0, malformed(wrong, s)
		}
		bits |= words[i].bits
	}
	return bits, nil
}

// parseMask reads rights: a number (hexadecimal, octal or decimal, as in C) or
// words.
func parseMask(s string) (uint32, error) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return parseWords(s, allRights, reason.SDDLRights)
	}
	digits, base := s, 10
	switch {
	case len(s) > 2 && strings.EqualFold(s[:2], "0x"):
		digits, base = s[2:], 16
	case len(s) > 1 && s[0] == '0':
		digits, base = s[1:], 8
	}
	v, err := parseDigits(digits, base, 32)
	if err != nil {
		return 0, malformed(reason.SDDLRights, s)
	}
	return uint32(v), nil
}

func parseObject(k kind, s string) (*GUID, error) {
	if s == "" {
		return nil, nil
	}
	if k.layout != objectLayout {
		return nil, malformed(reason.SDDLStrayGUID, s)
	}
	g, err := ParseGUID(s)
	if err != nil {
		return nil, err
	}
	return &g, nil
}

// setData reads the seventh field.
func (a *ACE) setData(s string) error {
	if s == "" {
		return nil
	}
	if !kinds[a.Type].data {
		return malformed(reason.SDDLStrayData, s)
	}
	if data, ok := octets(s); ok {
		a.Data = data
		return nil
	}
	if end, err := closing(s); s[0] != '(' || err != nil || end != len(s)-1 {
		return malformed(reason.SDDLCondition, s)
	}
	a.Expression = s
	return nil
}

// octets reads "(#0102)".
func octets(s string) ([]byte, bool) {
	if !strings.HasPrefix(s, "(#") || !strings.HasSuffix(s, ")") {
		return nil, false
	}
	b, err := hex.DecodeString(s[2 : len(s)-1])
	return keep(b), err == nil
}
