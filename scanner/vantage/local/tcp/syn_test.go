package tcp

import (
	"testing"
	"time"
)

func TestSentBySchedule(t *testing.T) {
	for _, c := range []struct {
		system string
		took   time.Duration
		want   int
	}{
		{"darwin", time.Millisecond, 1},
		{"darwin", 1050 * time.Millisecond, 1},
		{"darwin", 1100 * time.Millisecond, 2},
		{"darwin", 3800 * time.Millisecond, 4},
		{"darwin", 6900 * time.Millisecond, 6},
		{"darwin", 21 * time.Second, 9},
		{"linux", 3800 * time.Millisecond, 3},
		{"windows", 21 * time.Second, 0},
		{"plan9", time.Second, 0},
	} {
		if got := sentBy(c.system, c.took); got != c.want {
			t.Errorf("%s after %s: %d, want %d", c.system, c.took, got, c.want)
		}
	}
}
