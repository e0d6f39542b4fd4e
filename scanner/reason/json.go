package reason

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Quoted is the code of what somebody else said, word for word: a system, a library,
// or a kmsiso that had no codes yet. Args: words.
const Quoted Code = "quoted"

// Quote is what somebody else said.
func Quote(words string) Reason { return New(Quoted, "words", words) }

// sentences makes the texts that stand beside codes in documents. Package catalog
// sets it; programs that do not link it write codes alone.
var sentences func(Reason) string

// Sentences sets what writes the text beside a code in a document. It is for
// package catalog alone.
func Sentences(text func(Reason) string) { sentences = text }

// MarshalJSON writes {"code", "args", "text"}. Arguments are in the order of their
// names; a list of reasons is a list of such objects. The text is for people, and
// nobody reads it back. It says what the reasons say that it rests on, so these have
// none.
func (r Reason) MarshalJSON() ([]byte, error) { return r.whole(nil), nil }

// MarshalJSON writes a list of such objects at once: a run has thousands.
func (l List) MarshalJSON() ([]byte, error) { return l.AppendJSON(make([]byte, 0, 512)), nil }

// AppendJSON appends what MarshalJSON writes.
func (l List) AppendJSON(b []byte) []byte { return l.append(b, Reason.whole) }

// whole appends a reason with its text.
func (r Reason) whole(b []byte) []byte { return r.sentence(r.codes(b, nil)) }

// AppendCodes appends a reason without its text.
func (r Reason) AppendCodes(b []byte) []byte { return append(r.codes(b, nil), '}') }

func (l List) append(b []byte, one func(Reason, []byte) []byte) []byte {
	b = append(b, '[')
	for i, r := range l {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(r, b)
	}
	return append(b, ']')
}

// codes appends an object with the code and the arguments, and leaves it open. What the
// reason rests on stands in a table, if there is one.
func (r Reason) codes(b []byte, t *Table) []byte {
	b = AppendText(append(b, `{"code":`...), string(r.Code))
	for i, a := range r.Args {
		if i == 0 {
			b = append(b, `,"args":{`...)
		} else {
			b = append(b, ',')
		}
		b = a.append(b, t)
	}
	if len(r.Args) > 0 {
		b = append(b, '}')
	}
	return b
}

// sentence ends an object with the text.
func (r Reason) sentence(b []byte) []byte {
	if sentences != nil {
		if text := sentences(r); text != "" {
			b = AppendText(append(b, `,"text":`...), text)
		}
	}
	return append(b, '}')
}

func (a Arg) append(b []byte, t *Table) []byte {
	b = append(AppendText(b, a.Name), ':')
	switch v := a.Value.(type) {
	case int64:
		return strconv.AppendInt(b, v, 10)
	case []string:
		b = append(b, '[')
		for i, word := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendText(b, word)
		}
		return append(b, ']')
	case List:
		if t != nil {
			return t.numbers(b, v)
		}
		return v.append(b, Reason.AppendCodes)
	}
	word, _ := a.Value.(string)
	return AppendText(b, word)
}

// AppendText appends a text in quotes, as package json has it without HTML escapes.
func AppendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendQuoted(b, text)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

// appendQuoted is AppendText for a text in which something may have to be escaped.
func appendQuoted(b []byte, text string) []byte {
	var quoted bytes.Buffer
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string and a buffer do not fail
	return append(b, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

// deepest is how deep reasons rest on others in a document.
const deepest = 8

// UnmarshalJSON reads what MarshalJSON wrote, or a text alone, which is what an
// older kmsiso wrote: it becomes a quotation.
func (r *Reason) UnmarshalJSON(b []byte) (err error) {
	*r, err = (*Rows)(nil).read(b, deepest)
	return err
}

// UnmarshalJSON reads a list of reasons, or a text alone, which is what an older
// kmsiso wrote: it becomes a quotation.
func (l *List) UnmarshalJSON(b []byte) error {
	*l = nil
	if len(b) > 0 && b[0] == '"' {
		var r Reason
		err := r.UnmarshalJSON(b)
		if r.Word("words") != "" {
			*l = List{r}
		}
		return err
	}
	var all []Reason
	err := json.Unmarshal(b, &all)
	*l = all
	return err
}

// read reads a reason. Those of a table rest on others by their numbers.
func (t *Rows) read(b []byte, deep int) (r Reason, err error) {
	if len(b) > 0 && b[0] == '"' {
		var words string
		err := json.Unmarshal(b, &words)
		return Quote(words), err
	}
	var d struct {
		Code Code                       `json:"code"`
		Args map[string]json.RawMessage `json:"args"`
		Text json.RawMessage            `json:"text"`
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	switch err := dec.Decode(&d); {
	case err != nil:
		return r, err
	case d.Code == "":
		return r, errors.New("a reason without a code")
	case deep == 0:
		return r, errTooDeep
	}
	r.Code = d.Code
	for name, raw := range d.Args {
		v, err := t.readArg(raw, deep-1)
		if err != nil {
			return r, fmt.Errorf("argument %s of %s: %w", name, d.Code, err)
		}
		r.Args = append(r.Args, Arg{name, v})
	}
	slices.SortFunc(r.Args, byName)
	return r, nil
}

var errTooDeep = errors.New("reasons that rest on others deeper than any run has")

// readArg reads a word, a number, a list of words or a list of reasons.
func (t *Rows) readArg(raw json.RawMessage, deep int) (any, error) {
	switch {
	case raw[0] == '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	case raw[0] != '[':
		var n int64
		err := json.Unmarshal(raw, &n)
		return n, err
	}
	var all []json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	if len(all) > 0 && all[0][0] == '"' {
		var words []string
		err := json.Unmarshal(raw, &words)
		return words, err
	}
	var l List
	for _, one := range all {
		r, err := t.one(one, deep)
		if err != nil {
			return nil, err
		}
		l = append(l, r)
	}
	return l, nil
}
