package policyfile

import (
	"strings"
	"testing"
)

func TestRanges(t *testing.T) {
	for text, want := range map[string]string{
		"198.18.40.7":               "198.18.40.7/32",
		"198.18.40.0/24":            "198.18.40.0/24",
		"198.18.40.0-198.18.40.255": "198.18.40.0/24",
		"198.18.40.1-198.18.40.6":   "198.18.40.1/32 198.18.40.2/31 198.18.40.4/31 198.18.40.6/32",
		"0.0.0.1-0.0.0.1":           "0.0.0.1/32",
		"2001:db8::-2001:db8::1":    "2001:db8::/127",
	} {
		got, err := parseAddresses(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var words []string
		for _, n := range got {
			words = append(words, n.String())
		}
		if strings.Join(words, " ") != want {
			t.Errorf("%s is %s, want %s", text, words, want)
		}
	}
	for _, text := range []string{"", "x", "198.18.40.9-198.18.40.1", "198.18.40.1-2001:db8::1", "198.18.40.0/33", "::ffff:198.18.40.0/120", "fe80::1%eth0", "224.0.0.1", "LocalSubnet"} {
		if got, err := parseAddresses(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}
