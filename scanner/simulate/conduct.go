package simulate

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Conduct is what one end does with a packet, and by what.
type Conduct struct {
	// Effect is that of its rules. Where no policy decides at the end, its
	// verdict is clear or unknown, with the reason.
	Effect effect.Effect
	Trace  effect.Trace // only of [Simulator.Trace]
	// Doubts are why the end may have been told something else than is known:
	// what it does is unknown then, whatever Effect says.
	Doubts reason.List
	// Acts are the things that it may do; one where that is known.
	Acts []Act
}

// wants reports whether the end's rules want IPsec for the packet.
func (c *Conduct) wants() bool {
	v := c.Effect.Security.Verdict
	return v == effect.Require || v == effect.Request
}

// All acts of an end of which nothing is known. That a stranger's firewall
// keeps a packet in is no reason to think that it does not come.
var (
	anySender   = []Act{SendsClear, SendsTrying, SendsSecured}
	anyReceiver = []Act{TakesSecured, TakesBoth, TakesClear, TakesNothing}
)

// conduct works out what an end does. ask asks its policy, where it has one.
func (s *Simulator) conduct(at At, inbound bool, ask func() (effect.Effect, effect.Trace)) Conduct {
	any, clear := anySender, SendsClear
	if inbound {
		any, clear = anyReceiver, TakesClear
	}
	bare := func(v effect.Verdict, why reason.List, acts ...Act) Conduct {
		return Conduct{Effect: effect.Effect{Verdict: v, Why: why, Security: effect.Decision{Verdict: v, Why: why}}, Acts: acts}
	}
	switch {
	case at.Policy == nil && len(at.Nothing) > 0:
		return bare(effect.Clear, at.Nothing, clear)
	case at.Policy == nil:
		return bare(effect.Unknown, at.Unknown, any...)
	}
	var c Conduct
	c.Effect, c.Trace = ask()
	if c.Doubts = at.Doubts(); len(c.Doubts) > 0 {
		c.Acts = any
	} else if inbound {
		c.Acts = receives(&c.Effect, at.Policy)
	} else {
		c.Acts = sends(&c.Effect, at.Policy)
	}
	return c
}

// sends are the acts of a sender by the effect of its rules.
func sends(f *effect.Effect, p *consec.Policy) []Act {
	dropped := f.Firewall.Verdict == effect.Dropped
	switch v := f.Verdict; {
	case v == effect.Unknown:
		return append(slices.Clone(anySender), SendsNothing)
	case v == effect.Dropped, v == effect.Require && dropped && letsSecured(f, p) == tri.No:
		return []Act{SendsNothing}
	case v == effect.Require && dropped && letsSecured(f, p) == tri.Unknown:
		return []Act{SendsSecured, SendsNothing}
	case v == effect.Require:
		return []Act{SendsSecured}
	case v == effect.Request:
		return []Act{SendsTrying}
	case f.Undocumented: // another rule may come first, and protects it
		return []Act{SendsClear, SendsTrying}
	}
	return []Act{SendsClear}
}

// receives are the acts of a receiver by the effect of its rules.
func receives(f *effect.Effect, p *consec.Policy) []Act {
	dropped := f.Firewall.Verdict == effect.Dropped
	switch s := f.Security.Verdict; {
	case f.Verdict == effect.Unknown:
		return anyReceiver
	case s == effect.Clear || s == effect.Exempt:
		if f.Verdict == effect.Dropped {
			return []Act{TakesNothing}
		}
		return []Act{TakesClear}
	case dropped && letsSecured(f, p) == tri.No:
		return []Act{TakesNothing}
	case dropped && letsSecured(f, p) == tri.Unknown:
		return []Act{TakesSecured, TakesNothing}
	case f.Verdict == effect.Require:
		return []Act{TakesSecured}
	}
	return []Act{TakesBoth}
}

// letsSecured says whether a firewall that drops the packet in clear lets it
// through inside IPsec: maybe, where what decides is a rule that asks for
// IPsec and is not surely for the packet.
func letsSecured(f *effect.Effect, p *consec.Policy) tri.State {
	d := f.Firewall
	if d.Verdict != effect.Dropped {
		return tri.Yes
	}
	if d.Rule == "" {
		return tri.No
	}
	for i := range p.Firewall {
		r := &p.Firewall[i]
		if r.ID == d.ID && r.Source == d.Source && r.Action != consec.Block {
			return tri.Unknown
		}
	}
	return tri.No
}
