package policyfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// readable is a part of the file's form that fills itself from a YAML node.
type readable interface {
	read(r *reader, n *yaml.Node)
}

// reader walks the nodes of one file. It goes on after a mistake, so that one
// reading tells them all.
type reader struct {
	src   *source
	bad   *problems
	kinds kinds
	depth int
	// after is for each node of the file the line of what comes after it.
	after map[*yaml.Node]int
}

// maxDepth is far more than the form of the file needs.
const maxDepth = 24

func (r *reader) place(n *yaml.Node) place {
	if n == nil {
		return place{src: r.src}
	}
	return r.src.at(n.Line, n.Column)
}

// pair is one key with its value.
type pair struct {
	key   string
	at    place
	value *yaml.Node
}

// pairs returns what a mapping holds, in order. Keys written twice are told
// and left out.
func (r *reader) pairs(n *yaml.Node, want string) ([]pair, bool) {
	if n.Kind != yaml.MappingNode || !unadorned(n) {
		r.wrong(n, want)
		return nil, false
	}
	var out []pair
	first := map[string]int{} // the line of a key
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := r.place(key)
		if key.Kind != yaml.ScalarNode || !unadorned(key) {
			r.hide(value)
			r.bad.add(at, "a key must be a plain word")
			continue
		}
		if key.Value == "<<" {
			r.hide(value)
			r.bad.add(at, "the merge key << is not read; put what repeats under defaults or into a vantage set")
			continue
		}
		if line, twice := first[key.Value]; twice {
			r.hide(value)
			r.bad.add(at, "%q is given twice, first in line %d; keep one of them", key.Value, line)
			continue
		}
		first[key.Value] = at.line
		out = append(out, pair{key.Value, at, value})
	}
	return out, true
}

// fields fills a struct whose fields are readable and carry a yaml tag.
func (r *reader) fields(n *yaml.Node, form any) {
	pairs, ok := r.pairs(n, "a mapping of "+strings.Join(r.kinds.keysOf(form), ", "))
	if !ok || !r.enter(n) {
		return
	}
	defer r.leave()
	v := reflect.ValueOf(form).Elem()
	for _, p := range pairs {
		field, ok := r.kinds.fieldOf(v, p.key)
		if !ok {
			r.hide(p.value) // a misspelt key may hold a secret
			if r.bad.full() {
				continue // no suggestion for what nobody will read
			}
			r.bad.add(p.at, "unknown key %q; %s", p.key, didYouMean(p.key, r.kinds.keysOf(form)))
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

func (r *reader) enter(n *yaml.Node) bool {
	if r.depth >= maxDepth {
		r.bad.add(r.place(n), "nested too deeply")
		return false
	}
	r.depth++
	return true
}

func (r *reader) leave() { r.depth-- }

// wrong tells that a node is of the wrong kind, without its value.
func (r *reader) wrong(n *yaml.Node, want string) {
	at := r.place(n)
	switch {
	case n.Anchor != "", n.Kind == yaml.AliasNode:
		r.bad.add(at, "anchors and aliases are not read; put what repeats under defaults or into a vantage set")
	case n.Style&yaml.TaggedStyle != 0:
		r.bad.add(at, "tags are not read; remove the one that begins with !")
	case isNull(n):
		r.bad.add(at, "a value is missing; want %s", want)
	default:
		r.bad.add(at, "want %s, not %s", want, kindOf(n))
	}
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!bool":
		return "true or false"
	case "!!int", "!!float":
		return "a number"
	}
	return "text"
}

// hide keeps a value out of every excerpt.
func (r *reader) hide(n *yaml.Node) {
	if at := r.place(n); at.line > 0 {
		r.src.hidden = append(r.src.hidden, span{at.line, at.column, r.after[n]})
	}
}

// keysOf lists the keys of a form, in the order of its fields.
func (k kinds) keysOf(form any) []string {
	v := reflect.ValueOf(form).Elem()
	var out []string
	for i := range v.NumField() {
		if key, ok := v.Type().Field(i).Tag.Lookup("yaml"); ok {
			out = append(out, key)
			continue
		}
		for _, o := range k.openKeys(v.Field(i)) {
			out = append(out, o.key)
		}
	}
	return out
}

// openKeys are the keys of the ways in that a field holds; nil where it holds none.
func (k kinds) openKeys(field reflect.Value) []openKey {
	if !field.CanInterface() {
		return nil
	}
	o, ok := field.Addr().Interface().(open)
	if !ok {
		return nil
	}
	return o.keys(k)
}

// fieldOf returns the part of a form that has a key. Where the key is of the ways in,
// the part is made.
func (k kinds) fieldOf(v reflect.Value, key string) (readable, bool) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name, ok := f.Tag.Lookup("yaml"); ok && name == key {
			form, ok := v.Field(i).Addr().Interface().(readable)
			if !ok {
				panic(fmt.Sprintf("policyfile: field %s of %s cannot be read", f.Name, v.Type()))
			}
			if c, ok := form.(interface{ choose(words []string) }); ok {
				c.choose(strings.Fields(f.Tag.Get("enum")))
			}
			return form, true
		}
		for _, o := range k.openKeys(v.Field(i)) {
			if o.key == key {
				g := &stated{option: o.option}
				v.Field(i).Addr().Interface().(open).hold(key, g) //nolint:forcetypeassert // it has keys
				return g, true
			}
		}
	}
	return nil, false
}

// maxNesting is how deep the parser goes; the form of the file needs far less
// (maxDepth), and what is deeper gets a message of its own up to here.
const maxNesting = 200

// parseYAML returns the one document of a file, nil where it holds nothing. A
// parser that panics on hostile text is an error like any other.
func parseYAML(data []byte) (body *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			body, err = nil, errors.New("the text cannot be parsed")
		}
	}()
	documents, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxNesting))))
	if err != nil {
		return nil, err
	}
	for {
		var d yaml.Node
		err := documents.Load(&d)
		switch {
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return nil, err
		case len(d.Content) == 0 || isNull(d.Content[0]):
		case body == nil:
			body = d.Content[0]
		default:
			return nil, errors.New("there is more than one document; remove what follows the second ---")
		}
	}
}

// isNull reports whether a node is a value that is missing.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && unadorned(n)
}

// unadorned reports whether a node is what it looks like: no alias of another,
// without an anchor and without a tag.
func unadorned(n *yaml.Node) bool {
	return n.Kind != yaml.AliasNode && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}

// follow finds for each node of a document the line of what comes after it; last
// is that behind the document.
func follow(n *yaml.Node, last int, lines map[*yaml.Node]int) {
	lines[n] = last
	for i := len(n.Content) - 1; i >= 0; i-- {
		follow(n.Content[i], last, lines)
		last = n.Content[i].Line
	}
}
