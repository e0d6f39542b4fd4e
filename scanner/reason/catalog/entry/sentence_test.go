package entry

import (
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// TestFill puts arguments into sentences. The rows are those of the catalogue, which
// forms_test.go imports.
func TestFill(t *testing.T) {
	r := reason.New("x", "who", "guest", "at", []string{"a", "b"}, "n", 3, "why", reason.List{reason.Quote("one"), reason.Quote("two")},
		"many", []string{"1", "2", "3", "4", "5", "6", "7"},
		"rule", "KMS", "rule-id", "{1}", "rule-source", "Isolation", "other-id", "{2}")
	for text, want := range map[string]string{
		"{who} at {at}: {why}":   "guest at a, b: one; two",
		"{n} {who|q} {nothing}.": `3 "guest" .`,
		"{many|few}":             "1, 2, 3, 4, 5 and 2 more",
		"{at|few}":               "a, b",
		"{rule|rule}blocks it":   `rule "KMS" of Isolation blocks it`,
		"{x|rule}blocks it":      "blocks it",
		"{other|firewall}blocks": "firewall rule {2} blocks",
		"{x|label}{n|by}{x|of}":  "without a name by 3",
	} {
		if got := Fill(text, r); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
