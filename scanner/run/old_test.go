package run

import (
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// old is a document as versions before codes wrote it, with an observation.
func old(t *testing.T, observation string) *Run {
	t.Helper()
	r, err := Read(strings.NewReader(`{"schema":"` + Schema + `","notTested":["activation","the rest"],"observations":[{"id":"o1","need":{"vantage":"directory","probe":"directory","when":"once"},"start":0,"end":1` + observation + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Sentences of an older version are quotations, and are not written as they were.
func TestOldSentencesAreQuotations(t *testing.T) {
	r := old(t, "")
	if want := (reason.List{reason.Quote("activation"), reason.Quote("the rest")}); !r.Untested.Equal(want) {
		t.Errorf("not tested: %s", r.Untested.Key())
	}
	text := document(t, r)
	if strings.Contains(text, "notTested") || !strings.Contains(text, `"untested":[{"code":"quoted"`) {
		t.Errorf("written as %s", text)
	}
}
