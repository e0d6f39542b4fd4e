package tri

import "testing"

// The zero value is what is not known, and no is the least.
func TestState(t *testing.T) {
	var unset State
	if unset != Unknown || min(Yes, Unknown, No) != No || max(No, Unknown) != Unknown || max(Unknown, Yes) != Yes {
		t.Error("the order is another one")
	}
	for s, want := range map[State]string{No: "no", Unknown: "unknown", Yes: "yes"} {
		if s.String() != want {
			t.Errorf("%d is %s", s, s)
		}
	}
}
