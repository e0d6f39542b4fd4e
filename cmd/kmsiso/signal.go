package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// stopped is the cause of the end of a context that a signal ended.
type stopped struct{ by os.Signal }

func (s stopped) Error() string {
	if s.by == syscall.SIGTERM {
		return "terminated"
	}
	return "interrupted"
}

// untilStopped returns a context that the first SIGINT or SIGTERM ends: what
// was observed by then is judged and shown. The second ends the program at
// once, wherever it is, with the code that shells give: 128 and its number.
func untilStopped(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	over := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			cancel(stopped{s})
		case <-over:
			return
		}
		// Standard error may be a pipe that nobody reads.
		go fmt.Fprintf(os.Stderr, "kmsiso: %v: what was observed is judged now; once more ends the program at once\n", context.Cause(ctx))
		select {
		case s := <-signals:
			code := 128
			if n, ok := s.(syscall.Signal); ok {
				code += int(n)
			}
			os.Exit(code)
		case <-over:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel(nil)
	}
}

// interruptible does something that looks at no context, and returns when it
// does, or at once when ctx ends; the error is then the cause of that.
func interruptible[T any](ctx context.Context, what string, do func() (T, error)) (T, error) {
	type outcome struct {
		got T
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		got, err := do()
		done <- outcome{got, err}
	}()
	select {
	case o := <-done:
		return o.got, o.err
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("stopped while %s: %w", what, context.Cause(ctx))
	}
}
