package export

import (
	"bytes"
	"iter"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/registry"
)

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
		return treeOfExport(registry.ParseExport(text, first == version4))
	case strings.HasPrefix(strings.ToUpper(first), "HKEY_"):
		values, err := registry.ParseText(text, "")
		if err != nil {
			return nil, err
		}
		return treeOf(values), nil
	case first == "":
		return nil, reason.Fail(reason.ExportEmpty)
	}
	return nil, reason.Fail(reason.ExportUnknown)
}

// treeOfExport carries out what the lines of an export do.
func treeOfExport(lines iter.Seq2[registry.Change, error]) (*tree, error) {
	t := newTree()
	var k *key
	for c, err := range lines {
		switch {
		case err != nil:
			return nil, err
		case c.Kind == registry.KeyOpened:
			k = t.open(c.Value.Key)
		case c.Kind == registry.KeyRemoved:
			t.remove(c.Value.Key)
			k = nil
		case c.Kind == registry.ValueSet:
			t.count++
			if k != nil {
				k.set(c.Value)
			}
		case k != nil:
			k.unset(c.Value.Name)
		}
	}
	return t, nil
}

// decode returns the text of a file: UTF-16 as reg export writes it, with or
// without its mark; UTF-8; or the machine's own code page, of which only ASCII
// is known and the rest becomes U+FFFD.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return registry.UTF16(data[2:])
	case len(data) >= 2 && data[0] != 0 && data[1] == 0:
		return registry.UTF16(data)
	}
	return strings.ToValidUTF8(string(bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})), "\uFFFD")
}

func treeOf(values []registry.Value) *tree {
	t := newTree()
	path := ""
	var k *key
	keys := 0
	for i, v := range values {
		if i == 0 || v.Key != path {
			path, k = v.Key, t.open(v.Key)
			keys++
		}
		t.shallow = keys == 2 && v.OnlyKey()
		if v.OnlyKey() {
			continue
		}
		t.count++
		if k != nil {
			k.set(v)
		}
	}
	return t
}
