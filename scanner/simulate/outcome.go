package simulate

import (
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// Act is one thing that an end may do with a packet.
type Act int

// What a sender may do.
const (
	SendsClear   Act = iota // in clear
	SendsTrying             // asks for IPsec, and sends in clear where that does not come about
	SendsSecured            // inside IPsec only
	SendsNothing            // its own firewall keeps it in
)

// What a receiver may do.
const (
	TakesSecured Act = iota // what comes inside IPsec only
	TakesBoth               // agrees to IPsec and takes it in clear too
	TakesClear              // in clear; no rule agrees to IPsec
	TakesNothing            // its firewall drops it, protected or not
)

// Side is one of the two ends of a packet.
type Side string

// The sides.
const (
	AtFrom Side = "from"
	AtTo   Side = "to"
)

// Result is what becomes of a packet between an act of each end.
type Result struct {
	Verdict run.OutcomeVerdict
	At      Side // the end where it is dropped or fails
}

var (
	protected     = Result{run.OutcomeProtected, ""}
	inClear       = Result{run.OutcomeClear, ""}
	droppedAtTo   = Result{run.OutcomeDropped, AtTo}
	droppedAtFrom = Result{run.OutcomeDropped, AtFrom}
	failsAtFrom   = Result{run.OutcomeFails, AtFrom}
)

// outcomes is the table of the two ends, where they agree on IPsec if both
// want it. Down is what the sender does, across what the receiver does:
//
//	               takes secured   takes both   takes clear     takes nothing
//	sends clear    dropped at to   clear        clear           dropped at to
//	sends trying   protected       protected    clear           dropped at to
//	sends secured  protected       protected    fails at from   dropped at to
//	sends nothing  dropped at from, all four
//
// A machine without a rule for a packet answers no negotiation for it, and one
// with an exemption does not either: for both it takes clear. Where the two do
// not agree, for want of a method of authentication or a proposal that both
// have, [disagreed] stands in the places where it says protected.
//
// What an end does may not be known. It then has several acts, and the
// outcome is unknown unless it is the same for all of them: a packet in clear
// is dropped by a host that requires IPsec, whatever its firewall would do.
var outcomes = [4][4]Result{
	SendsClear:   {droppedAtTo, inClear, inClear, droppedAtTo},
	SendsTrying:  {protected, protected, inClear, droppedAtTo},
	SendsSecured: {protected, protected, failsAtFrom, droppedAtTo},
	SendsNothing: {droppedAtFrom, droppedAtFrom, droppedAtFrom, droppedAtFrom},
}

// disagreed is what becomes of a packet that both ends would protect, where
// they do not agree how. Who tries then sends in clear.
func disagreed(from, to Act) Result {
	switch {
	case from == SendsSecured:
		return failsAtFrom
	case to == TakesSecured:
		return droppedAtTo
	}
	return inClear
}

// combine lists what may become of a packet between two ends, each once.
func combine(from, to []Act, agree func() tri.State) []Result {
	var all []Result
	add := func(r Result) {
		for _, have := range all {
			if have == r {
				return
			}
		}
		all = append(all, r)
	}
	for _, f := range from {
		for _, t := range to {
			r := outcomes[f][t]
			if r != protected {
				add(r)
				continue
			}
			a := agree()
			if a != tri.No {
				add(r)
			}
			if a != tri.Yes {
				add(disagreed(f, t))
			}
		}
	}
	return all
}
