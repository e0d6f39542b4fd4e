package wql

import "testing"

// The cases are those that [MS-WMI] 2.2.1.1 has in words.
func TestLike(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		yes, no []string
	}{
		{"10.%", []string{"10.0.20348", "10."}, []string{"10", "6.10.1", "110.0"}},
		{"%.7601", []string{"6.1.7601", ".7601"}, []string{"6.1.7601 ", "7601"}},
		{"%0%0%", []string{"10.0.1", "00"}, []string{"6.0.6x", "0"}},
		{"6._.760_", []string{"6.1.7600", "6.1.7601"}, []string{"6.10.7600", "6.1.760"}},
		{"", []string{""}, []string{"x"}},
		{"%", []string{"", "x"}, nil},
		{"WINDOWS", []string{"windows", "Windows"}, []string{"window"}},
		{"[a-f]", []string{"a", "F", "c"}, []string{"g", "-", ""}},
		{"[a=f]", []string{"a", "c"}, []string{"=", "g"}},
		{"[abc]", []string{"a", "B"}, []string{"d", "ab"}},
		{"[a-]", []string{"a", "-"}, []string{"b"}},
		{"[a=]", []string{"a", "="}, []string{"b"}},
		{"[^ad-f]", []string{"b", "g", "^"}, []string{"a", "d", "E", "f", ""}},
		{"[^]", []string{"^"}, []string{"a"}},
		{"[%]%[_]%[[]", []string{"%__[", "%x_y["}, []string{"x_["}},
		{"6.[0-3].%", []string{"6.0.6000", "6.3.9600"}, []string{"6.4.1", "10.0.1"}},
	} {
		p, bad := newPattern(tt.pattern)
		if bad != "" {
			t.Errorf("%s: %s", tt.pattern, bad)
		}
		for _, text := range tt.yes {
			if !p.matches(text) {
				t.Errorf("%q is not like %q", text, tt.pattern)
			}
		}
		for _, text := range tt.no {
			if p.matches(text) {
				t.Errorf("%q is like %q", text, tt.pattern)
			}
		}
	}
	for pattern, want := range map[string]string{"[": "[", "6.[0-3": "[0-3", "[]x": "[]", "[f-a]": "[f-a]", "[0-z]": "[0-z]", "[a^]": "[a^]", "[^^]": "[^^]"} {
		if p, bad := newPattern(pattern); bad != want {
			t.Errorf("%s is read as %v, bad is %q", pattern, p, bad)
		}
	}
}
