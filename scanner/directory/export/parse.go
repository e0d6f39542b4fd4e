package export

import (
	"bytes"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/regtext"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Error is a line that cannot be read. Its reason holds none of the line: one that
// is damaged may be half of a preshared key.
type Error struct {
	Line int // from 1
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap is what is wrong in the line.
func (e *Error) Unwrap() error { return e.Err }

// The first lines of the two versions of the form ([KB310516]).
const (
	version5 = "Windows Registry Editor Version 5.00"
	version4 = "REGEDIT4"
)

// parse reads a file of either kind: reg export, or what reg query /s prints.
func parse(data []byte) (*tree, error) {
	text := decode(data)
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n "), "\n")
	first = strings.TrimRight(first, "\r ")
	switch {
	case first == version5 || first == version4:
		return parseExport(text, first == version4)
	case strings.HasPrefix(strings.ToUpper(first), "HKEY_"):
		values, err := regtext.Parse(text, "")
		if err != nil {
			return nil, err
		}
		return treeOf(values), nil
	case first == "":
		return nil, reason.Fail(reason.ExportEmpty)
	}
	return nil, reason.Fail(reason.ExportUnknown)
}

// decode returns the text of a file: UTF-16 as reg export writes it, with or
// without its mark; UTF-8; or the machine's own code page, of which only ASCII
// is known and the rest becomes U+FFFD.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return run.UTF16(data[2:])
	case len(data) >= 2 && data[0] != 0 && data[1] == 0:
		return run.UTF16(data)
	}
	return strings.ToValidUTF8(string(bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})), "\uFFFD")
}

func treeOf(values []run.RegistryValue) *tree {
	t := newTree()
	path := ""
	var k *key
	keys := 0
	for i, v := range values {
		if i == 0 || v.Key != path {
			path, k = v.Key, t.open(v.Key)
			keys++
		}
		t.shallow = keys == 2 && v.Type == ""
		if v.Type == "" {
			continue
		}
		t.count++
		if k != nil {
			k.set(v)
		}
	}
	return t
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}
