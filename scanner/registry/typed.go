package registry

import (
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// The types that are asked for by name ([MS-RRP] 3.1.1.5).
const (
	typeText    = "REG_SZ"
	typeExpand  = "REG_EXPAND_SZ"
	typeStrings = "REG_MULTI_SZ"
	typeDWord   = "REG_DWORD"
)

// between stands between the texts of a REG_MULTI_SZ as reg.exe prints it.
const between = `\0`

// NewDWord is a REG_DWORD.
func NewDWord(key, name string, n uint32) Value {
	return Value{Key: key, Name: name, Type: typeDWord, Data: fmt.Sprintf("%#x", n)}
}

// NewText is a REG_SZ.
func NewText(key, name, text string) Value {
	return Value{Key: key, Name: name, Type: typeText, Data: text}
}

// OnlyKey says that v stands for a key without values.
func (v Value) OnlyKey() bool { return v.Type == "" }

// DWord is the number of a REG_DWORD, in hex behind 0x or in decimal. It reports
// false of any other type, and of data that is no such number.
func (v Value) DWord() (uint32, bool) {
	if !v.is(typeDWord) {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(v.Data), 0, 32)
	return uint32(n), err == nil
}

// Text is the text of a REG_SZ. It reports false of any other type.
func (v Value) Text() (string, bool) { return v.Data, v.is(typeText) }

// Strings are the texts of a REG_MULTI_SZ, or that of a REG_SZ or a REG_EXPAND_SZ,
// without empty ones and without spaces around them; none of any other type.
func (v Value) Strings() []string {
	all := []string{v.Data}
	switch {
	case v.is(typeStrings):
		all = strings.Split(v.Data, between)
	case !v.is(typeText) && !v.is(typeExpand):
		return nil
	}
	var out []string
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Octets are the data of a type that reg.exe prints in hex. It reports false of
// texts, and of data that is not so.
func (v Value) Octets() ([]byte, bool) {
	if strings.HasSuffix(v.Type, "_SZ") {
		return nil, false
	}
	b, err := hex.DecodeString(v.Data)
	return b, err == nil
}

func (v Value) is(kind string) bool { return strings.EqualFold(v.Type, kind) }

// Names are those of a list with semicolons, as the directives of Registry.pol
// have one ([MS-GPREG] 3.2.5.1), without spaces around them.
func Names(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := range strings.SplitSeq(strings.TrimRight(list, "\x00"), ";") {
			if n = strings.TrimSpace(n); n != "" && !yield(n) {
				return
			}
		}
	}
}
