// Package reason says why, for programs: a code and its arguments. What a person
// reads is made of it last, by package catalog, and nobody else can see a text.
//
// It is the lowest leaf of the tree and knows nothing of what the codes mean.
package reason

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Code names one cause: a noun phrase in kebab case, such as "host-answers". It
// is unique in the whole program and never changes its meaning.
type Code string

// Reason is one cause with what it is about.
type Reason struct {
	Code Code
	Args []Arg
}

// Arg is one argument of a [Reason]: a name, an address or a number, never a
// sentence of ours.
type Arg struct {
	Name string
	// Value is a string, an int64, a []string, or a [List] of reasons that this
	// one rests on.
	Value any
}

// List is several reasons, the most important one first.
type List []Reason

// New makes a reason. Arguments are pairs of a name and a value: a string, an
// integer, something with a String method, an error (the reasons that it carries, or
// else its words, which are somebody else's), a slice of those, a [Reason] or a
// [List]. Empty words, empty slices and empty lists are left out.
func New(code Code, args ...any) Reason {
	r := Reason{Code: code}
	if len(args) > 1 {
		r.Args = make([]Arg, 0, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		if v := value(args[i+1]); v != nil {
			r.Args = append(r.Args, Arg{args[i].(string), v})
		}
	}
	slices.SortStableFunc(r.Args, byName)
	return r
}

func byName(a, b Arg) int { return strings.Compare(a.Name, b.Name) }

// One is a list of one new reason.
func One(code Code, args ...any) List { return List{New(code, args...)} }

// value is a value of an argument as [Arg] has it, nil for an empty one.
func value(of any) any {
	switch v := of.(type) {
	case string:
		if v == "" {
			return nil
		}
		return of
	case int64:
		return of
	case []string:
		if len(v) == 0 {
			return nil
		}
		return slices.Clone(v)
	case Reason:
		return List{v}
	case List:
		if len(v) == 0 {
			return nil
		}
		return of
	case error:
		if l := carried(v); len(l) > 0 {
			return l
		}
		return value(v.Error())
	case fmt.Stringer:
		return value(v.String())
	}
	switch r := reflect.ValueOf(of); r.Kind() {
	case reflect.String:
		return value(r.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(r.Uint()) //nolint:gosec // ports, counts and identifiers of 32 bits
	case reflect.Slice:
		var all []string
		for i := range r.Len() {
			all = append(all, fmt.Sprint(r.Index(i).Interface()))
		}
		return value(all)
	default:
		panic(fmt.Sprintf("reason: an argument of type %T", of))
	}
}

// Is reports whether the reason has one of the codes.
func (r Reason) Is(codes ...Code) bool { return slices.Contains(codes, r.Code) }

// Word is the argument of a name as a word: "" where there is none.
func (r Reason) Word(name string) string {
	switch v := r.arg(name).(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case []string:
		return strings.Join(v, ", ")
	}
	return ""
}

// Words is the argument of a name as a list of words.
func (r Reason) Words(name string) []string {
	switch v := r.arg(name).(type) {
	case nil, List:
		return nil
	case []string:
		return v
	default:
		return []string{r.Word(name)}
	}
}

// Number is the argument of a name as a number, 0 where it is none.
func (r Reason) Number(name string) int64 {
	n, _ := r.arg(name).(int64)
	return n
}

// Because is the argument of a name that holds reasons.
func (r Reason) Because(name string) List {
	l, _ := r.arg(name).(List)
	return l
}

func (r Reason) arg(name string) any {
	for _, a := range r.Args {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// With is the reason with one argument set.
func (r Reason) With(name string, v any) Reason {
	args := make([]Arg, 0, len(r.Args)+1)
	set := value(v)
	for _, a := range r.Args {
		if set != nil && a.Name >= name {
			args, set = append(args, Arg{name, set}), nil
		}
		if a.Name != name {
			args = append(args, a)
		}
	}
	if set != nil {
		args = append(args, Arg{name, set})
	}
	return Reason{r.Code, args}
}

// Equal reports whether two reasons have the same code and arguments.
func (r Reason) Equal(o Reason) bool {
	return r.Code == o.Code && slices.EqualFunc(r.Args, o.Args, Arg.equal)
}

func (a Arg) equal(o Arg) bool {
	if a.Name != o.Name {
		return false
	}
	switch v := a.Value.(type) {
	case []string:
		w, ok := o.Value.([]string)
		return ok && slices.Equal(v, w)
	case List:
		w, ok := o.Value.(List)
		return ok && v.Equal(w)
	}
	switch o.Value.(type) {
	case []string, List:
		return false
	}
	return a.Value == o.Value
}

// Key is equal for equal reasons, and for nothing else. It is no text for people.
func (r Reason) Key() string {
	var b strings.Builder
	r.key(&b)
	return b.String()
}

func (r Reason) key(b *strings.Builder) {
	b.WriteString(strconv.Quote(string(r.Code)))
	for _, a := range r.Args {
		b.WriteString(" " + a.Name + "=")
		switch v := a.Value.(type) {
		case string:
			b.WriteString(strconv.Quote(v))
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case []string:
			fmt.Fprintf(b, "%q", v)
		case List:
			b.WriteString("(" + v.Key() + ")")
		}
	}
}
