package policyfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/filesource"
	"github.com/kmsiso/kmsiso/scanner/way"
)

// Schema returns the JSON Schema (draft 2020-12) of kmsiso.yaml, for editors, with
// these ways in and sources. It is made from the form that [Load] reads; Load checks more, such as
// names and overlaps. docs/kmsiso.schema.json is a copy.
func Schema(ways []way.Kind, sources []filesource.Kind) []byte {
	s := &schema{kinds: kinds{ways, sources}}
	file := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:kmsiso:policy:1"},
		{"title", "kmsiso.yaml"},
	}
	file = append(file, s.form(reflect.TypeFor[fileForm](), ownTag(reflect.TypeFor[fileForm]()))...)
	file = append(file, member{"$defs", s.defs})
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("policyfile: the form has no schema: %v", err)) // its tags are wrong
	}
	return append(text, '\n')
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:", m.key)
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schema collects the forms that the file is made of.
type schema struct {
	kinds kinds
	defs  object
}

// described is a part of the form that has a schema, by the tags of its field.
type described interface {
	describe(s *schema, tag reflect.StructTag) object
}

// ownTag is that of a form as a whole.
func ownTag(form reflect.Type) reflect.StructTag {
	f, _ := form.FieldByName("_")
	return f.Tag
}

// ref refers to a form under its name, and describes it when it is met first. tag says
// what it is where that is not what the form says of itself.
func (s *schema) ref(form reflect.Type, tag reflect.StructTag, describe func(reflect.StructTag) object) object {
	if tag.Get("def") == "" {
		tag = ownTag(form)
	}
	name := tag.Get("def")
	if name == "" {
		panic(fmt.Sprintf("policyfile: %s has no name in the schema", form))
	}
	if !slices.ContainsFunc(s.defs, func(m member) bool { return m.key == name }) {
		at := len(s.defs)
		s.defs = append(s.defs, member{key: name})
		s.defs[at].value = describe(tag)
	}
	return object{{"$ref", "#/$defs/" + name}}
}

// form describes a form with its keys.
func (s *schema) form(form reflect.Type, tag reflect.StructTag) object {
	properties := object{}
	v := reflect.New(form).Elem()
	for i := range form.NumField() {
		f := form.Field(i)
		if key, ok := f.Tag.Lookup("yaml"); ok {
			part, ok := v.Field(i).Addr().Interface().(described)
			if !ok {
				panic(fmt.Sprintf("policyfile: field %s of %s has no schema", f.Name, form))
			}
			properties = append(properties, member{key, part.describe(s, f.Tag)})
		}
		for _, k := range s.kinds.openKeys(v.Field(i)) {
			properties = append(properties, member{k.key, describeOption(k.option)})
		}
	}
	out := about(tag.Get("about"), object{{"type", "object"}, {"additionalProperties", false}, {"properties", properties}})
	return append(out, s.constraints(tag)...)
}

// constraints are what a form demands of its keys together.
func (s *schema) constraints(tag reflect.StructTag) object {
	var out object
	required := func(keys ...string) object { return object{{"required", keys}} }
	if keys := strings.Fields(tag.Get("required")); len(keys) > 0 {
		out = append(out, required(keys...)...)
	}
	if keys := strings.Fields(tag.Get("anyof")); len(keys) > 0 {
		var any []object
		for _, k := range keys {
			any = append(any, required(k))
		}
		out = append(out, member{"anyOf", any})
	}
	if one := tag.Get("oneof"); one != "" {
		var each []object
		for _, words := range strings.Split(one, ";") {
			key, idle, _ := strings.Cut(strings.TrimSpace(words), " without ")
			keys := []string{key}
			if key == "*" {
				keys = s.kinds.sourceNames()
			}
			var none object
			for _, k := range strings.Fields(idle) {
				none = append(none, member{k, false})
			}
			for _, key := range keys {
				o := required(key)
				if len(none) > 0 {
					o = append(o, member{"properties", none})
				}
				each = append(each, o)
			}
		}
		out = append(out, member{"oneOf", each})
	}
	if n := tag.Get("members"); n != "" {
		out = append(out, member{"minProperties", json.RawMessage(n)}, member{"maxProperties", json.RawMessage(n)})
	}
	return out
}

// describeOption describes what may be said of a way in.
func describeOption(o way.Option) object {
	switch {
	case o.Type == way.Flag:
		return about(o.About, object{{"const", true}})
	case o.Type == way.Words:
		return about(o.About, listOf(about("argument", object{{"type", []string{"string", "number"}}})))
	case len(o.Choice) > 0:
		return about(o.About, object{{"enum", o.Choice}})
	}
	return about(o.About, withPattern(object{{"type", "string"}}, o.Pattern))
}

// listOf is a list of items, or nothing where it is left empty.
func listOf(items object) object {
	return object{{"type", []string{"array", "null"}}, {"items", items}}
}

// about puts a description before o, where there is one.
func about(text string, o object) object {
	if text == "" {
		return o
	}
	return append(object{{"description", text}}, o...)
}

func withPattern(o object, pattern string) object {
	if pattern == "" {
		return o
	}
	return append(o, member{"pattern", pattern})
}
