package traffic

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// What came of a try at an address that the host has and nobody declared. No control
// stands there, so silence proves nothing; and whoever answers there may be another
// machine.

// ElsewhereNeeds are what an outsider tried there, and what tells whether it was the
// host that answered.
func ElsewhereNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), WireNeeds(p, t)...)
	for _, a := range t.Host.Addresses {
		needs = append(needs, check.IKENeed(t.From.Name, t.Host, a, check.PortIKE))
	}
	needs = append(needs, configured.PingMeansNothingNeeds(p, t.Host)...)
	return append(needs, check.DirectoryNeeds(p, run.CellID{})...)
}

// Elsewhere is what one try came to.
type Elsewhere struct {
	Addr netip.Addr
	Port check.Port
	// Level says how the try contradicts that the host did not answer, or that this is
	// not known: by Why. It is "" of a try that was not answered, and of one
	// by somebody else.
	Level run.Support
	Why   reason.List
	By    []*run.Observation
	// Somebody says that somebody answered, and that nothing shows it to be the host.
	// Untried says that the vantage has no way there.
	Somebody, Untried bool
}

func (x *Elsewhere) is(level run.Support, why reason.List, by ...*run.Observation) {
	x.Level, x.Why, x.By = level, why, append(x.By, by...)
}

// where names the address and port of a try.
func (x *Elsewhere) where() []string { return []string{check.Label(x.Addr, x.Port)} }

// TriedElsewhere are the tries of the outsider of a trial.
func TriedElsewhere(e *check.Evidence) []Elsewhere {
	return check.Know(e, "elsewhere", func() (all []Elsewhere) {
		o := e.Result()
		for i := range o.Parts {
			p := &o.Parts[i]
			if p.Probe == run.ProbeIKE || p.Probe == run.ProbeICMP && configured.PingMeansNothing(e.Input) != nil {
				continue
			}
			all = append(all, elsewhere(e, o, o.Of(p)))
		}
		return all
	})
}

// elsewhere judges one try x of the observation o.
func elsewhere(e *check.Evidence, o, x *run.Observation) Elsewhere {
	is := Elsewhere{Addr: x.Need.Addr, Port: check.Port(x.Need.Port), By: []*run.Observation{o}}
	unknown := func(why reason.List) {
		is.is(run.NotShown, reason.One(reason.ElsewhereUnknown, "vantage", e.From.Name, "where", is.where(), "why", why))
	}
	left := leftElsewhere(e, x)
	switch {
	case len(x.Trouble) > 0:
		is.is(run.ToolFailed, x.Trouble)
	case left == nil && (x.Class == run.NoRoute || slices.ContainsFunc(x.Tries, func(t run.Try) bool { return t.Loopback })):
		is.Untried = true
	case left != nil || x.Spoke():
		answeredElsewhere(e, o, x, left, &is)
	case x.Class != run.Silent && x.Class != run.Unreachable:
		unknown(reason.List{check.Seen("", x)})
	default:
		if blind := Blind(e); blind != nil {
			unknown(blind)
		}
	}
	return is
}

// leftElsewhere is the watch that saw the host answer a try, nil where none did.
func leftElsewhere(e *check.Evidence, x *run.Observation) *Tap {
	to, _ := Used(e, x)
	to = Unshared(e, e.From.Name, to)
	taps := Taps(e)
	for i := range taps {
		if w := &taps[i]; w.answers(x, to) > 0 {
			return w
		}
	}
	return nil
}

// answeredElsewhere enters what an answer comes to: one of the host is an exposure,
// unless the outsider is none.
func answeredElsewhere(e *check.Evidence, o, x *run.Observation, left *Tap, is *Elsewhere) {
	switch host, by, lost := isHost(e, o, x); {
	case host == tri.Yes:
		watch := ""
		if i := slices.IndexFunc(by, func(o *run.Observation) bool { return o.Watch != nil }); i >= 0 {
			watch = by[i].Need.Vantage
		}
		if in, rests := findInsider(e, x); in.Has(reason.OutsiderExempt) || in != nil && left == nil {
			is.is(run.Setup, in, append(by, rests...)...)
			return
		}
		is.is(run.Exposure, reason.One(reason.HostElsewhere, "vantage", e.From.Name, "host", e.Host.Name, "where", is.where(), "watch", watch), by...)
	case host == tri.Unknown && lost != nil:
		is.is(run.NotShown, reason.One(reason.AnswererUntold, "vantage", e.From.Name, "host", e.Host.Name, "where", is.where(), "why", lost))
	default:
		is.Somebody = true
	}
}

