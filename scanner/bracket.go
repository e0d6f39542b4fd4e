package scanner

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/reason"
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

	opened func() // is called when the controls before the window are through
	ended  func() // is called at the end
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

// Steps of a bracket.
const (
	stepBefore = iota
	stepWindow
	stepAfter
	stepEnd
)

// observe observes the needs of the bracket, from one of its steps on.
func (b *bracket) observe(ctx context.Context, o *observer, needs []run.Need, all []run.Observation, limits probes.Limits, step int) {
	env := new(probes.Env)
	for ; step < stepEnd; step++ {
		which, own := b.step(step, o, needs, all, limits)
		if len(which) != 1 {
			o.together(ctx, needs, which, all, own)
			continue
		}
		// One alone is observed right here: most are, and another goroutine for each
		// is dear. Where it is left behind, the next steps are made without it.
		i := which[0]
		if !o.hold(ctx, &needs[i], own, env, &all[i], func(behind bool) {
			if behind {
				b.observe(ctx, o, needs, all, limits, step+1)
			}
		}) {
			return
		}
	}
	b.ended()
}

// step says what is observed in a step, and within which limits.
func (b *bracket) step(step int, o *observer, needs []run.Need, all []run.Observation, limits probes.Limits) ([]int, probes.Limits) {
	if step == stepBefore {
		return b.before, limits
	}
	if step == stepWindow {
		b.opened()
		if len(b.window) > 0 {
			limits.Window = window(limits.Window, b.before, all)
			b.length = limits.Window
		}
		return b.window, limits
	}
	var again []int
	for _, i := range b.after {
		// Where nothing answered before, asking again proves nothing.
		if b.answered(needs, all, needs[i].Vantage) {
			again = append(again, i)
		} else {
			all[i] = *failed(&needs[i], o.clock(), reason.One(reason.ControlNotRepeated))
		}
	}
	return again, limits
}

// answered reports whether a vantage had an answer before the window, or did not
// ask then.
func (b *bracket) answered(needs []run.Need, all []run.Observation, vantage string) bool {
	for _, i := range slices.Backward(b.before) {
		if needs[i].Vantage == vantage {
			return all[i].Class == run.Answered || all[i].Class == run.Refused
		}
	}
	return true
}

// window is the length of the denied window T: never below what the policy
// says, twice the slowest answer of a control, and long enough for an answer to
// the last try.
func window(floor time.Duration, controls []int, all []run.Observation) time.Duration {
	var slowest time.Duration
	for _, i := range controls {
		for _, t := range all[i].Tries {
			if t.Class == run.Answered && t.RTT > slowest {
				slowest = t.RTT
			}
		}
	}
	return min(max(floor, 2*slowest, lastSYN+4*slowest), longestWindow)
}
