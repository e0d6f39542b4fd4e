package socket

import (
	"context"
)

// Slots bounds how many sockets are open for tries at the same time, so that
// kmsiso waits instead of running its own machine dry. What is exhausted all
// the same is the class Exhausted, never silence.
type Slots chan struct{}

// maxSlots bounds the slots where the system allows more files than are of use.
const maxSlots = 16384

// NewSlots takes half of the files that this process may open. Go raises the
// soft limit to the hard one at start.
func NewSlots() Slots {
	return make(Slots, max(16, min(maxSlots, openFiles()/2)))
}

// Take waits for a slot.
func (s Slots) Take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s <- struct{}{}:
		return nil
	default:
	}
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Give gives a slot back.
func (s Slots) Give() { <-s }
