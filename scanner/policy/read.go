package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// readable is a part of the file's form that fills itself from a YAML node.
type readable interface {
	read(r *reader, n ast.Node)
}

// reader walks the nodes of one file. It goes on after a mistake, so that one
// reading tells them all.
type reader struct {
	src   *source
	bad   *problems
	depth int
}

// maxDepth is far more than the form of the file needs.
const maxDepth = 24

func (r *reader) place(n ast.Node) place {
	if n == nil {
		return place{src: r.src}
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	return r.tokenPlace(n.GetToken())
}

func (r *reader) tokenPlace(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{src: r.src}
	}
	return place{r.src, min(max(t.Position.Line, 1), len(r.src.lines)), max(t.Position.Column, 1)}
}

// pair is one key with its value.
type pair struct {
	key   string
	at    place
	value ast.Node
}

// pairs returns what a mapping holds, in order. Keys written twice are told
// and left out.
func (r *reader) pairs(n ast.Node, want string) ([]pair, bool) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.wrong(n, want)
		return nil, false
	}
	var out []pair
	for _, v := range values {
		at := r.place(v.Key)
		if v.Key.GetToken().Value == "<<" {
			r.hide(v.Value)
			r.bad.add(at, "the merge key << is not read; put what repeats under defaults or into a vantage set")
			continue
		}
		key, ok := v.Key.(ast.ScalarNode)
		if !ok {
			r.hide(v.Value)
			r.bad.add(at, "a key must be a plain word")
			continue
		}
		name := key.GetToken().Value
		if i := slices.IndexFunc(out, func(p pair) bool { return p.key == name }); i >= 0 {
			r.hide(v.Value)
			r.bad.add(at, "%q is given twice, first in line %d; keep one of them", name, out[i].at.line)
			continue
		}
		out = append(out, pair{name, at, v.Value})
	}
	return out, true
}

// fields fills a struct whose fields are readable and carry a yaml tag.
func (r *reader) fields(n ast.Node, form any) {
	pairs, ok := r.pairs(n, "a mapping of "+strings.Join(keysOf(form), ", "))
	if !ok || !r.enter(n) {
		return
	}
	defer r.leave()
	v := reflect.ValueOf(form).Elem()
	for _, p := range pairs {
		field, ok := fieldOf(v, p.key)
		if !ok {
			r.hide(p.value) // a misspelt key may hold a secret
			r.bad.add(p.at, "unknown key %q; %s", p.key, didYouMean(p.key, keysOf(form)))
			continue
		}
		field.read(r, p.value)
		if b, ok := field.(keyed); ok {
			b.keyAt(p.at)
		}
	}
}

// keyed is a part of the form that wants to know where its key stands.
type keyed interface{ keyAt(place) }

func (r *reader) enter(n ast.Node) bool {
	if r.depth >= maxDepth {
		r.bad.add(r.place(n), "nested too deeply")
		return false
	}
	r.depth++
	return true
}

func (r *reader) leave() { r.depth-- }

// wrong tells that a node is of the wrong kind, without its value.
func (r *reader) wrong(n ast.Node, want string) {
	at := r.place(n)
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		r.bad.add(at, "anchors and aliases are not read; put what repeats under defaults or into a vantage set")
	case *ast.TagNode:
		r.bad.add(at, "tags are not read; remove the one that begins with !")
	case *ast.NullNode:
		r.bad.add(at, "a value is missing; want %s", want)
	default:
		r.bad.add(at, "want %s, not %s", want, kindOf(n))
	}
}

func kindOf(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	}
	return "text"
}

// hide keeps a value out of every excerpt.
func (r *reader) hide(n ast.Node) {
	at := r.place(n)
	if at.line == 0 {
		return
	}
	last := n.GetToken()
	ast.Walk(finder(func(n ast.Node) {
		tokens := []*token.Token{n.GetToken()}
		switch n := n.(type) {
		case *ast.MappingNode:
			tokens = append(tokens, n.End)
		case *ast.SequenceNode:
			tokens = append(tokens, n.End)
		case *ast.LiteralNode:
			tokens = append(tokens, n.Value.GetToken())
		}
		for _, t := range tokens {
			if t != nil && t.Position != nil && t.Position.Offset > last.Position.Offset {
				last = t
			}
		}
	}), n)
	until := len(r.src.lines) + 1
	if next := last.Next; next != nil && next.Position != nil {
		until = next.Position.Line
	}
	r.src.hidden = append(r.src.hidden, span{at.line, at.column, until})
}

// finder calls a function with every node.
type finder func(ast.Node)

func (f finder) Visit(n ast.Node) ast.Visitor {
	f(n)
	return f
}

// keysOf lists the keys of a form, in the order of its fields.
func keysOf(form any) []string {
	t := reflect.TypeOf(form).Elem()
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, keysOf(reflect.New(f.Type).Interface())...)
			continue
		}
		if key, ok := f.Tag.Lookup("yaml"); ok {
			out = append(out, key)
		}
	}
	return out
}

func fieldOf(v reflect.Value, key string) (readable, bool) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			if found, ok := fieldOf(v.Field(i), key); ok {
				return found, true
			}
			continue
		}
		if name, ok := f.Tag.Lookup("yaml"); ok && name == key {
			form, ok := v.Field(i).Addr().Interface().(readable)
			if !ok {
				panic(fmt.Sprintf("policy: field %s of %s cannot be read", f.Name, v.Type()))
			}
			return form, true
		}
	}
	return nil, false
}
