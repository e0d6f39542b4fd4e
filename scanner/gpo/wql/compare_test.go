package wql

import "testing"

func TestOrders(t *testing.T) {
	for _, tt := range []struct {
		a, b               string
		textual, numerical int
	}{
		{"10.0.19045", "6", -1, 1},
		{"6.1.7601", "6", 1, 1},
		{"6.1", "6.1", 0, 0},
		{"9600", "10240", 1, -1},
		{"10.0.9", "10.0.10", 1, -1},
		{"6.1.a", "6.1.B", -1, -1}, // no number; blind to case
		{"WINDOWS", "windows", 0, 0},
		{"", "6", -1, -1},
	} {
		if got := textually(tt.a, tt.b); got != tt.textual {
			t.Errorf("%q and %q as text: %d", tt.a, tt.b, got)
		}
		if got := numerically(tt.a, tt.b); got != tt.numerical {
			t.Errorf("%q and %q as numbers: %d", tt.a, tt.b, got)
		}
	}
}
