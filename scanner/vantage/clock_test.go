package vantage

import (
	"errors"
	"testing"
	"time"
)

// A clock may be wrong by as much as it likes, as long as a difference can be told.
func TestAYearThatNoClockShows(t *testing.T) {
	for year, right := range map[int]bool{1: false, 1899: false, 1900: true, 1970: true, 2026: true, 2200: true, 2201: false, 9999: false} {
		err := vetClock(&ClockReading{Time: time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)})
		if odd := (*Odd)(nil); (err == nil) != right || !right && (!errors.As(err, &odd) || odd.Field != "time") {
			t.Errorf("%d: %v", year, err)
		}
	}
}
