package pol

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
	"unicode/utf16"
)

// minimal is a file of one record: PolicyVersion 0x200.
const minimal = "50526567010000005b0053004f004600540057004100520045005c0050006f006c00690063006900650073005c004d006900630072006f0073006f00660074005c00570069006e0064006f00770073004600690072006500770061006c006c0000003b0050006f006c00690063007900560065007200730069006f006e0000003b00040000003b00040000003b00000200005d00"

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wide is text in UTF-16, little-endian.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// text is what a REG_SZ has as data.
func text(s string) []byte { return wide(s + "\x00") }

func dword(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

// rec is a record with key and name as text.
func rec(key, name string, kind uint32, data []byte) Record {
	return Record{Key: wide(key), Name: wide(name), Type: kind, Data: data}
}

// encode writes a file, by the grammar of [MS-GPREG] 2.2.1.
func encode(records ...Record) []byte {
	b := append([]byte(signature), version, 0, 0, 0)
	for _, r := range records {
		b = append(append(b, '[', 0), r.Key...)
		b = append(append(b, 0, 0, ';', 0), r.Name...)
		b = append(binary.LittleEndian.AppendUint32(append(b, 0, 0, ';', 0), r.Type), ';', 0)
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(r.Data))), ';', 0)
		b = append(append(b, r.Data...), ']', 0)
	}
	return b
}

// decode gathers the records of a file.
func decode(file []byte) (all []Record, err error) {
	for r, err := range Records(file) {
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}
