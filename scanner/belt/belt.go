// Package belt holds calls that may never come back: it tells them to end when
// their time is over, leaves behind those that do not listen, and turns a panic
// into an error. It is a leaf that knows nothing of what is called.
package belt

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Grace is what a call has to return after its context is done. It is long
// enough to take leave of another machine; then the call is left behind.
const Grace = 10 * time.Second

// Call says what is called and how long it may take.
type Call struct {
	// Name is what an error calls it: "winrm pc17.contoso.test".
	Name string
	// Bound is how long it may take; 0 is as long as its context.
	Bound time.Duration
	// Progress, where it is set, is of all calls that may wait for each other:
	// the bound is then counted from the last of them that ended.
	Progress *Progress
}

// Progress says when a call of several last ended. The zero value is ready.
type Progress struct{ last atomic.Pointer[time.Time] }

func (p *Progress) mark() {
	if p != nil {
		now := time.Now()
		p.last.Store(&now)
	}
}

// since is the time since the last progress, or since the call began.
func (p *Progress) since(began time.Time) time.Duration {
	if p != nil {
		if last := p.last.Load(); last != nil && last.After(began) {
			began = *last
		}
	}
	return time.Since(began)
}

// LeftError is of a call that did not return, although its context was done.
type LeftError struct {
	Name  string
	Took  time.Duration // until it was left behind
	Cause error         // the cause of the end of its context
}

func (e *LeftError) Error() string {
	return fmt.Sprintf("%s: %v, and it did not return within %s after that: it was left behind", e.Name, e.Cause, Grace)
}

// Why is the reason, by code.
func (e *LeftError) Why() reason.List {
	return reason.One(reason.CallLeft, "call", e.Name, "why", reason.Of(e.Cause), "grace", Grace)
}

// Unwrap is the cause of the end of the call's context.
func (e *LeftError) Unwrap() error { return e.Cause }

// OverdueError is the cause of the end of a context whose call took too long.
type OverdueError struct{ Bound time.Duration }

func (e *OverdueError) Error() string { return fmt.Sprintf("no end within %s", e.Bound) }

// Why is the reason, by code.
func (e *OverdueError) Why() reason.List {
	return reason.One(reason.CallOverdue, "limit", e.Bound)
}

var left atomic.Int64

// Left counts the calls of this process that were left behind and have not
// returned since.
func Left() int { return int(left.Load()) }

// Hold makes a call on this goroutine, and hands its outcome to done, exactly
// once: when it returns, or from another goroutine when it is left behind. The
// error is nil, a [*Panic], or a [*LeftError]. What a call brings that was left
// behind goes to late, which may be nil. Hold returns false where the call was
// left behind: whoever waited for done has gone on by then.
func Hold[T any](ctx context.Context, c Call, f func(context.Context) T, done func(T, error), late func(T)) (returned bool) {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	h := &held{began: time.Now()}
	leave := func() {
		h.after(&h.grace, Grace, func() {
			if h.settle(true) {
				var none T
				done(none, &LeftError{Name: c.Name, Took: time.Since(h.began), Cause: context.Cause(inner)})
			}
		})
	}
	forget := context.AfterFunc(inner, leave)
	if c.Bound > 0 {
		h.after(&h.bound, c.Bound, func() {
			if h.overdue(c) {
				cancel(&OverdueError{c.Bound})
			}
		})
	}
	var got T
	err := Catch(c.Name, func() { got = f(inner) })
	forget()
	c.Progress.mark()
	switch {
	case h.settle(false):
		done(got, err)
		return true
	default:
		left.Add(-1)
		if late != nil && err == nil {
			late(got)
		}
		return false
	}
}

// Do is Hold on a goroutine of its own, and waits for the outcome.
func Do[T any](ctx context.Context, c Call, f func(context.Context) T, late func(T)) (T, error) {
	type outcome struct {
		got T
		err error
	}
	ended := make(chan outcome, 1)
	go Hold(ctx, c, f, func(got T, err error) { ended <- outcome{got, err} }, late)
	o := <-ended
	return o.got, o.err
}

// held is a call under way.
type held struct {
	began time.Time

	mu      sync.Mutex
	settled bool
	bound   *time.Timer // until it is told to end
	grace   *time.Timer // until it is left behind
}

// after does something later, once, unless the call is settled by then.
func (h *held) after(timer **time.Timer, d time.Duration, f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.settled && *timer == nil {
		*timer = time.AfterFunc(d, f)
	}
}

// overdue says that the time of a call is over. Where others have got on since,
// there is some left, and it is looked at again then.
func (h *held) overdue(c Call) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	rest := c.Bound - c.Progress.since(h.began)
	if rest > 0 && !h.settled {
		h.bound.Reset(rest)
	}
	return rest <= 0
}

// settle decides, once, whether a call returned or is left behind.
func (h *held) settle(behind bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.settled {
		return false
	}
	h.settled = true
	if behind {
		left.Add(1)
	}
	for _, t := range []*time.Timer{h.bound, h.grace} {
		if t != nil {
			t.Stop()
		}
	}
	return true
}
