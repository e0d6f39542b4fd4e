package registry

import (
	"testing"
)

func TestValueAsPrinted(t *testing.T) {
	for _, c := range []struct {
		kind             uint32
		data, name, want string
	}{
		{1, "v\x001\x00\x00\x00", "REG_SZ", "v1"},
		{1, "", "REG_SZ", ""},
		{1, "v\x00\x00\x00x\x00", "REG_SZ", "v"},
		{1, "v\x00w", "REG_SZ", "v"},
		{2, "%\x00\x00\x00", "REG_EXPAND_SZ", "%"},
		{7, "a\x00\x00\x00b\x00\x00\x00\x00\x00", "REG_MULTI_SZ", `a\0b`},
		{4, "\x1a\x02\x00\x00", "REG_DWORD", "0x21a"},
		{4, "\x00\x00\x00\x00", "REG_DWORD", "0x0"},
		{4, "\x01", "REG_DWORD", "01"},
		{5, "\x00\x00\x02\x1a", "REG_DWORD_BIG_ENDIAN", "0x21a"},
		{11, "\x00\x00\x00\x00\x01\x00\x00\x00", "REG_QWORD", "0x100000000"},
		{3, "\x0a\xff", "REG_BINARY", "0AFF"},
		{0, "", "REG_NONE", ""},
		{8, "\x01", "0x8", "01"},
		{0xFFFFFFFF, "", "0xffffffff", ""},
	} {
		want := Value{Key: "K", Name: "n", Type: c.name, Data: c.want}
		if got := NewValue("K", "n", c.kind, []byte(c.data)); got != want {
			t.Errorf("%d %q: %+v, want %+v", c.kind, c.data, got, want)
		}
	}
}
