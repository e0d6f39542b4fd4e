package explain

import "github.com/kmsiso/kmsiso/scanner/run"

// conduct is one thing that an end may do with a packet.
type conduct int

// What a sender may do.
const (
	sendsClear   conduct = iota // in clear
	sendsTrying                 // asks for IPsec, and sends in clear where that does not come about
	sendsSecured                // inside IPsec only
	sendsNothing                // its own firewall keeps it in
)

// What a receiver may do.
const (
	takesSecured conduct = iota // what comes inside IPsec only
	takesBoth                   // agrees to IPsec and takes it in clear too
	takesClear                  // in clear; no rule agrees to IPsec
	takesNothing                // its firewall drops it, protected or not
)

// result is what becomes of a packet between a conduct of each end.
type result struct {
	verdict run.OutcomeVerdict
	at      string // the end where it is dropped or fails
}

var (
	protected     = result{run.OutcomeProtected, ""}
	inClear       = result{run.OutcomeClear, ""}
	droppedAtTo   = result{run.OutcomeDropped, "to"}
	droppedAtFrom = result{run.OutcomeDropped, "from"}
	failsAtFrom   = result{run.OutcomeFails, "from"}
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
// What an end does may not be known. It then has several conducts, and the
// outcome is unknown unless it is the same for all of them: a packet in clear
// is dropped by a host that requires IPsec, whatever its firewall would do.
var outcomes = [4][4]result{
	sendsClear:   {droppedAtTo, inClear, inClear, droppedAtTo},
	sendsTrying:  {protected, protected, inClear, droppedAtTo},
	sendsSecured: {protected, protected, failsAtFrom, droppedAtTo},
	sendsNothing: {droppedAtFrom, droppedAtFrom, droppedAtFrom, droppedAtFrom},
}

// disagreed is what becomes of a packet that both ends would protect, where
// they do not agree how. Who tries then sends in clear.
func disagreed(from, to conduct) result {
	switch {
	case from == sendsSecured:
		return failsAtFrom
	case to == takesSecured:
		return droppedAtTo
	}
	return inClear
}

// agreement says whether two ends that both want IPsec agree how. It is asked
// only where they do.
type agreement int

const (
	agrees agreement = iota
	disagrees
	mayAgree
)

// combine lists what may become of a packet between two ends, each once.
func combine(from, to []conduct, agree func() agreement) []result {
	var all []result
	add := func(r result) {
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
			if a != disagrees {
				add(r)
			}
			if a != agrees {
				add(disagreed(f, t))
			}
		}
	}
	return all
}
