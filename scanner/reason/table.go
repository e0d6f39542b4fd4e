package reason

import "strconv"

// Table has the reasons of which a document says the same in many places. Each stands
// once, and the places have its number, counted from 0. What a reason rests on stands
// before it, and is named by numbers as well.
//
// The zero Table is empty. [Rows] is a table that is read.
type Table struct {
	numbered map[string]int
	rows     []row
	b        []byte // the reasons that are being placed
}

// row is a reason of a table.
type row struct {
	Reason

	codes string // as it is written, without its end
	said  bool   // with its text
}

// Say places a reason, with a text beside it for people, and returns its number.
func (t *Table) Say(r Reason) int {
	n := t.Place(r)
	t.rows[n].said = true
	return n
}

// Place places a reason whose text people find elsewhere, and returns its number.
func (t *Table) Place(r Reason) (n int) {
	t.b, n = t.place(t.b[:0], r)
	return n
}

// place uses what b has room for, and returns b as it was.
func (t *Table) place(b []byte, r Reason) ([]byte, int) {
	start := len(b)
	b = r.codes(b, t)
	n, ok := t.numbered[string(b[start:])]
	if !ok {
		if t.numbered == nil {
			t.numbered = make(map[string]int)
		}
		codes := string(b[start:])
		n = len(t.rows)
		t.numbered[codes], t.rows = n, append(t.rows, row{Reason: r, codes: codes})
	}
	return b[:start], n
}

// numbers appends the numbers of what a reason rests on.
func (t *Table) numbers(b []byte, l List) []byte {
	b = append(b, '[')
	for i, r := range l {
		var n int
		if b, n = t.place(b, r); i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}

// Len counts the reasons.
func (t *Table) Len() int { return len(t.rows) }

// AppendJSON appends the list of all reasons.
func (t *Table) AppendJSON(b []byte) []byte {
	b = append(b, '[')
	for i := range t.rows {
		r := &t.rows[i]
		if i > 0 {
			b = append(b, ',')
		}
		if b = append(b, r.codes...); r.said {
			b = r.sentence(b)
		} else {
			b = append(b, '}')
		}
	}
	return append(b, ']')
}
