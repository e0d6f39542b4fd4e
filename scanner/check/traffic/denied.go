package traffic

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// DeniedClaims are what proves a deny, in the order in which a reader asks. A deny is
// proved, or it is no pass.
func DeniedClaims(_ *intent.Policy, t *check.Trial) []check.Claim {
	if sourcePort(t) != 0 {
		return deniedFromPort
	}
	return denied
}

var denied = []check.Claim{
	{Code: reason.ClaimSent, Needs: check.OwnNeeds, Ask: sent},
	{Code: reason.ClaimOpenBefore, Needs: openNeeds, Ask: openBefore},
	{Code: reason.ClaimOpenAfter, Needs: openNeeds, Ask: openAfter},
	{Code: reason.ClaimAliveBefore, Needs: aliveClaimNeeds(run.Before), Ask: aliveBefore},
	{Code: reason.ClaimAliveAfter, Needs: aliveClaimNeeds(run.After), Ask: aliveAfter},
	{Code: reason.ClaimUnanswered, Needs: unansweredNeeds, Ask: unanswered},
	{Code: reason.ClaimWaited, Needs: waitedNeeds, Ask: waited},
	{Code: reason.ClaimEgress, Needs: egressClaimNeeds, Ask: egressOpen},
	{Code: reason.ClaimSameHost, Needs: sameHostNeeds, Ask: sameHost},
	{Code: reason.ClaimOutsider, Needs: outsiderNeeds, Ask: outsider},
	{Code: reason.ClaimDeniedByHost, Needs: deniedByNeeds, Ask: deniedByHost},
}

func unansweredNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortIKE))
	needs = append(needs, WireNeeds(p, t)...)
	return append(needs, check.ConfiguredNeeds(p, run.CellID{Target: t.Host.Name})...)
}

// unanswered: the host did not answer, whatever else ended the try.
func unanswered(e *check.Evidence) claim.Support {
	o := e.Result()
	if e.Port == check.Echo {
		if why := configured.PingMeansNothing(e.Input); why != nil {
			return claim.Void(why, o)
		}
	}
	if s, made := claim.Unmade(o); !made {
		return s
	}
	if ownDoing(e, o) {
		return claim.Open(nil, o)
	}
	taps := Taps(e)
	if why, by := hostAnswered(e, o, taps); why != nil {
		return exposed(e, o, taps, why, by)
	}
	if blind := Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	if why, by := pathEnded(e, o, taps); why != nil {
		return claim.Weak(why, append(by, o)...)
	}
	switch o.Class {
	case run.Silent:
		if why, lost := exemptionsUnread(e); e.Port == check.Echo && lost != nil {
			return claim.Weak(why, o, lost) // it may say that ping means nothing
		}
		return claim.Shown(o)
	case run.Refused:
		return claim.Open(reason.One(reason.RefuserUnknown), o)
	case run.Unreachable:
		return claim.Open(reason.One(reason.OutsiderUnreachable, "words", check.Note(o)), o)
	}
	return claim.Open(nil, o)
}

// hostAnswered says how the host answered, nil where nothing says that it did: at the
// vantage, or on a watched wire, from where the answer may have been lost.
func hostAnswered(e *check.Evidence, o *run.Observation, taps []Tap) (why reason.List, by []*run.Observation) {
	switch o.Class {
	case run.Answered:
		return reason.One(reason.OutsiderAnswered, "vantage", e.From.Name), nil
	case run.Cut:
		return reason.One(reason.OutsiderAccepted, "vantage", e.From.Name), nil
	}
	if byHost, _, rests := refused(e, o, taps); byHost != nil {
		return byHost, []*run.Observation{rests}
	}
	if w := answerLeft(e, o, taps); w != nil {
		return reason.One(reason.OutsiderAnswerLeft, "watch", w.Name, "host", e.Host.Name, "vantage", e.From.Name), []*run.Observation{w.Observation}
	}
	return nil, nil
}

// answerLeft is the watch that saw the host answer without IPsec, nil where none did.
func answerLeft(e *check.Evidence, o *run.Observation, taps []Tap) *Tap {
	to, _ := Used(e, o)
	to = Unshared(e, e.From.Name, to)
	for i := range taps {
		if w := &taps[i]; w.answers(o, to) > 0 {
			return w
		}
	}
	return nil
}

// exposed is an answer of the host. To one who is no outsider it is none, unless the
// address is not exempt and a watch saw that the answer had no IPsec.
func exposed(e *check.Evidence, o *run.Observation, taps []Tap, why reason.List, by []*run.Observation) claim.Support {
	by = append([]*run.Observation{o}, by...)
	if in, rests := insiderOf(e, o); in.Has(reason.OutsiderExempt) || in != nil && answerLeft(e, o, taps) == nil {
		return claim.Misdeclared(in, append(by, rests...)...)
	}
	return claim.Exposed(byWhom(e, o, taps, why), by...)
}

