package registry

import (
	"slices"
	"testing"
)

func TestTyped(t *testing.T) {
	value := func(kind, data string) Value { return Value{Key: "K", Name: "n", Type: kind, Data: data} }
	for name, c := range map[string]struct {
		v       Value
		number  uint32
		isDWord bool
		text    string // "" unless a REG_SZ
		strings []string
		octets  string
	}{
		"number":                {v: value("REG_DWORD", "0x21a"), number: 0x21a, isDWord: true},
		"number in decimal":     {v: value("reg_dword", " 9 "), number: 9, isDWord: true},
		"number that is made":   {v: NewDWord("K", "n", 0), isDWord: true},
		"number beyond 32 bits": {v: value("REG_DWORD", "0x100000000")},
		"no number":             {v: value("REG_DWORD", "maybe")},
		"number of 64 bits":     {v: value("REG_QWORD", "0x1")},
		"number as text":        {v: value("REG_SZ", "1"), text: "1", strings: []string{"1"}},
		"text":                  {v: NewText("K", "n", `a\0b`), text: `a\0b`, strings: []string{`a\0b`}},
		"text with variables":   {v: value("REG_EXPAND_SZ", "%a%"), strings: []string{"%a%"}},
		"texts":                 {v: value("REG_MULTI_SZ", `a\0 b\0`), strings: []string{"a", "b"}},
		"no texts":              {v: value("REG_MULTI_SZ", "")},
		"octets":                {v: value("REG_BINARY", "00FF"), octets: "\x00\xff"},
		"no octets":             {v: value("REG_BINARY", "0")},
		"key":                   {v: Value{Key: "K"}},
	} {
		t.Run(name, func(t *testing.T) {
			if n, ok := c.v.DWord(); ok != c.isDWord || ok && n != c.number {
				t.Errorf("number %d, %v", n, ok)
			}
			if text, ok := c.v.Text(); ok != (c.text != "") || ok && text != c.text {
				t.Errorf("text %q, %v", text, ok)
			}
			if got := c.v.Strings(); !slices.Equal(got, c.strings) {
				t.Errorf("texts %q", got)
			}
			if b, _ := c.v.Octets(); string(b) != c.octets && c.octets != "" {
				t.Errorf("octets %x", b)
			}
			if c.v.OnlyKey() != (name == "key") {
				t.Errorf("only a key: %v", c.v.OnlyKey())
			}
		})
	}
	if _, ok := value("REG_BINARY", "0").Octets(); ok {
		t.Error("half an octet is one")
	}
	if _, ok := value("REG_SZ", "00").Octets(); ok {
		t.Error("a text is octets")
	}
	if got := slices.Collect(Names(" a;; B \x00\x00")); !slices.Equal(got, []string{"a", "B"}) {
		t.Errorf("names %q", got)
	}
}
