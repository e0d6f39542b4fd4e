package policyfile

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"time"
)

func (s *scalar[T]) describe(_ *schema, tag reflect.StructTag) object {
	text := tag.Get("about")
	switch {
	case tag.Get("const") != "":
		return about(text, object{{"const", json.RawMessage(tag.Get("const"))}})
	case tag.Get("enum") != "":
		return about(text, object{{"enum", strings.Fields(tag.Get("enum"))}})
	}
	standard, o := typeOf(&s.value)
	if text == "" {
		text = standard
	}
	if also := tag.Get("also"); also != "" {
		o[0].value = []any{o[0].value, also}
	}
	if least, most, ok := strings.Cut(tag.Get("range"), " "); ok {
		o = append(o, member{"minimum", json.RawMessage(least)}, member{"maximum", json.RawMessage(most)})
	}
	return about(text, withPattern(o, tag.Get("pattern")))
}

// typeOf is what a kind of value looks like, with words for it where no field has its
// own. The patterns let through what [parseValue] takes, and a little more.
func typeOf(value any) (words string, o object) {
	text := func(pattern string) object { return withPattern(object{{"type", "string"}}, pattern) }
	switch value.(type) {
	case *string:
		return "", text("")
	case *int:
		return "", object{{"type", "integer"}}
	case *bool:
		return "", object{{"type", "boolean"}}
	case *port:
		return "", object{{"type", "integer"}, {"minimum", 1}, {"maximum", 65535}}
	case *percent:
		number := object{{"type", "number"}, {"minimum", 0}, {"maximum", 100}}
		return "", object{{"anyOf", []object{number, text(`^(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)%?$`)}}}
	case *netip.Addr:
		return "One IPv4 or IPv6 address.", text(`^[0-9A-Fa-f:.]+$`)
	case *addresses:
		return "address, network or range", text(`^[0-9A-Fa-f:.]+(/[0-9]+|\s*-\s*[0-9A-Fa-f:.]+)?$`)
	case *time.Duration:
		return "", text(`^([0-9.]+(ns|us|µs|ms|s|m|h))+$`)
	case *moment:
		return "A day (to its end, in the zone of the file) or a moment.", text(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$`)
	case *days:
		return "", text(`^[1-9][0-9]*d$`)
	}
	panic(fmt.Sprintf("policyfile: %T has no schema", value))
}

// namePattern is that of the names which a file gives, see [loader.checkName].
var namePattern = plainly.String()

func (l *list[T]) describe(s *schema, tag reflect.StructTag) object {
	pattern := tag.Get("eachpattern")
	if tag.Get("eachname") != "" {
		pattern = namePattern
	}
	each := reflect.StructTag(fmt.Sprintf(`about:%q pattern:%q also:%q`, tag.Get("each"), pattern, tag.Get("eachalso")))
	var item T
	return about(tag.Get("about"), listOf(any(&item).(described).describe(s, each)))
}

func (t *table[T]) describe(s *schema, tag reflect.StructTag) object {
	var entry T
	return about(tag.Get("about"), object{
		{"type", []string{"object", "null"}},
		{"propertyNames", object{{"type", "string"}, {"pattern", namePattern}}},
		{"additionalProperties", any(&entry).(described).describe(s, "")},
	})
}

func (b *block[T]) describe(s *schema, tag reflect.StructTag) object {
	form := reflect.TypeFor[T]()
	return s.ref(form, tag, func(tag reflect.StructTag) object { return s.form(form, tag) })
}

func (u *unsupported) describe(*schema, reflect.StructTag) object {
	return about("Not in this version.", nil)
}

func (f *secretForm) describe(s *schema, tag reflect.StructTag) object {
	form := reflect.TypeFor[secretForm]()
	return s.ref(form, tag, func(tag reflect.StructTag) object { return s.form(form, tag) })
}

func (v *viaForm) describe(s *schema, tag reflect.StructTag) object {
	form := reflect.TypeFor[viaForm]()
	return s.ref(form, tag, func(tag reflect.StructTag) object {
		var either []object
		for _, word := range s.kinds.words() {
			either = append(either, object{{"const", word}})
		}
		return about("One way in.", object{{"oneOf", append(either, s.form(form, tag))}})
	})
}
