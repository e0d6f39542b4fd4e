package scanner

import (
	"context"
	"net/netip"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// longestWindow caps the denied window, however slow the controls are.
const longestWindow = 15 * time.Second

// lastSYN is when the kernel sends the third SYN of a connection; the answer to
// it must still find the window open.
const lastSYN = 3 * time.Second

// place is an address and a port, 0 for echo.
type place struct {
	addr netip.Addr
	port uint16
}

// bracket is what is asked of one address and port in the order that proves a
// deny: allowed vantages before, denied ones in a window of their own, allowed
// ones after. Brackets do not wait for each other: a slow control lengthens the
// window of its own address and port, and of no other.
type bracket struct {
	before, window, after []int         // indexes of needs
	length                time.Duration // of the window; 0 where nobody is denied
}

func (b *bracket) add(w run.When, i int) {
	switch w {
	case run.Before:
		b.before = append(b.before, i)
	case run.Window:
		b.window = append(b.window, i)
	case run.After:
		b.after = append(b.after, i)
	}
}

// observe observes the needs of the bracket, and calls opened when the controls
// before the window are through.
func (b *bracket) observe(ctx context.Context, o *observer, needs []run.Need, all []run.Observation, limits probes.Limits, opened func()) {
	o.together(ctx, needs, b.before, all, limits)
	opened()
	first := map[string]*run.Observation{} // by vantage
	for _, i := range b.before {
		first[needs[i].Vantage] = &all[i]
	}
	if len(b.window) > 0 {
		limits.Window = window(limits.Window, first)
		b.length = limits.Window
		o.together(ctx, needs, b.window, all, limits)
	}
	var again []int
	for _, i := range b.after {
		// Where nothing answered before, asking again proves nothing.
		if f := first[needs[i].Vantage]; f == nil || f.Class == run.Answered || f.Class == run.Refused {
			again = append(again, i)
		} else {
			now := o.clock()
			all[i] = run.Observation{Need: needs[i], Start: now, End: now, Error: "not asked again: it gave no answer before"}
		}
	}
	o.together(ctx, needs, again, all, limits)
}

// window is the length of the denied window T: never below what the policy
// says, twice the slowest answer of a control, and long enough for an answer to
// the last try.
func window(floor time.Duration, controls map[string]*run.Observation) time.Duration {
	var slowest time.Duration
	for _, c := range controls {
		for _, t := range c.Tries {
			if t.Class == run.Answered && t.RTT > slowest {
				slowest = t.RTT
			}
		}
	}
	return min(max(floor, 2*slowest, lastSYN+4*slowest), longestWindow)
}
