package nearmiss

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	words := []string{"exemptions", "published_in", "kms01", "kms02", "via"}
	for got, want := range map[string]string{
		"exemption":             "exemptions",
		"exmeptions":            "exemptions",
		"publishedIn":           "published_in",
		"PUBLISHED-IN":          "published_in",
		"p_u_b_l_ished_in":      "published_in",
		"exempxxxns":            "", // three letters differ
		"kms1":                  "kms01",
		"kms0":                  "kms01", // the first of those that are as near
		"vai":                   "",      // two of three letters differ
		"hosts":                 "",
		"":                      "",
		strings.Repeat("v", 65): "",
	} {
		if word := Of(got, words); word != want {
			t.Errorf("%q is taken for %q, want %q", got, word, want)
		}
	}
}
