package run

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// plain reports whether a claim is shown, and nothing more is to be said of it.
func (c *Claim) plain() bool { return c.Support == Shown && len(c.Why) == 0 }

func (e *encoder) claims(all Claims) {
	e.open()
	for i := range all {
		c := &all[i]
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.b = append(reason.AppendText(e.b, string(c.Code)), ':')
		if c.plain() {
			e.words(c.By)
			continue
		}
		e.open()
		e.text("support", string(c.Support))
		if len(c.Why) > 0 {
			e.key("why")
			e.b = c.Why.AppendCodes(e.b) // the cell has the texts
		}
		listSet(e, "by", c.By, (*encoder).word)
		e.end()
	}
	e.end()
}

// words is a list that has no name.
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

// MarshalJSON writes claims as a document has them.
func (cs Claims) MarshalJSON() ([]byte, error) {
	var e encoder
	e.claims(cs)
	return e.b, nil
}

// UnmarshalJSON reads what MarshalJSON wrote, in its order. Documents of older versions
// have a list.
func (cs *Claims) UnmarshalJSON(b []byte) error {
	*cs = nil
	if bytes.HasPrefix(b, []byte("[")) {
		return strictly(b, (*[]Claim)(cs))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("claims are an object, not %s", b)
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
		var c Claim
		if bytes.HasPrefix(value, []byte("[")) {
			c.Support = Shown
			err = json.Unmarshal(value, &c.By)
		} else {
			err = strictly(value, &c)
		}
		if err != nil {
			return fmt.Errorf("claim %v: %w", code, err)
		}
		c.Code = reason.Code(code.(string)) //nolint:forcetypeassert // a name in an object is a text
		*cs = append(*cs, c)
	}
	return nil
}
