package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/run/jsonform"
)

// cell is [Cell] without its methods.
type cell run.Cell

// writtenCell is a cell in a document. Version 1 had a remedy before there were codes.
type writtenCell struct {
	cell
	Title     *string        `json:"title"`
	Section   *string        `json:"section"`
	Confirmed *string        `json:"confirmed"`
	Trials    []writtenTrial `json:"trials"`
	Intended  said           `json:"intended"`
	Conduct   said           `json:"configured"`
	Seen      said           `json:"observed"`
	Controls  said           `json:"controls"`
	Evidence  *[]string      `json:"evidence"`
	Remedy    string         `json:"remedy"`
}

func (d *decoder) cell(w *writtenCell) run.Cell {
	c := run.Cell(w.cell)
	usual := d.Checks[c.ID.Check]
	c.Title, c.Section, c.Confirmed = d.text(w.Title, usual.Title), d.text(w.Section, usual.Section), d.text(w.Confirmed, usual.Confirmed)
	c.Intended, c.Conduct, c.Seen, c.Controls = d.all(w.Intended, ""), d.all(w.Conduct, ""), d.all(w.Seen, ""), d.all(w.Controls, "")
	for i := range w.Trials {
		c.Trials = append(c.Trials, d.trial(&w.Trials[i]))
	}
	if w.Evidence == nil && !d.older {
		c.Evidence = slices.Collect(usualEvidence(&c))
	} else {
		c.Evidence = orUsual(d, w.Evidence, nil)
	}
	c.ReadOldRemedy(w.Remedy)
	return c
}

// said are reasons in a document, each by itself or by its number in the table.
type said []saidOne

type saidOne struct {
	number int
	itself *reason.Reason
}

// UnmarshalJSON reads a list, or a text alone, which is what an older kmsiso wrote.
func (s *said) UnmarshalJSON(b []byte) error {
	*s = nil
	if !bytes.HasPrefix(b, []byte(`"`)) {
		return json.Unmarshal(b, (*[]saidOne)(s))
	}
	var l reason.List
	err := json.Unmarshal(b, &l)
	for i := range l {
		*s = append(*s, saidOne{itself: &l[i]})
	}
	return err
}

// UnmarshalJSON reads a number or a reason.
func (o *saidOne) UnmarshalJSON(b []byte) (err error) {
	if b[0] == '-' || b[0] >= '0' && b[0] <= '9' {
		o.number, err = strconv.Atoi(string(b))
		return err
	}
	o.itself = new(reason.Reason)
	return json.Unmarshal(b, o.itself)
}

// all are the reasons that are said, of a place if it has a name.
func (d *decoder) all(s said, at string) (l reason.List) {
	for i := range s {
		if s[i].itself != nil {
			l = append(l, *s[i].itself)
			continue
		}
		r, octets, err := d.Reasons.At(s[i].number)
		if err != nil {
			d.fail(err)
			return nil
		}
		if d.takes(max(leastOctets, octets) + len(at)); d.err != nil {
			return nil
		}
		l = append(l, placed(r, at))
	}
	return l
}

// writtenTrial is a trial in a document.
type writtenTrial struct {
	At     string        `json:"at"`
	Claims writtenClaims `json:"claims"`
}

// writtenClaims are the claims of a trial, in their order.
type writtenClaims []writtenClaim

type writtenClaim struct {
	run.Claim
	Why said `json:"why"`
}

func (d *decoder) trial(w *writtenTrial) run.Trial {
	t := run.Trial{At: w.At}
	for i := range w.Claims {
		c := w.Claims[i].Claim
		c.Why = d.all(w.Claims[i].Why, t.At)
		t.Claims = append(t.Claims, c)
	}
	return t
}

// UnmarshalJSON reads an object of claims. Documents of older versions have a list.
func (cs *writtenClaims) UnmarshalJSON(b []byte) error {
	*cs = nil
	if bytes.HasPrefix(b, []byte("[")) {
		return jsonform.Strictly(b, (*[]writtenClaim)(cs))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("claims are an object, not %.20s", b)
	}
	for d.More() {
		code, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		var c writtenClaim
		if bytes.HasPrefix(value, []byte("[")) {
			c.Support = run.Shown
			err = json.Unmarshal(value, &c.By)
		} else {
			err = jsonform.Strictly(value, &c)
		}
		if err != nil {
			return fmt.Errorf("claim %v: %w", code, err)
		}
		c.Code = reason.Code(code.(string)) //nolint:forcetypeassert // a name in an object is a text
		*cs = append(*cs, c)
	}
	return nil
}
