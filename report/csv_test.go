package report

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// A name from the network that looks like a formula is text; one that does not stays.
func TestCSVHoldsNoFormula(t *testing.T) {
	for name, want := range map[string]string{"=HYPERLINK(1)": "'=HYPERLINK(1)", "+1": "'+1", "-1": "'-1", "@SUM": "'@SUM", "\t=1": "'=1", "kms-01": "kms-01", "": ""} {
		r := runOf(square("a/v/t", run.Pass))
		r.Name = name
		lines, err := csv.NewReader(strings.NewReader(written(t, "csv", r, Options{}))).ReadAll()
		if err != nil || len(lines) != 2 || lines[1][1] != want {
			t.Errorf("%q: %v %q, want %q", name, err, lines, want)
		}
	}
}
