// Package catalogtest is for tests: it finds reasons whose sentence would have a
// gap.
package catalogtest

import (
	"regexp"
	"slices"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
)

// named is an argument in a sentence, and how it is written.
var named = regexp.MustCompile(`\{([^}|]+)(\|\+)?[^}]*\}`)

// Complete complains of a reason, or one that it rests on, that has no row in the
// catalogue, or lacks an argument that its row names. What is written as {x|+ by }
// may be absent.
func Complete(t testing.TB, l reason.List) {
	t.Helper()
	for r := range l.All {
		row, ok := catalog.Of(r.Code)
		if !ok {
			t.Errorf("the code %s has no row in the catalogue", r.Code)
		}
		for _, m := range named.FindAllStringSubmatch(row.Text+row.Fix, -1) {
			if m[2] == "" && !slices.ContainsFunc(r.Args, func(a reason.Arg) bool { return a.Name == m[1] }) {
				t.Errorf("the row of %s names {%s}, which is none of the arguments of %s", r.Code, m[1], r.Key())
			}
		}
	}
}
