package observe

import (
	"sync"
	"time"
)

// A crowd begins in step: so many at the same time, but for those that are slow.
// Those that are far along do not wait for the crowd behind them, and what is over
// soon leaves its goroutine to the next.
const (
	inStep   = 64
	patience = 20 * time.Millisecond
)

// steps lets a crowd begin in step.
type steps chan struct{}

func newSteps() steps { return make(steps, inStep) }

// begin waits for a turn. Whoever has it passes it on, once, or is slow.
func (s steps) begin() (pass func()) {
	s <- struct{}{}
	next := sync.OnceFunc(func() { <-s })
	slow := time.AfterFunc(patience, next)
	return func() {
		slow.Stop()
		next()
	}
}
