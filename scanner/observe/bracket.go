package observe

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

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
	before, window, after []int // indexes of needs

	mu     sync.Mutex
	length time.Duration // of the window; 0 where nobody is denied

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
func (b *bracket) observe(ctx context.Context, o *Observer, needs []run.Need, all []run.Observation, limits probes.Limits, step int) {
	env := new(probes.Env)
	for ; step < stepEnd; step++ {
		which, own := b.step(ctx, step, o, needs, all, limits)
		if len(which) != 1 {
			o.together(ctx, needs, which, all, own)
			continue
		}
		// One alone is observed right here: most are, and another goroutine for each
		// is dear. Where it is left behind, the next steps are made without it.
		i := which[0]
		if !o.hold(ctx, &needs[i], own(i), env, &all[i], func(behind bool) {
			if behind {
				b.observe(ctx, o, needs, all, limits, step+1)
			}
		}) {
			return
		}
	}
	b.ended()
}

// step says what is observed in a step, and within which limits: those of a window are
// known when the link of its vantage is.
func (b *bracket) step(ctx context.Context, step int, o *Observer, needs []run.Need, all []run.Observation, limits probes.Limits) ([]int, func(int) probes.Limits) {
	if step == stepBefore {
		return b.before, same(limits)
	}
	if step == stepWindow {
		b.opened()
		controls := shortest(b.before, all)
		return b.window, func(i int) probes.Limits {
			own := o.denied(ctx, needs[i].Vantage, limits, controls)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.length = max(b.length, own.Window)
			return own
		}
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
	return again, same(limits)
}

// denied are the limits of the tries of one who is to be denied, when the link of its
// vantage is known. answer is how long one to others took.
func (o *Observer) denied(ctx context.Context, vantage string, limits probes.Limits, answer time.Duration) probes.Limits {
	x := o.links.of(ctx, vantage)
	limits.Window, limits.Transmissions = window(limits.Window, max(answer, x.Answer)), run.Transmissions(x.Lost, x.Sent)
	return limits
}

// same are the same limits for all.
func same(limits probes.Limits) func(int) probes.Limits {
	return func(int) probes.Limits { return limits }
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

// shortest is the longest of the shortest answers of each control: its first one
// may contain a negotiation.
func shortest(controls []int, all []run.Observation) (longest time.Duration) {
	for _, i := range controls {
		longest = max(longest, all[i].QuickestAnswer())
	}
	return longest
}
