package wql

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// maxFilter is the longest msWMI-Parm2 that is read, in octets; maxQueries is
// how many queries it may have.
const (
	maxFilter  = 64 << 10
	maxQueries = 64
)

// Filter is a WMI filter: each of its queries must return a row
// ([MS-ADSC] 2.195, msWMI-Som).
type Filter struct {
	Queries []Query
}

// Query is one query of a [Filter].
type Query struct {
	Language  string // "WQL"
	Namespace string // "root\CIMv2"
	Text      string

	where where
	// err says why the query was not understood; nil where it was. It is
	// [ErrCurlyQuotes], or says what of the query is not understood here, which
	// need not be wrong.
	err error
}

// Err says which queries were not understood, and why; nil where all were. It is
// [ErrCurlyQuotes] where one has such quotes; else it says what is not understood
// here, which need not be wrong.
func (f Filter) Err() error {
	var errs []error
	for i, q := range f.Queries {
		if q.err != nil {
			errs = append(errs, reason.Wrap(q.err, reason.QueryOfFilter, "ordinal", i+1, "why", reason.Of(q.err)))
		}
	}
	return errors.Join(errs...)
}

// ParseFilter reads msWMI-Parm2:
//
//	count; { length of language; of namespace; of query; language; namespace; query; }
//
// The layout is that of filters seen in the field, Microsoft does not document
// it. Lengths decide, so a query may hold semicolons. They are taken to count
// UTF-16 code units, like every length of such a string in Windows; that is
// inferred: filters in the field are ASCII, and the scripts that write them take
// .NET's String.Length, which counts the same.
//
// The error says what of the layout is wrong, with its offset in UTF-16 code
// units. Whether the queries were understood is for [Filter.Err] to say;
// [Filter.Evaluate] and [Filter.Faults] answer in either case.
func ParseFilter(parm2 string) (Filter, error) {
	if len(parm2) > maxFilter {
		return Filter{}, reason.Fail(reason.Parm2Long, "octets", len(parm2), "most", maxFilter)
	}
	if !utf8.ValidString(parm2) {
		return Filter{}, reason.Fail(reason.Parm2Encoding)
	}
	r := units{text: utf16.Encode([]rune(parm2))}
	count, err := r.number("count", 0, maxQueries)
	if err != nil {
		return Filter{}, err
	}
	var f Filter
	for i := range count {
		q, err := r.query(i + 1)
		if err != nil {
			return Filter{}, err
		}
		f.Queries = append(f.Queries, q)
	}
	if r.at < len(r.text) {
		return Filter{}, r.wrong(reason.Parm2Trailing, "found", clip(r.rest()), "count", count)
	}
	for i := range f.Queries {
		q := &f.Queries[i]
		q.where, q.err = q.parse(false)
	}
	return f, nil
}

// Encode writes msWMI-Parm2 for queries in root\CIMv2.
func Encode(queries ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d;", len(queries))
	for _, q := range queries {
		fmt.Fprintf(&b, "%d;%d;%d;WQL;%s;%s;", len("WQL"), len(namespace), len(utf16.Encode([]rune(q))), namespace, q)
	}
	return b.String()
}

// namespace is the one that is understood, as GPMC writes it.
const namespace = `root\CIMv2`

// units reads the fields of msWMI-Parm2.
type units struct {
	text []uint16
	at   int
}

func (r *units) rest() string { return string(utf16.Decode(r.text[r.at:])) }

func (r *units) wrong(code reason.Code, args ...any) error {
	return reason.Fail(code, append(args, "offset", r.at)...)
}

// number reads digits and the semicolon after them: the length of a field of a
// query, or the count of queries. It is at least 1.
func (r *units) number(field string, ordinal, most int) (int, error) {
	wrong := func(code reason.Code, args ...any) (int, error) {
		return 0, r.wrong(code, append(args, "field", field, "ordinal", ordinal)...)
	}
	end := r.at
	for end < len(r.text) && r.text[end] != ';' {
		end++
	}
	digits := string(utf16.Decode(r.text[r.at:end]))
	if end == len(r.text) {
		return wrong(reason.Parm2Missing, "found", clip(digits))
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return wrong(reason.Parm2Number, "found", clip(digits))
	}
	if n < 1 || int(n) > most {
		return wrong(reason.Parm2Range, "found", n, "least", 1, "most", most)
	}
	r.at = end + 1
	return int(n), nil
}

// field reads n code units and the semicolon after them.
func (r *units) field(field string, ordinal, n int) (string, error) {
	left := len(r.text) - r.at
	if n >= left {
		return "", r.wrong(reason.Parm2Short, "field", field, "ordinal", ordinal, "length", n, "left", left)
	}
	if r.text[r.at+n] != ';' {
		return "", r.wrong(reason.Parm2Length, "field", field, "ordinal", ordinal, "length", n,
			"found", clip(string(utf16.Decode(r.text[r.at+n:]))))
	}
	units := r.text[r.at : r.at+n]
	r.at += n + 1
	return string(utf16.Decode(units)), nil
}

func (r *units) query(ordinal int) (Query, error) {
	var lengths [3]int
	parts := [3]string{"language", "namespace", "text"}
	for i, part := range parts {
		n, err := r.number(part, ordinal, maxFilter)
		if err != nil {
			return Query{}, err
		}
		lengths[i] = n
	}
	var values [3]string
	for i, part := range parts {
		v, err := r.field(part, ordinal, lengths[i])
		if err != nil {
			return Query{}, err
		}
		values[i] = v
	}
	return Query{Language: values[0], Namespace: values[1], Text: values[2]}, nil
}

// clip is a text, not all of it where it is long.
func clip(text string) string { return clipTo(text, 40) }

func clipTo(text string, most int) string {
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	return text
}
