package vantage

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// Plain is a question or an answer of which a run has thousands. Its JSON is written and
// read without reflection: package json would take several times as long.
type Plain interface {
	// AppendJSON appends what package json writes.
	AppendJSON(b []byte) []byte
	// ReadJSON reads what AppendJSON appends, into a zero value. It is false of JSON
	// in another order, with blanks, with numbers below zero and of what is no JSON:
	// the value stays zero, and package json reads it or refuses.
	ReadJSON(b []byte) bool
}

// fields names the fields of an object, in one order: the codec writes them or reads
// them.
type fields interface{ fields(*codec) }

// codec writes an object or reads one.
type codec struct {
	b       []byte // what is written, or is to be read
	at      int    // how much of b is read
	reading bool
	other   bool // what is read has another form
}

// write appends an object.
func write(b []byte, f fields) []byte {
	c := codec{b: b}
	c.object(f)
	return c.b
}

// read reads an object, and reports whether it has the form in which it is written.
func read[T any, F interface {
	*T
	fields
}](b []byte, into F) bool {
	c := codec{b: b, reading: true}
	if c.object(into); !c.other && c.at == len(b) {
		return true
	}
	*into = *new(T)
	return false
}

func (c *codec) object(f fields) {
	c.token("{")
	f.fields(c)
	c.token("}")
}

// token is what must stand next.
func (c *codec) token(s string) {
	switch {
	case !c.reading:
		c.b = append(c.b, s...)
	case c.next(s):
		c.at += len(s)
	default:
		c.other = true
	}
}

func (c *codec) next(s string) bool {
	return !c.other && len(c.b)-c.at >= len(s) && string(c.b[c.at:c.at+len(s)]) == s
}

// Whether a field is written that is zero.
const (
	always = true
	ifSet  = false
)

// field begins a field, and says whether its value follows: where it is to be written,
// and where it is found.
func (c *codec) field(name string, written bool) bool {
	if c.reading {
		return c.found(name)
	}
	if written {
		if c.b[len(c.b)-1] != '{' {
			c.b = append(c.b, ',')
		}
		c.b = append(append(append(c.b, '"'), name...), `":`...)
	}
	return written
}

func (c *codec) found(name string) bool {
	if c.other {
		return false
	}
	key, n := c.b[c.at:], len(name)
	if c.b[c.at-1] != '{' { // another field stands before it
		if !c.next(",") {
			return false
		}
		key = key[1:]
	}
	if len(key) < n+3 || key[0] != '"' || string(key[1:n+1]) != name || key[n+1] != '"' || key[n+2] != ':' {
		return false
	}
	c.at = len(c.b) - len(key) + n + 3
	return true
}

func text[S ~string](c *codec, name string, s *S, zero bool) {
	switch {
	case !c.field(name, zero || *s != ""):
	case c.reading:
		*s = S(c.quoted())
	default:
		c.quote(append(append(c.b, '"'), *s...))
	}
}

// quoted reads a text.
func (c *codec) quoted() []byte {
	c.token(`"`)
	start := c.at
	for c.at < len(c.b) && plain[c.b[c.at]] {
		c.at++
	}
	if !c.next(`"`) {
		return c.escaped(start)
	}
	c.at++
	return c.b[start : c.at-1]
}

// escaped reads the text that starts there, in which not every octet stands for itself.
func (c *codec) escaped(start int) []byte {
	for c.at < len(c.b) && c.b[c.at] != '"' {
		if c.b[c.at] == '\\' {
			c.at++
		}
		c.at++
	}
	c.token(`"`)
	var s string
	if c.other || json.Unmarshal(c.b[start-1:c.at], &s) != nil {
		c.other = true
	}
	return []byte(s)
}

// quote ends a text that was appended to b, behind its first quote. What does not stand
// for itself in it is escaped.
func (c *codec) quote(b []byte) {
	start := len(c.b)
	for _, o := range b[start+1:] {
		if !plain[o] {
			s, _ := json.Marshal(string(b[start+1:])) // of a text it has no errors
			c.b = append(b[:start], s...)
			return
		}
	}
	c.b = append(b, '"')
}

// plain are the octets that stand for themselves in a text.
var plain = func() (is [256]bool) {
	for o := ' '; o <= '~'; o++ {
		is[o] = !strings.ContainsRune(`"\<>&`, o)
	}
	return is
}()

// number is one that is not below zero when it is read.
func number[N ~int | ~int64 | ~uint8 | ~uint16](c *codec, name string, n *N, zero bool) {
	switch {
	case !c.field(name, zero || *n != 0):
	case c.reading:
		read := c.digits()
		*n = N(read)
		c.other = c.other || int64(*n) != read
	default:
		c.b = strconv.AppendInt(c.b, int64(*n), 10)
	}
}

// digits reads a number of 18 digits at most: a longer one may not fit.
func (c *codec) digits() (n int64) {
	start := c.at
	for c.at < len(c.b) && c.b[c.at] >= '0' && c.b[c.at] <= '9' && c.at-start < 18 {
		n = 10*n + int64(c.b[c.at]-'0')
		c.at++
	}
	if c.at == start || c.at > start+1 && c.b[start] == '0' {
		c.other = true
	}
	return n
}

// flag is written where it is set.
func (c *codec) flag(name string, set *bool) {
	if c.field(name, *set) {
		c.token("true")
		*set = true
	}
}

// octets are written in base64.
func (c *codec) octets(name string, o *[]byte, zero bool) {
	switch {
	case !c.field(name, zero || len(*o) > 0):
	case c.reading:
		s := c.quoted()
		b := make([]byte, base64.StdEncoding.DecodedLen(len(s)))
		n, err := base64.StdEncoding.Decode(b, s)
		*o, c.other = b[:n], c.other || err != nil
	case *o == nil:
		c.b = append(c.b, "null"...)
	default:
		c.b = append(base64.StdEncoding.AppendEncode(append(c.b, '"'), *o), '"')
	}
}

// address is an IP address, or one with a port.
func address[A interface {
	comparable
	AppendTo(b []byte) []byte
}, P interface {
	*A
	UnmarshalText(b []byte) error
}](c *codec, name string, a P, zero bool) {
	switch {
	case !c.field(name, zero || *a != *new(A)):
	case c.reading:
		c.other = a.UnmarshalText(c.quoted()) != nil || c.other
	default:
		c.quote((*a).AppendTo(append(c.b, '"')))
	}
}
