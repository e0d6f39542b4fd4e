package belt

import (
	"context"
	"sync"
	"time"
)

// Group is a context under which many calls are held. One look at the context's end
// and one timer serve all of them: a thousand calls wait side by side, and most of
// them return long before their time is over.
type Group struct {
	context.Context
	// under is the context that calls are made under. It does not end by itself: the
	// group ends each call. A context would keep a list of them for that, in which each
	// call is to be found again.
	under  context.Context
	forget func() bool // the end of the context

	mu    sync.Mutex
	over  bool    // the context has ended
	calls []*held // under way
	timer *time.Timer
	next  time.Time // when the timer goes off; zero where it does not
}

// held is a call under way.
type held struct {
	Call
	began  time.Time
	cancel context.CancelCauseFunc
	leave  func() // says that it is left behind

	// What follows is under the lock of the group.
	at      int       // its place among the group's calls
	told    time.Time // when its context ended; zero where it has not
	settled bool      // it has returned or is left behind
}

// NewGroup makes a group of a context. [Group.End] is for when no call is under way
// any more, but for those that were left behind.
func NewGroup(ctx context.Context) *Group {
	g := &Group{Context: ctx, under: context.WithoutCancel(ctx)}
	if _, timed := ctx.Deadline(); timed {
		g.under = ctx // whoever ends by its time is to know so
	}
	g.forget = context.AfterFunc(ctx, g.tell)
	return g
}

// End lets go of what serves the calls.
func (g *Group) End() {
	g.forget()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer != nil {
		g.timer.Stop()
	}
}

// begin notes a call.
func (g *Group) begin(h *held) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h.at, g.calls = len(g.calls), append(g.calls, h)
	switch {
	case g.over || g.Err() != nil:
		h.cancel(context.Cause(g))
		h.told = h.began
		g.wake(h.began.Add(Grace))
	case h.Bound > 0:
		g.wake(h.began.Add(h.Bound))
	}
}

// end notes that a call has returned, and says whether it was not left behind.
func (g *Group) end(h *held) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.settle(h)
}

// settle decides, once, whether a call returned or is left behind. The caller holds
// g.mu, as in all that follows.
func (g *Group) settle(h *held) bool {
	if h.settled {
		return false
	}
	h.settled = true
	end := len(g.calls) - 1
	g.calls[h.at], g.calls[end].at = g.calls[end], h.at
	g.calls[end], g.calls = nil, g.calls[:end]
	return true
}

// tell notes that the context of all calls has ended.
func (g *Group) tell() {
	g.mu.Lock()
	g.over = true
	now := time.Now()
	for _, h := range g.calls {
		if h.told.IsZero() {
			h.cancel(context.Cause(g))
			h.told = now
		}
	}
	g.mu.Unlock()
	g.look()
}

// look tells those calls to end whose time is over, leaves behind those that did not
// return after that, and comes back when there is something to look at again.
func (g *Group) look() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next = time.Time{}
	now := time.Now()
	for i := len(g.calls) - 1; i >= 0; i-- { // settle puts the last one in the place of another
		h := g.calls[i]
		// Where others have got on since, there is some time left.
		rest := h.Bound - h.Progress.since(h.began)
		if h.told.IsZero() && h.Bound > 0 && rest <= 0 {
			h.told = now
			h.cancel(&OverdueError{h.Bound})
		}
		switch grace := h.told.Add(Grace); {
		case h.told.IsZero() && h.Bound > 0:
			g.wake(now.Add(rest))
		case h.told.IsZero():
		case now.Before(grace):
			g.wake(grace)
		default:
			g.settle(h)
			left.Add(1)
			go h.leave()
		}
	}
}

// wake has a look at a time, at the latest.
func (g *Group) wake(at time.Time) {
	if !g.next.IsZero() && !at.Before(g.next) {
		return
	}
	g.next = at
	if d := time.Until(at); g.timer == nil {
		g.timer = time.AfterFunc(d, g.look)
	} else {
		g.timer.Reset(d)
	}
}
