package traffic

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// UDPServiceClaims are those of a UDP service that is not to answer. Silence shows
// nothing: nobody knows whether anything listens there, or took the question for one.
func UDPServiceClaims(*intent.Policy, *check.Trial) []check.Claim {
	return []check.Claim{{Code: reason.ClaimUnanswered, Needs: unansweredNeeds, Ask: serviceUnanswered}}
}

// serviceUnanswered: the service did not answer, from whatever port it was asked.
func serviceUnanswered(e *check.Evidence) claim.Support {
	o := e.Result()
	if s, made := claim.Unmade(o); !made {
		return s
	}
	taps := Taps(e)
	switch w := answerLeft(e, o, taps); {
	case o.Class == run.Answered || o.Class == run.Cut:
		return exposed(e, o, taps, reason.One(reason.OutsiderAnswered, "vantage", e.From.Name), nil)
	case w != nil:
		why := reason.One(reason.OutsiderAnswerLeft, "watch", w.Name, "host", e.Host.Name, "vantage", e.From.Name)
		return exposed(e, o, taps, why, []*run.Observation{w.Observation})
	case o.Class == run.Refused:
		return portUnreachable(e, o, taps)
	}
	if why, by := pathEnded(e, o, taps); why != nil {
		return claim.Void(why, append(by, o)...)
	}
	if o.Class.Local() {
		return claim.Void(reason.One(reason.UDPServiceUnasked, "vantage", e.From.Name, "words", check.Note(o)), o)
	}
	return claim.Void(serviceSilent(e, o), o)
}

// portUnreachable is what an error is worth that bears the address of the host: it is the
// host's own where the hop count is that of its IKE answer. A watch keeps no such errors.
func portUnreachable(e *check.Evidence, o *run.Observation, taps []Tap) claim.Support {
	host := e.See(check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortIKE))
	switch got, want := o.TTL(), host.TTL(); {
	case got == 0 || want == 0 || host.Class != run.Answered:
	case got == want:
		return exposed(e, o, taps, reason.One(reason.OutsiderRefusedByHost, "vantage", e.From.Name, "hops", got), []*run.Observation{host})
	case knownToLeave(o):
		return claim.Void(reason.One(reason.MiddleboxRefuses, "at", e.Label, "hops", got, "host-hops", want), host, o)
	}
	return claim.Open(reason.One(reason.RefuserUnknown), o)
}

// serviceSilent says from which ports a service was asked for nothing, and from which it
// could not be asked.
func serviceSilent(e *check.Evidence, o *run.Observation) (why reason.List) {
	asked := func(port uint16) bool {
		return slices.ContainsFunc(o.Tries, func(t run.Try) bool { return t.Local.Port() == port })
	}
	var from []uint16
	for _, port := range run.TrustedPorts {
		if asked(port) {
			from = append(from, port)
		} else {
			why = append(why, reason.New(reason.UDPSourceNotGiven, "vantage", e.From.Name, "from", port))
		}
	}
	return append(reason.List{reason.New(reason.UDPServiceSilent, "vantage", e.From.Name, "from", from)}, why...)
}
