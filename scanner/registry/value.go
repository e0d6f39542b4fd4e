package registry

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The types of registry values, by their numbers ([MS-RRP] 3.1.1.5).
var registryTypes = [...]string{
	0: "REG_NONE", 1: "REG_SZ", 2: "REG_EXPAND_SZ", 3: "REG_BINARY", 4: "REG_DWORD",
	5: "REG_DWORD_BIG_ENDIAN", 6: "REG_LINK", 7: "REG_MULTI_SZ", 11: "REG_QWORD",
}

// Value is one value of the Windows registry. Name is empty for a key's default
// value; a key without values appears with Type "".
type Value struct {
	Key  string `json:"key"` // full path, HKEY_LOCAL_MACHINE\...
	Name string `json:"name"`
	Type string `json:"type"` // REG_SZ, REG_DWORD, ...
	Data string `json:"data"` // as reg.exe prints it; of a preshared key what is left of it
}

// NewValue is a value with the type and the data as reg.exe prints them: see
// [TypeName] and [AppendData].
func NewValue(key, name string, kind uint32, data []byte) Value {
	return Value{Key: key, Name: name, Type: TypeName(kind), Data: string(AppendData(nil, kind, data))}
}

// TypeName is the name of a type, or its number in hex where it has none.
func TypeName(kind uint32) string {
	if int64(kind) < int64(len(registryTypes)) && registryTypes[kind] != "" {
		return registryTypes[kind]
	}
	return fmt.Sprintf("%#x", kind)
}

// AppendData appends data as reg.exe prints it: text up to its first NUL, several
// texts with \0 between them, numbers as 0x21a, and whatever has not the size of
// its type in hex.
func AppendData(to []byte, kind uint32, data []byte) []byte {
	number := func(n uint64) []byte { return strconv.AppendUint(append(to, "0x"...), n, 16) }
	switch {
	case kind == 1 || kind == 2 || kind == 6:
		return AppendUTF16(to, untilNUL(data))
	case kind == 7:
		return append(to, strings.ReplaceAll(strings.TrimRight(UTF16(data), "\x00"), "\x00", between)...)
	case kind == 4 && len(data) == 4:
		return number(uint64(binary.LittleEndian.Uint32(data)))
	case kind == 5 && len(data) == 4:
		return number(uint64(binary.BigEndian.Uint32(data)))
	case kind == 11 && len(data) == 8:
		return number(binary.LittleEndian.Uint64(data))
	}
	return appendHex(to, data)
}

func appendHex(to, data []byte) []byte {
	const digits = "0123456789ABCDEF"
	at := len(to)
	to = slices.Grow(to, 2*len(data))[:at+2*len(data)]
	out := to[at:]
	for i, b := range data {
		pair := out[2*i : 2*i+2 : 2*i+2]
		pair[0], pair[1] = digits[b>>4], digits[b&0xF]
	}
	return to
}
