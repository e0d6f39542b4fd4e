package icmp

import (
	"testing"
)

// FuzzEcho does the same for ICMP messages.
func FuzzEcho(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte, is6 bool) {
		e, ok := ParseEcho(b[:len(b):len(b)], is6)
		if ok && (e.Error != e.To.IsValid() || e.Error && e.Data != nil) {
			t.Errorf("%+v", e)
		}
	})
}
