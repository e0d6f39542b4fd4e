// Package jsonform holds what the parts of a run document have in common as JSON: no
// field is unknown, nothing is escaped for HTML, and what many share stands once.
package jsonform

import (
	"bytes"
	"encoding/json"
)

// Plain is JSON of package json, without HTML escapes and on one line. It fails where v
// cannot be written as JSON.
func Plain(v any) ([]byte, error) {
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	err := j.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Place is the index of something in a list, to which it is added if it is new. known
// has the places of what is in the list.
func Place[T comparable](in *[]T, known map[T]int, x T) int {
	at, ok := known[x]
	if !ok {
		at = len(*in)
		known[x], *in = at, append(*in, x)
	}
	return at
}

// Strictly reads JSON into v. It fails for a field which v has not.
func Strictly(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