// byWhom is why an outsider was answered: by the host, or by whoever is at its
// address, where the host's own watch held and did not see the packets come.
func byWhom(e *check.Evidence, o *run.Observation, taps []Tap, why reason.List) reason.List {
	from, _ := Used(e, o)
	for i := range taps {
		if w := &taps[i]; w.Own && w.Holds() && w.arrivals(o, from) == 0 && w.answers(o, from) == 0 && !w.Saw(o, from) {
			return reason.One(reason.SomebodyAnswers, "vantage", e.From.Name, "watch", w.Name, "host", e.Host.Name)
		}
	}
	return why
}

// refuser says whether the host refused, or the path, and what shows it.
type refuser struct {
	host, path reason.List
	rests      *run.Observation
}

// refused says who refused: the host, or a device on the path. The host's wire tells, or
// else the hop counts do.
func refused(e *check.Evidence, o *run.Observation, taps []Tap) (byHost reason.List, byPath reason.List, rests *run.Observation) {
	is := check.Know(e, "refuser", func() (x refuser) {
		x.host, x.path, x.rests = findRefuser(e, o, taps)
		return x
	})
	return is.host, is.path, is.rests
}

func findRefuser(e *check.Evidence, o *run.Observation, taps []Tap) (byHost reason.List, byPath reason.List, rests *run.Observation) {
	host := e.See(check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortIKE))
	got, want := o.TTL(), host.TTL()
	known := got != 0 && want != 0
	w, arrived := refusalUnseen(e, o, host, taps)
	switch {
	case o.Class != run.Refused:
	case answerLeft(e, o, taps) == nil && known && got != want && knownToLeave(o):
		return nil, reason.One(reason.MiddleboxRefuses, "at", e.Label, "hops", got, "host-hops", want), host
	case arrived:
		return nil, reason.One(reason.PathRefuses, "at", e.Label, "watch", w.Name), w.Observation
	case w == nil && known && got == want:
		return reason.One(reason.OutsiderRefusedByHost, "vantage", e.From.Name, "hops", got), nil, host
	}
	return nil, nil, nil
}

// refusalUnseen is the host's own watch, where it holds, knows the packets of the vantage,
// and saw no refusal leave. Then the host did not refuse, whatever the hop count is.
// arrived says that the watch saw the packets come. Where the vantage's IKE did not come
// either, another machine is at the host's address: the hop count is that of this one.
func refusalUnseen(e *check.Evidence, o, host *run.Observation, taps []Tap) (unseen *Tap, arrived bool) {
	from, _ := Used(e, o)
	if answerLeft(e, o, taps) != nil {
		return nil, false
	}
	for i := range taps {
		switch w := &taps[i]; {
		case !w.Own || !w.Holds():
		case w.arrivals(o, Unshared(e, e.From.Name, from)) > 0:
			return w, true
		case !Hidden(e) && w.arrivals(o, from) == 0 && w.arrivals(host, from) > 0:
			unseen = w
		}
	}
	return unseen, false
}

// knownToLeave reports whether the system told its own end of each try that was refused,
// and so that none of them stayed on the machine.
func knownToLeave(o *run.Observation) bool {
	return !slices.ContainsFunc(o.Tries, func(t run.Try) bool {
		return t.Class == run.Refused && (t.Loopback || !t.Local.IsValid())
	})
}

// pathEnded says by which device on the path a try was ended, nil where that is not
// known.
func pathEnded(e *check.Evidence, o *run.Observation, taps []Tap) (why reason.List, by []*run.Observation) {
	if _, why, rests := refused(e, o, taps); why != nil {
		return why, []*run.Observation{rests}
	}
	if o.Class == run.Unreachable {
		for _, t := range slices.Backward(o.Tries) {
			if t.From.IsValid() && !hasHost(e, t.From) && t.ICMP.Prohibited(e.Addr.Is6()) {
				return reason.One(reason.PathSays, "from", t.From, "at", e.Label, "words", cmp.Or(t.Note, string(t.Class))), nil
			}
		}
	}
	return nil, nil
}

// hasHost reports whether the host has an address: a declared one, or one that it says
// itself to have.
func hasHost(e *check.Evidence, a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return AtHost(e, a) || slices.ContainsFunc(e.Policy.HostVantages(e.Host.Name), func(k intent.Vantage) bool {
		return slices.Contains(e.At(k.Name).Addresses, a)
	})
}
