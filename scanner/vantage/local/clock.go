package local

import (
	"context"
	"time"

	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// readClock reads the clock of this machine.
func readClock(context.Context, vantage.ClockRequest) (vantage.ClockReading, error) {
	return vantage.ClockReading{Time: time.Now().UTC()}, nil
}
