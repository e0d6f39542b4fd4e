package local

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
)

// printData is the data of a registry value of the named type as reg.exe
// prints it.
func printData(typ string, b []byte) string {
	switch {
	case (typ == "REG_SZ" || typ == "REG_EXPAND_SZ" || typ == "REG_LINK"):
		s, _, _ := strings.Cut(text16(b), "\x00")
		return s
	case typ == "REG_MULTI_SZ":
		return strings.ReplaceAll(strings.TrimRight(text16(b), "\x00"), "\x00", `\0`)
	case typ == "REG_DWORD" && len(b) == 4:
		return fmt.Sprintf("%#x", binary.LittleEndian.Uint32(b))
	case typ == "REG_DWORD_BIG_ENDIAN" && len(b) == 4:
		return fmt.Sprintf("%#x", binary.BigEndian.Uint32(b))
	case typ == "REG_QWORD" && len(b) == 8:
		return fmt.Sprintf("%#x", binary.LittleEndian.Uint64(b))
	}
	return strings.ToUpper(hex.EncodeToString(b))
}

// text16 reads UTF-16, little-endian; an odd last octet is left out.
func text16(b []byte) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}