// isHost says whether the host answered a try x of the observation o: its own watch
// tells, or else the vendor IDs of IKE do. by is what shows it, and lost what would have
// and was not observed.
func isHost(e *check.Evidence, o, x *run.Observation) (is tri.State, by []*run.Observation, lost reason.List) {
	taps := Taps(e)
	for i := range taps {
		switch w := &taps[i]; {
		case !w.Own:
		case w.answeredBy(e, x):
			return tri.Yes, []*run.Observation{w.Observation}, nil
		case w.Holds() && w.covers(e, x.Need.Addr):
			return tri.No, []*run.Observation{w.Observation}, nil
		}
	}
	is, by, lost = sameIKE(e, o, x)
	if is == tri.Unknown && lost == nil {
		lost = Blind(e)
	}
	return is, by, lost
}

// answeredBy reports whether a host's own watch saw it answer a try: a connection by what
// came, which only the host can have accepted then, a refusal by the refusal itself.
func (w *Tap) answeredBy(e *check.Evidence, x *run.Observation) bool {
	from, _ := Used(e, x)
	from = Unshared(e, e.From.Name, from)
	if w.answers(x, from) > 0 {
		return true
	}
	if x.Class == run.Refused {
		return false // it may be the path's
	}
	return w.arrivals(x, from) > 0 || outerUnknown(e.From) && x.Need.Addr.Is4() && w.count(x, func(f *run.Flow) bool {
		return f.Dst == x.Need.Addr && asks(f, check.Port(x.Need.Port), x.Need.Probe)
	}) > 0
}

// covers reports whether what comes to an address would have been seen: it is on an
// interface that has a declared address too, for there the watch is shown to see. Of a
// vantage that others see under addresses which are not known nothing is told.
func (w *Tap) covers(e *check.Evidence, a netip.Addr) bool {
	if outerUnknown(e.From) && a.Is4() {
		return false
	}
	return slices.ContainsFunc(w.Watch.Interfaces, func(i run.WatchedInterface) bool {
		return slices.Contains(i.Addresses, a) && slices.ContainsFunc(i.Addresses, func(b netip.Addr) bool { return AtHost(e, b) })
	})
}

// sameIKE compares what the IKE of whoever answered a try says of itself with what that
// of the host says to the same outsider. A refusal is the host's only with the hop count
// of that IKE.
func sameIKE(e *check.Evidence, o, x *run.Observation) (is tri.State, by []*run.Observation, lost reason.List) {
	i := slices.IndexFunc(o.Parts, func(p run.Part) bool { return p.Probe == run.ProbeIKE && p.Addr.WithZone("") == x.Need.Addr })
	if i < 0 || o.Parts[i].IKE == nil {
		return tri.Unknown, nil, nil
	}
	mine := o.Of(&o.Parts[i])
	for _, a := range e.Host.Addresses {
		c := e.See(check.IKENeed(e.From.Name, e.Host, a, check.PortIKE))
		switch {
		case len(c.Missing) > 0:
		case c.IKE == nil || c.Class == "":
			lost = reason.One(reason.ControlLost, "vantage", e.From.Name, "address", a)
		case mine.IKE.Protocol == "" || mine.IKE.Protocol != c.IKE.Protocol:
		case (len(mine.IKE.VendorIDs) == 0) != (len(c.IKE.VendorIDs) == 0):
			lost = reason.One(reason.OtherMachine, "vantage", e.From.Name, "other", e.From.Name, "address", a)
		case len(c.IKE.VendorIDs) == 0:
		case !slices.Equal(sorted(mine.IKE.VendorIDs), sorted(c.IKE.VendorIDs)):
			return tri.No, []*run.Observation{c}, nil
		case x.Class != run.Refused || x.TTL() != 0 && x.TTL() == mine.TTL():
			return tri.Yes, []*run.Observation{c}, nil
		}
	}
	return tri.Unknown, nil, lost
}
