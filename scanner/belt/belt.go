// Package belt holds calls that may never come back: it tells them to end when
// their time is over, leaves behind those that do not listen, and turns a panic
// into an error. It is a leaf that knows nothing of what is called.
package belt

import (
	"context"
	"fmt"
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
//
// Where there are many calls under one context, make that a [Group].
func Hold[T any](ctx context.Context, c Call, f func(context.Context) T, done func(T, error), late func(T)) (returned bool) {
	g, many := ctx.(*Group)
	if !many {
		g = NewGroup(ctx)
		defer g.End()
	}
	inner, cancel := context.WithCancelCause(g.under)
	defer cancel(nil)
	h := &held{Call: c, began: time.Now(), cancel: cancel}
	h.leave = func() {
		var none T
		done(none, &LeftError{Name: c.Name, Took: time.Since(h.began), Cause: context.Cause(inner)})
	}
	g.begin(h)
	var got T
	err := Catch(c.Name, func() { got = f(inner) })
	c.Progress.mark()
	if g.end(h) {
		done(got, err)
		return true
	}
	left.Add(-1)
	if late != nil && err == nil {
		late(got)
	}
	return false
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
