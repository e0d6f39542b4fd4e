package local

import (
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// TestClock reads the clock of this machine.
func TestClock(t *testing.T) {
	v, err := Way{}.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	before := time.Now()
	r, err := vantage.Clock.At(v)(t.Context(), vantage.ClockRequest{})
	if err != nil || r.Time.Before(before) || r.Time.After(time.Now()) || r.Time.Location() != time.UTC {
		t.Errorf("%s after %s, %v", r.Time, before, err)
	}
}
