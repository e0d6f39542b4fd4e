package pol

import (
	"bytes"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/registry"
)

// Values decodes a Registry.pol. It returns what the file does to the given
// key and those below it, in the order of the file, with type and data as
// reg.exe prints them and keys without hive; and how many records the file has.
//
// Directives are among the values, as they stand: **del.NAME, **delvals.,
// **deletevalues, **deletekeys, **securekey, **soft.NAME ([MS-GPREG] 3.2.5.1).
// So is a **deletekeys of a key above, where it names the key or one between
// them. A record without name, type and data only makes a key: it has no type.
//
// The error is an *[Error] where the file is broken; what came before is
// returned with it.
func Values(file []byte, key string) (values []registry.Value, records int, err error) {
	var last struct { // records of one key stand together
		raw   []byte
		below bool
		text  span // none until it is asked for
	}
	g := pool.Get().(*gathered)
	defer g.release()
	for r, err := range Records(file) {
		if err != nil {
			return g.values(), records, err
		}
		if records++; records == 1 || !bytes.Equal(last.raw, r.Key) {
			last.raw, last.below, last.text = r.Key, r.Below(key), span{}
		}
		if !last.below && !r.deletesAbove(key) {
			continue
		}
		if last.text == (span{}) {
			last.text = g.utf16(r.Key)
		}
		g.add(last.text, &r)
	}
	return g.values(), records, nil
}

// deletesAbove says whether the record deletes a key by deleting one that it is
// in: a **deletekeys lists subkeys of its own key.
func (r Record) deletesAbove(key string) bool {
	if !r.named("**deletekeys") && !r.named("**deletekeys.") {
		return false
	}
	above := registry.UTF16(r.Key)
	if len(key) <= len(above) || !strings.EqualFold(key[:len(above)], above) || key[len(above)] != '\\' {
		return false
	}
	child, _, _ := strings.Cut(key[len(above)+1:], `\`)
	for name := range registry.Names(registry.UTF16(r.Data)) {
		if strings.EqualFold(name, child) {
			return true
		}
	}
	return false
}
