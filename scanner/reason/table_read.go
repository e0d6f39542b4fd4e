package reason

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Rows are the reasons of a [Table], as a document has them.
type Rows struct {
	all []rowRead
	now rowRead // the one that is being read
}

// rowRead is a reason of a table that is read.
type rowRead struct {
	Reason

	deep   int // how deep it rests on others, 1 where on none
	octets int // of it, and of what it rests on
}

// mostOctets bounds what one reason says with all that it rests on.
const mostOctets = 1 << 24

var errTooMuch = errors.New("it rests on more than any run has")

// UnmarshalJSON reads what [Table.AppendJSON] wrote.
func (t *Rows) UnmarshalJSON(b []byte) error {
	var all []json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	*t = Rows{}
	for i, raw := range all {
		t.now = rowRead{deep: 1, octets: len(raw)}
		r, err := t.read(raw, deepest)
		if err == nil && t.now.octets > mostOctets {
			err = errTooMuch
		}
		if err != nil {
			return fmt.Errorf("reason %d: %w", i, err)
		}
		t.now.Reason = r
		t.all = append(t.all, t.now)
	}
	return nil
}

// one reads a reason that another rests on: in a table its number, else itself.
func (t *Rows) one(b []byte, deep int) (Reason, error) {
	if t == nil {
		return t.read(b, deep)
	}
	n, err := strconv.Atoi(string(b))
	if err != nil {
		return Reason{}, fmt.Errorf("%.20s is no number of a reason", b)
	}
	r, octets, err := t.At(n)
	switch {
	case err != nil:
		return r, err
	case t.all[n].deep > deep:
		return r, errTooDeep
	}
	t.now.deep, t.now.octets = max(t.now.deep, t.all[n].deep+1), t.now.octets+octets
	return r, nil
}

// At is the reason of a number, and how many octets it takes with all that it rests on.
func (t *Rows) At(n int) (r Reason, octets int, err error) {
	if n < 0 || n >= len(t.all) {
		return r, 0, fmt.Errorf("there is no reason %d", n)
	}
	return t.all[n].Reason, t.all[n].octets, nil
}
