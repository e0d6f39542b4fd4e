// Package catalogtest is for tests: it finds reasons whose sentence would have a
// gap.
package catalogtest

import (
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// named is an argument in a sentence, and its form.
var named = regexp.MustCompile(`\{([^}|]+)(?:\|([^}]*))?\}`)

// must are the forms that leave a gap where the argument is absent. The others are
// made for arguments that may be.
var must = []string{"", "q", "few", "ps", "comma"}

// Complete complains of each reason in v, a list of reasons, a cell, a run or
// whatever has some, that has no row in the catalogue, or lacks an argument that
// its row names.
func Complete(t testing.TB, v any) {
	t.Helper()
	walk(reflect.ValueOf(v), func(l reason.List) {
		for r := range l.All {
			check(t, r)
		}
	})
}

func check(t testing.TB, r reason.Reason) {
	t.Helper()
	row, ok := catalog.Of(r.Code)
	if !ok {
		t.Errorf("the code %s has no row in the catalogue", r.Code)
	}
	for _, m := range named.FindAllStringSubmatch(row.Text+row.Fix, -1) {
		if slices.Contains(must, m[2]) && !slices.ContainsFunc(r.Args, func(a reason.Arg) bool { return a.Name == m[1] }) {
			t.Errorf("the row of %s names {%s}, which is none of the arguments of %s", r.Code, m[1], r.Key())
		}
	}
}

// Wants complains of an error whose reasons are not these, in this order. Without
// any, there must be no error.
func Wants(t testing.TB, err error, want reason.List) {
	t.Helper()
	if got := reason.Of(err); !got.Equal(want) {
		t.Errorf("%s, want %s", got.Key(), want.Key())
	}
}

// Graded complains of each finding of a cell that has no severity, or another than
// the catalogue's, but for findings of the codes named.
func Graded(t testing.TB, c *run.Cell, besides ...reason.Code) {
	t.Helper()
	for _, f := range c.Findings {
		row, _ := catalog.Of(f.Reason[0].Code)
		if f.Severity == "" || f.Severity != row.Severity && !f.Reason.Has(besides...) {
			t.Errorf("%s has the finding %s, graded %q and by the catalogue %q", c.ID, f.ID(), f.Severity, row.Severity)
		}
	}
}

var list = reflect.TypeFor[reason.List]()

// walk finds the lists of reasons in a value, in exported fields alone.
func walk(v reflect.Value, found func(reason.List)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), found)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().ConvertibleTo(list) {
			found(v.Convert(list).Interface().(reason.List))
			return
		}
		for i := range v.Len() {
			walk(v.Index(i), found)
		}
	case reflect.Map:
		for i := v.MapRange(); i.Next(); {
			walk(i.Value(), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), found)
			}
		}
	}
}
