package intent

import "testing"

func TestWaiverCovers(t *testing.T) {
	for name, c := range map[string]struct {
		pattern, check, vantage, target string
		want                            bool
	}{
		"as written":                     {"a/b/c", "a", "b", "c", true},
		"another target":                 {"a/b/c", "a", "b", "d", false},
		"any of each":                    {"*/*/*", "a", "b", "gpo:x/y", true},
		"part by part":                   {"a*/c", "a", "b", "c", false},
		"a * stays in its part":          {"*/c/d", "a/b", "c", "d", true},
		"a * does not reach over":        {"*/d", "a", "b/c", "d", false},
		"the beginning":                  {"dns-*/b/c", "dns-srv", "b", "c", true},
		"the end":                        {"*-ping/b/c", "domain-ping", "b", "c", true},
		"both and the middle":            {"a/*es*t*/c", "a", "guest", "c", true},
		"not enough text":                {"a/gu*ue/c", "a", "gue", "c", false},
		"a slash in a target":            {"a/b/gpo:KMS/old", "a", "b", "gpo:KMS/old", true},
		"a bracket in a target":          {"a/b/gpo:[old]", "a", "b", "gpo:[old]", true},
		"a bracket is no set of letters": {"a/b/[c]", "a", "b", "c", false},
		"a ? is itself":                  {"a/b/?", "a", "b", "c", false},
		"a backslash is itself":          {`a/b/CONTOSO\pc`, "a", "b", `CONTOSO\pc`, true},
		"a star at the end takes all":    {"a/b/c*", "a", "b", "c", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (Waiver{Cell: c.pattern}).Covers(c.check, c.vantage, c.target); got != c.want {
				t.Errorf("%s covers %s/%s/%s: %v", c.pattern, c.check, c.vantage, c.target, got)
			}
		})
	}
}
