package entry_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason/catalog"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// A form that is misspelled writes the argument as it is, or nothing.
func TestSentencesUseFormsThatExist(t *testing.T) {
	form := regexp.MustCompile(`\{[^}|]+\|([^}]*)\}`)
	seen := 0
	for _, e := range catalog.All {
		for _, m := range form.FindAllStringSubmatch(e.Text+e.Fix, -1) {
			seen++
			if !strings.HasPrefix(m[1], "+") && !entry.IsForm(m[1]) {
				t.Errorf("the row of %s writes %s: there is no such form", e.Code, m[0])
			}
		}
	}
	if seen == 0 {
		t.Error("no sentence uses a form")
	}
}
