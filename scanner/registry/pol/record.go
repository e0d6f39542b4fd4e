package pol

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

const (
	signature  = "PReg"
	version    = 1
	headerSize = 8
)

// Record is one instruction of a file. Its slices are parts of the file's
// octets.
type Record struct {
	Offset int    // of the record in the file, in octets
	Key    []byte // UTF-16, little-endian, without hive and NUL
	Name   []byte // of the value or of a directive; UTF-16 as well
	Type   uint32 // of the registry value
	Data   []byte
}

// Records yields the records of a Registry.pol in their order, and with the
// last pair an *[Error] where the file is broken: what came before is right.
func Records(file []byte) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := header(file); err != nil {
			yield(Record{}, err)
			return
		}
		for at := headerSize; at < len(file); {
			r, end, err := record(file, at)
			if err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
			at = end
		}
	}
}

// header checks the first octets of a file.
func header(file []byte) error {
	has := func(prefix string) bool { return bytes.HasPrefix(file, []byte(prefix)) }
	switch {
	case len(file) == 0:
		return broken(0, reason.FileEmpty)
	case has("version https://git-lfs"):
		return broken(0, reason.FilePointer)
	case has("\xef\xbb\xbf"), has("\xff\xfe"), has("\xfe\xff"):
		return broken(0, reason.PolMark)
	case !has(signature) && !strings.HasPrefix(signature, string(file[:min(len(file), len(signature))])):
		return broken(0, reason.PolSignature, "signature", string(file[:min(len(file), len(signature))]))
	case len(file) < headerSize:
		return broken(len(file), reason.PolHeader, "octets", len(file), "want", headerSize)
	}
	if v := binary.LittleEndian.Uint32(file[4:]); v != version {
		return broken(4, reason.PolVersion, "version", v, "want", version)
	}
	return nil
}

// record reads the record at an offset and says where it ends.
//
// It goes by the NULs and the size and never looks for a delimiter: names and
// data may hold any of them.
func record(file []byte, at int) (Record, int, error) {
	c := cursor{file: file, at: at}
	r := Record{Offset: at}
	if !c.next('[') {
		return r, 0, broken(at, reason.PolTrailing)
	}
	r.Key = c.text("key")
	c.delimiter(';', "key")
	name := c.at
	r.Name = c.text("value's name")
	c.delimiter(';', "value's name")
	r.Type = c.number("type")
	c.delimiter(';', "type")
	sizeAt := c.at
	size := c.number("size")
	c.delimiter(';', "size")
	if left := len(file) - c.at; c.err == nil && int64(size) > int64(left) {
		c.err = broken(sizeAt, reason.PolSize)
	}
	if c.err == nil {
		r.Data = file[c.at : c.at+int(size) : c.at+int(size)]
		c.at += int(size)
	}
	c.delimiter(']', "data")
	switch swallowed(r.Name) {
	case "key":
		return r, 0, noNUL(at+2, "key")
	case "name":
		return r, 0, noNUL(name, "value's name")
	}
	if c.err != nil {
		return r, 0, c.err
	}
	return r, c.at, nil
}

// swallowed says which text has lost its NUL, key or name, "" for none: then the type of
// the record has been read as the end of the value's name. The lower half of a
// type is a character that no name has ([MS-GPREG] 2.2.1, ValueCharacter).
func swallowed(name []byte) string {
	n := len(name)
	if n < 2 || name[n-1] != 0 {
		return ""
	}
	switch name[n-2] {
	case 1, 2, 3, 4, 5, 7, 11:
	default:
		return ""
	}
	switch {
	case n == 2:
		return "key"
	case name[n-4] == ';' && name[n-3] == 0:
		return "name"
	}
	return ""
}

func noNUL(at int, text string) error {
	return broken(at, reason.PolNUL, "field", text)
}

// cursor goes through the fields of one record. After the first error it does
// nothing more.
type cursor struct {
	file []byte
	at   int
	err  error
}

// next takes a delimiter, if it is there.
func (c *cursor) next(delimiter byte) bool {
	if len(c.file)-c.at < 2 || c.file[c.at] != delimiter || c.file[c.at+1] != 0 {
		return false
	}
	c.at += 2
	return true
}

// delimiter takes the one that must follow a field.
func (c *cursor) delimiter(delimiter byte, after string) {
	if c.err != nil || c.next(delimiter) {
		return
	}
	c.err = broken(c.at, reason.PolDelimiter, "delimiter", string(delimiter), "field", after)
	if len(c.file)-c.at < 2 {
		c.err = broken(c.at, reason.PolCutAfter, "field", after)
	}
}

// text takes characters up to a NUL, and the NUL.
func (c *cursor) text(what string) []byte {
	if c.err != nil {
		return nil
	}
	if n := registry.IndexNUL(c.file[c.at:]); n >= 0 {
		text := c.file[c.at : c.at+n : c.at+n]
		c.at += n + 2
		return text
	}
	c.err = noNUL(c.at, what)
	return nil
}

// number takes 32 bits, little-endian.
func (c *cursor) number(what string) uint32 {
	if c.err != nil {
		return 0
	}
	if len(c.file)-c.at < 4 {
		c.err = broken(c.at, reason.PolCutIn, "field", what)
		return 0
	}
	n := binary.LittleEndian.Uint32(c.file[c.at:])
	c.at += 4
	return n
}
