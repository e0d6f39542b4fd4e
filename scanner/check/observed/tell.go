package observed

import (
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// tellAllowed says of a cell of flows that must pass what was seen of them, what was
// found, and what is weak.
func tellAllowed(in *check.Input, done []*check.Judged, cell *run.Cell) {
	for i := range done {
		t := done[i]
		if t.Unmade() {
			continue
		}
		o := in.See(t.Own[0])
		if why := t.Why(); t.Void() {
			if why.Has(reason.NobodyAnsweredThere) {
				cell.Findings = append(cell.Findings, run.Found(why[0].With("at", t.Label)))
			}
			continue
		}
		cell.Seen = cell.Seen.Add(seenAllowed(t.Label, o))
		cell.Findings = append(cell.Findings, delays(o, t.Label)...)
	}
	tellWeak(done, cell)
}

// tellWeak gives a weak pass the reasons why it is one.
func tellWeak(done []*check.Judged, cell *run.Cell) {
	if cell.Verdict != run.Pass {
		return
	}
	for i := range done {
		if t := done[i]; t.Verdict() == run.Pass {
			cell.Reasons = cell.Reasons.Add(t.Why()...)
		}
	}
}

// intending is a Tell that says what should be, before it says what is.
func intending(what func(*check.Input) reason.List, tell func(*check.Input, []*check.Judged, *run.Cell)) func(*check.Input, []*check.Judged, *run.Cell) {
	return func(in *check.Input, done []*check.Judged, cell *run.Cell) {
		if slices.ContainsFunc(done, func(t *check.Judged) bool { return !t.Void() }) {
			cell.Intended = what(in)
		}
		tell(in, done, cell)
	}
}

// slow is the negotiation that a user notices: Windows itself gives a TCP
// connection 21 s, and a warm one needs milliseconds.
const slow = 5 * time.Second

// delays reports lost first packets and slow negotiations.
func delays(o *run.Observation, to string) (all []run.Finding) {
	lost := 0
	for _, t := range o.Tries {
		if t.Class == run.Answered {
			break
		}
		lost++
	}
	if o.Heard() && lost > 0 {
		all = append(all, check.Found(reason.FirstPacketsLost, "to", to, "lost", lost))
	}
	if d := check.RTT(o); d > slow {
		all = append(all, check.Found(reason.SlowNegotiation, "to", to, "in", d.Round(100*time.Millisecond)))
	}
	return all
}

// seenAllowed is what became of what may pass: how long it took, and what the bind
// came to.
func seenAllowed(to string, o *run.Observation) reason.Reason {
	if !o.Heard() {
		return check.Seen(to, o)
	}
	r := reason.New(reason.Seen, "at", to, "class", o.Class, "in", check.RTT(o).Round(100*time.Microsecond))
	if o.RPC != nil {
		r = r.With("bind", o.RPC.Bind)
	}
	return r
}
