package report

import (
	"strings"
	"testing"
)

// Whatever names rules, addresses or machines is for its owner alone.
func TestPrivateFormats(t *testing.T) {
	for name, want := range map[string]bool{"table": true, "json": true, "junit": true, "markdown": true, "prometheus": false} {
		f, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Private(Options{}) != want || f.Private(Options{Evidence: EvidenceAll}) != want {
			t.Errorf("%s: private is not %v", name, want)
		}
		if none := f.Private(Options{Evidence: EvidenceNone}); none != (want && name != "junit") {
			t.Errorf("%s without evidence: private is %v", name, none)
		}
	}
}

func TestNamed(t *testing.T) {
	if _, err := Named("html"); err == nil || !strings.Contains(err.Error(), "table, json, junit, markdown, prometheus") {
		t.Errorf("got %v", err)
	}
}
