package policy

import (
	"errors"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML returns the one document of a file. A parser that panics on
// hostile text is an error like any other.
func parseYAML(data []byte) (body ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			body, err = nil, errors.New("the text cannot be parsed")
		}
	}()
	file, err := parser.Parse(joinColons(lexer.Tokenize(string(data))), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, err
	}
	for _, d := range file.Docs {
		switch {
		case d.Body == nil:
		case body == nil:
			body = d.Body
		default:
			return nil, errors.New("there is more than one document; remove what follows the second ---")
		}
	}
	return body, nil
}

// joinColons mends what the lexer cuts: in a list inside a flow mapping, as in
// {to: [files:445, 2001:db8::1]}, it takes a colon without a space behind it
// for the end of a key. To YAML it is part of the word.
func joinColons(tokens token.Tokens) token.Tokens {
	var out token.Tokens
	var open []token.Type // brackets around the token
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open = append(open, t.Type)
		case token.SequenceEndType, token.MappingEndType:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
		inList := len(open) > 0 && open[len(open)-1] == token.SequenceStartType
		out = append(out, t)
		for inList && len(out) > 1 && joined(&out) {
		}
	}
	for i, t := range out {
		t.Prev, t.Next = nil, nil
		if i > 0 {
			t.Prev, out[i-1].Next = out[i-1], t
		}
	}
	return out
}

// joined makes one word of the last tokens if they are word, colon, word or
// colon, word without anything between.
func joined(out *token.Tokens) bool {
	all := *out
	n := len(all)
	word, colon := all[n-1], all[n-2]
	if !isWord(word) || colon.Type != token.MappingValueType || !touch(colon, word) {
		return false
	}
	from := n - 2
	if n > 2 && isWord(all[n-3]) && touch(all[n-3], colon) {
		from = n - 3
	} else if n > 2 && all[n-3].Type != token.SequenceStartType && all[n-3].Type != token.CollectEntryType {
		return false // the colon ends a quoted key
	}
	value, origin := "", ""
	for _, t := range all[from:] {
		value += t.Value
		origin += t.Origin
	}
	*out = append(all[:from], token.String(value, origin, all[from].Position))
	return true
}

func isWord(t *token.Token) bool {
	switch t.Type {
	case token.StringType, token.IntegerType, token.FloatType, token.BoolType, token.NullType,
		token.OctetIntegerType, token.HexIntegerType, token.BinaryIntegerType:
		return true
	}
	return false
}

func touch(a, b *token.Token) bool {
	return a.Position.Line == b.Position.Line &&
		a.Position.Column+utf8.RuneCountInString(a.Value) == b.Position.Column
}
