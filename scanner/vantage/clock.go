package vantage

import (
	"errors"
	"time"
)

// CapClock is the capability of [Clock].
const CapClock Capability = "clock"

// ClockRequest asks for the clock: there is nothing more to say.
type ClockRequest struct{}

// ClockReading is what the clock of a machine showed at some moment of the call. Who
// called knows how long that took, and so how exact the reading is.
type ClockReading struct {
	Time time.Time `json:"time"`
}

// ErrNoClock is of a machine that does not let its clock be read this way. That is no
// failure of anybody.
var ErrNoClock = errors.New("the clock cannot be read")

// Clock reads the clock of the machine, in fractions of a second.
var Clock = declare(&Op[ClockRequest, ClockReading]{
	name: CapClock, vet: vetClock,
	errors: map[string]error{"no-clock": ErrNoClock},
})

// The years that a clock may show, however wrong it is. A difference of two of them
// fits into a [time.Duration].
const firstYear, lastYear = 1900, 2200

// vetClock says what is wrong with the answer of a far end.
func vetClock(r *ClockReading) error {
	if y := r.Time.UTC().Year(); y < firstYear || y > lastYear {
		return &Odd{"time", r.Time.UTC().Format(time.RFC3339)}
	}
	return nil
}
