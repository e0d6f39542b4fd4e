package document

import (
	"net/netip"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// encoder writes JSON into memory, octet by octet as package json does without
// HTML escapes. It is for the parts of a document of which there are thousands:
// package json would take several times as long for them. The first error stays.
type encoder struct {
	b   []byte
	err error

	// What stands once in the document, and is named by many places.
	table  reason.Table
	notes  []string
	noted  map[string]int       // the places of notes
	checks []*run.Cell          // the first cell of each check
	titled map[string]*run.Cell // the same
	// ways are those that observations of each vantage are usually made by.
	ways map[string]string
}

func (e *encoder) open() { e.b = append(e.b, '{') }

func (e *encoder) end() { e.b = append(e.b, '}') }

// key is what is written so far with the name of the next field behind it. Whoever appends
// the value sets e.b once for both: a document has a hundred thousand fields.
func (e *encoder) key(name string) []byte {
	b := e.b
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(append(b, '"'), name...), `":`...)
}

// field begins a field.
func (e *encoder) field(name string) { e.b = e.key(name) }

// Those that end in Set leave out the zero value.

func (e *encoder) text(name, s string) {
	e.b = reason.AppendText(e.key(name), s)
}

func (e *encoder) textSet(name, s string) {
	if s != "" {
		e.text(name, s)
	}
}

// textUnless leaves out what is usual.
func (e *encoder) textUnless(name, s, usual string) {
	if s != usual {
		e.text(name, s)
	}
}

func (e *encoder) number(name string, n int64) {
	e.b = strconv.AppendInt(e.key(name), n, 10)
}

func (e *encoder) numberSet(name string, n int64) {
	if n != 0 {
		e.number(name, n)
	}
}

func (e *encoder) numberUnless(name string, n, usual int64) {
	if n != usual {
		e.number(name, n)
	}
}

func (e *encoder) flagSet(name string, set bool) {
	if set {
		e.b = append(e.key(name), "true"...)
	}
}

// An IP address holds no octet that JSON escapes, but in the zone.
func (e *encoder) addressSet(name string, a netip.Addr) {
	switch {
	case a == netip.Addr{}:
	case a.Zone() != "":
		e.text(name, a.String())
	default:
		e.b = append(a.AppendTo(append(e.key(name), '"')), '"')
	}
}

func (e *encoder) endpointSet(name string, a netip.AddrPort) {
	switch {
	case a == netip.AddrPort{}:
	case a.Addr().Zone() != "":
		e.text(name, string(a.AppendTo(nil)))
	default:
		e.b = append(a.AppendTo(append(e.key(name), '"')), '"')
	}
}

func (e *encoder) reasons(name string, l reason.List) {
	e.b = l.AppendJSON(e.key(name))
}

func (e *encoder) reasonsSet(name string, l reason.List) {
	if len(l) > 0 {
		e.reasons(name, l)
	}
}

// numberedSet writes the numbers of reasons: their texts stand beside them in the table.
func (e *encoder) numberedSet(name string, l reason.List) {
	if len(l) == 0 {
		return
	}
	e.b = append(e.key(name), '[')
	for i, r := range l {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = strconv.AppendInt(e.b, int64(e.table.Say(r)), 10)
	}
	e.b = append(e.b, ']')
}

// value has package json write what there are few of.
func (e *encoder) value(name string, v any) {
	e.field(name)
	b, err := jsonform.Plain(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.b = append(e.b, b...)
}

// list writes the elements of a list, each by one.
func list[T any](e *encoder, name string, all []T, one func(*encoder, *T)) {
	e.field(name)
	if all == nil {
		e.b = append(e.b, "null"...)
		return
	}
	e.b = append(e.b, '[')
	for i := range all {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		one(e, &all[i])
	}
	e.b = append(e.b, ']')
}

// listSet is list, and leaves out one without elements.
func listSet[T any](e *encoder, name string, all []T, one func(*encoder, *T)) {
	if len(all) > 0 {
		list(e, name, all, one)
	}
}

// words is a list of words that has no name.
func (e *encoder) words(all []string) {
	e.b = append(e.b, '[')
	for i := range all {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.word(&all[i])
	}
	e.b = append(e.b, ']')
}

func (e *encoder) word(s *string) { e.b = reason.AppendText(e.b, *s) }
