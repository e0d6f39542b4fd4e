package limits

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// A server that says something before each of its deadlines, and no more, is too
// slow; one that sends what a slow link carries is not.
func TestPace(t *testing.T) {
	for _, row := range []struct {
		octets int64
		each   time.Duration
		fine   bool
	}{{100, 19 * time.Second, false}, {slowest, time.Second, true}, {slowest / 2, time.Second, false}} {
		synctest.Test(t, func(t *testing.T) {
			b := New(20 * time.Second)
			b.Begin()
			var err error
			for range 1000 {
				time.Sleep(row.each)
				if err = b.took(row.octets); err != nil {
					break
				}
			}
			if row.fine != (err == nil) {
				t.Errorf("%d octets each %s: %v", row.octets, row.each, err)
			}
			// Time in which nothing is asked does not count.
			idle := New(20 * time.Second)
			time.Sleep(24 * time.Hour)
			if err := idle.took(1); err != nil {
				t.Error(err)
			}
		})
	}
}

// No server sends more than a directory has, and nothing more is kept.
func TestMost(t *testing.T) {
	b := New(time.Second)
	if err := errors.Join(b.took(largestReading), b.Keep(largestKept)); err != nil {
		t.Error(err)
	}
	if one, other := reason.Of(b.took(1)), reason.Of(b.Keep(1)); !one.Has(reason.ReadingTooLarge) || !other.Has(reason.TooManyObjects) {
		t.Errorf("the limits are %s and %s", one.Key(), other.Key())
	}
	if !errors.As(b.took(0), new(Error)) {
		t.Error("it is another error")
	}
}
