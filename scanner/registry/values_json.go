package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Values are what was read of a registry. Many values have one key: a document has it
// once for those that follow each other, and of each value name, type and data.
type Values []Value

// MarshalJSON writes [{"key", "values": [[name, type, data]]}].
func (vs Values) MarshalJSON() ([]byte, error) { return vs.AppendJSON(nil), nil }

// AppendJSON appends what MarshalJSON writes.
func (vs Values) AppendJSON(b []byte) []byte {
	b = append(b, '[')
	for i := range vs {
		v := &vs[i]
		switch {
		case i > 0 && v.Key == vs[i-1].Key:
			b = append(b, ',')
		case i > 0:
			b = append(b, "]},"...)
			fallthrough
		default:
			b = append(reason.AppendText(append(b, `{"key":`...), v.Key), `,"values":[`...)
		}
		b = reason.AppendText(append(b, '['), v.Name)
		b = reason.AppendText(append(b, ','), v.Type)
		b = append(reason.AppendText(append(b, ','), v.Data), ']')
	}
	if len(vs) > 0 {
		b = append(b, "]}"...)
	}
	return append(b, ']')
}

// UnmarshalJSON reads what MarshalJSON wrote. Documents of older versions have a key
// with each value.
func (vs *Values) UnmarshalJSON(b []byte) error {
	var all []struct {
		Value
		Values [][]string `json:"values"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return err
	}
	*vs = nil
	for i := range all {
		k := &all[i]
		switch {
		case k.Values == nil:
			*vs = append(*vs, k.Value)
		case k.Value != Value{Key: k.Key}:
			return errors.New("a registry key with a value beside its values")
		}
		for _, v := range k.Values {
			if len(v) != 3 {
				return fmt.Errorf("a registry value is a name, a type and data, not %d words", len(v))
			}
			*vs = append(*vs, Value{k.Key, v[0], v[1], v[2]})
		}
	}
	return nil
}
