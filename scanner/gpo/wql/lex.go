package wql

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// ErrCurlyQuotes is the error of a query that has typographic quotes where WQL
// wants straight ones. A string constant stands in " or ' ([MS-WMI] 2.2.1.1);
// what is not valid syntax gets WBEM_E_INVALID_QUERY, 0x80041017
// (3.1.4.3.18). For Group Policy that is a local error of the evaluation: it
// ends policy application ([MS-GPOL] 3.2.5.1.7). A filter that is not there
// would do less harm: its evaluation is skipped and the GPO allowed.
var ErrCurlyQuotes = errors.New("typographic quotes")

// curlyQuotes is [ErrCurlyQuotes] at an offset.
func curlyQuotes(at int) error { return reason.Wrap(ErrCurlyQuotes, reason.CurlyQuotes, "offset", at) }

// tokenKind is what a token is.
type tokenKind int

const (
	tokenEnd     tokenKind = iota
	tokenWord              // a keyword, a class or a property
	tokenText              // a string constant; its text is without quotes
	tokenInteger           // as written, with its sign
	tokenReal
	tokenSign // an operator, a parenthesis, a comma, an asterisk
)

// token is one token of a query. A string constant with a backslash has its
// escapes resolved in text, and backslash set: in LIKE it is none.
type token struct {
	kind      tokenKind
	text      string
	backslash bool
	at        int // offset in octets
}

// is reports whether t is the given sign or, whatever its case, keyword.
func (t token) is(text string) bool {
	return (t.kind == tokenWord || t.kind == tokenSign) && strings.EqualFold(t.text, text)
}

// String is the text, as much of it as a sentence takes: "" at the end.
func (t token) String() string { return clip(t.text) }

// notUnderstood is the error of a query that this package does not understand.
func notUnderstood(at int, code reason.Code, args ...any) error {
	return reason.Fail(reason.QueryNotUnderstood, "offset", at, "why", reason.New(code, args...))
}

// lex splits a query. The last token is tokenEnd.
func lex(query string) ([]token, error) {
	var out []token
	for at := 0; ; {
		at += len(query[at:]) - len(strings.TrimLeft(query[at:], " \t\r\n"))
		t, n, err := lexOne(query, at)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if t.kind == tokenEnd {
			return out, nil
		}
		at += n
	}
}

// lexOne reads the token at an offset and says how long it is.
func lexOne(query string, at int) (token, int, error) {
	rest := query[at:]
	t := token{at: at}
	if rest == "" {
		return t, 0, nil
	}
	for _, sign := range []string{"<>", "<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "*"} {
		if strings.HasPrefix(rest, sign) {
			t.kind, t.text = tokenSign, sign
			return t, len(sign), nil
		}
	}
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		return lexText(t, rest)
	case letter(c):
		t.kind, t.text = tokenWord, rest[:span(rest, func(c byte) bool { return letter(c) || digit(c) })]
		return t, len(t.text), nil
	case digit(c) || c == '-' || c == '+' || c == '.':
		return lexNumber(t, rest)
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if curly(r) {
		return t, 0, curlyQuotes(at)
	}
	return t, 0, notUnderstood(at, reason.WQLCharacter, "character", strconv.QuoteRune(r), "point", fmt.Sprintf("U+%04X", r))
}

// lexText reads a string constant. A backslash escapes itself and quotes.
func lexText(t token, rest string) (token, int, error) {
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == rest[0]:
			t.kind, t.text = tokenText, b.String()
			return t, i + 1, nil
		case c == '\\' && i+1 < len(rest) && strings.IndexByte(`\'"`, rest[i+1]) >= 0:
			i++
			b.WriteByte(rest[i])
			t.backslash = true
		case c == '\\':
			return t, 0, notUnderstood(t.at+i, reason.WQLBackslash)
		default:
			b.WriteByte(c)
		}
	}
	if i := strings.IndexFunc(rest, curly); i >= 0 {
		return t, 0, curlyQuotes(t.at + i)
	}
	return t, 0, notUnderstood(t.at, reason.WQLOpenQuote, "quote", rest[:1])
}

func lexNumber(t token, rest string) (token, int, error) {
	n := 0
	if rest[0] == '-' || rest[0] == '+' {
		n = 1
	}
	whole := span(rest[n:], digit)
	n += whole
	t.kind = tokenInteger
	if n < len(rest) && rest[n] == '.' {
		t.kind = tokenReal
		fraction := span(rest[n+1:], digit)
		n += 1 + fraction
		whole += fraction
	}
	if whole == 0 || n < len(rest) && (letter(rest[n]) || rest[n] == '.') {
		return t, 0, notUnderstood(t.at, reason.WQLNumber, "found", clip(rest[:min(n+1, len(rest))]))
	}
	t.text = rest[:n]
	return t, n, nil
}

// span counts the octets at the beginning that are of a kind.
func span(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}

// curly reports whether r is a typographic quote of any language.
func curly(r rune) bool { return r >= '\u2018' && r <= '\u201f' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
