package guid

import "testing"

func TestCanonical(t *testing.T) {
	const want = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
	for _, text := range []string{want, "{31b2f340-016d-11d2-945f-00c04fb984f9}", "{31b2f340-016D-11d2-945F-00c04fb984f9}"} {
		if got, ok := Canonical(text); !ok || got != want {
			t.Errorf("%s: %s, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "{}", want[1:37], want[1:], want[:37], " " + want[1:], "(" + want[1:37] + ")", "urn:uuid:" + want[1:37],
		"{31B2F340016D11D2945F00C04FB984F9}", "{31B2F340-016D-11D2-945F-00C04FB984FG}", "{31B2F340x016D-11D2-945F-00C04FB984F9}", "{{1B2F340-016D-11D2-945F-00C04FB984F9}",
	} {
		if got, ok := Canonical(text); ok {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}
