package check

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// deniedClaims are what proves a deny, in the order in which a reader asks. A deny is
// proved, or it is no pass.
func deniedClaims(*policy.Policy, Trial) []Claim { return denied }

var denied = []Claim{
	{Code: reason.ClaimSent, Needs: ownNeeds, Ask: (*Evidence).sent},
	{Code: reason.ClaimOpenBefore, Needs: openNeeds, Ask: (*Evidence).openBefore},
	{Code: reason.ClaimOpenAfter, Needs: openNeeds, Ask: (*Evidence).openAfter},
	{Code: reason.ClaimAliveBefore, Needs: aliveClaimNeeds(run.Before), Ask: (*Evidence).aliveBefore},
	{Code: reason.ClaimAliveAfter, Needs: aliveClaimNeeds(run.After), Ask: (*Evidence).aliveAfter},
	{Code: reason.ClaimUnanswered, Needs: unansweredNeeds, Ask: (*Evidence).unanswered},
	{Code: reason.ClaimWaited, Needs: waitedNeeds, Ask: (*Evidence).waited},
	{Code: reason.ClaimEgress, Needs: egressClaimNeeds, Ask: (*Evidence).egressOpen},
	{Code: reason.ClaimSameHost, Needs: sameHostNeeds, Ask: (*Evidence).sameHost},
	{Code: reason.ClaimOutsider, Needs: outsiderNeeds, Ask: (*Evidence).outsider},
	{Code: reason.ClaimDeniedByHost, Needs: deniedByNeeds, Ask: (*Evidence).deniedByHost},
}

func unansweredNeeds(p *policy.Policy, t Trial) []run.Need {
	needs := append(ownNeeds(p, t), ike(t.From.Name, t.Host, t.Addr, portIKE))
	needs = append(needs, wireNeeds(p, t)...)
	return append(needs, configuredNeeds(p, run.CellID{Target: t.Host.Name})...)
}

// unanswered: the host did not answer, whatever else ended the try.
func (e *Evidence) unanswered() claim.Support {
	o := e.own()
	if e.Port == echo {
		if why := e.pingMeansNothing(); why != nil {
			return claim.Void(why, o)
		}
	}
	if s, made := claim.Unmade(o); !made {
		return s
	}
	if e.ownDoing(o) {
		return claim.Open(nil, o)
	}
	taps := e.taps()
	if why, by := e.hostAnswered(o, taps); why != nil {
		return e.exposed(o, taps, why, by)
	}
	if blind := e.blind(); blind != nil {
		return claim.Open(blind, o)
	}
	if why, by := e.pathEnded(o, taps); why != nil {
		return claim.Weak(why, append(by, o)...)
	}
	switch o.Class {
	case run.Silent:
		if why, lost := e.exemptionsUnread(); e.Port == echo && lost != nil {
			return claim.Weak(why, o, lost) // it may say that ping means nothing
		}
		return claim.Shown(o)
	case run.Refused:
		return claim.Open(reason.One(reason.RefuserUnknown), o)
	case run.Unreachable:
		return claim.Open(reason.One(reason.OutsiderUnreachable, "words", note(o)), o)
	}
	return claim.Open(nil, o)
}

// hostAnswered says how the host answered, nil where nothing says that it did: at the
// vantage, or on a watched wire, from where the answer may have been lost.
func (e *Evidence) hostAnswered(o *run.Observation, taps []tap) (why reason.List, by []*run.Observation) {
	switch o.Class {
	case run.Answered:
		return reason.One(reason.OutsiderAnswered, "vantage", e.From.Name), nil
	case run.Cut:
		return reason.One(reason.OutsiderAccepted, "vantage", e.From.Name), nil
	}
	if byHost, _, rests := e.refused(o, taps); byHost != nil {
		return byHost, []*run.Observation{rests}
	}
	if w := e.answerLeft(o, taps); w != nil {
		return reason.One(reason.OutsiderAnswerLeft, "watch", w.name, "host", e.Host.Name, "vantage", e.From.Name), []*run.Observation{w.Observation}
	}
	return nil, nil
}

// answerLeft is the watch that saw the host answer without IPsec, nil where none did.
func (e *Evidence) answerLeft(o *run.Observation, taps []tap) *tap {
	to, _ := e.used(o)
	to = e.unshared(e.From.Name, to)
	for i := range taps {
		if w := &taps[i]; w.answers(o, to) > 0 {
			return w
		}
	}
	return nil
}

// exposed is an answer of the host. To one who is no outsider it is none, unless the
// address is not exempt and a watch saw that the answer had no IPsec.
func (e *Evidence) exposed(o *run.Observation, taps []tap, why reason.List, by []*run.Observation) claim.Support {
	by = append([]*run.Observation{o}, by...)
	if in, rests := e.insider(o); in.Has(reason.OutsiderExempt) || in != nil && e.answerLeft(o, taps) == nil {
		return claim.Misdeclared(in, append(by, rests...)...)
	}
	return claim.Exposed(e.byWhom(o, taps, why), by...)
}

// byWhom is why an outsider was answered: by the host, or by whoever is at its
// address, where the host's own watch held and did not see the packets come.
func (e *Evidence) byWhom(o *run.Observation, taps []tap, why reason.List) reason.List {
	from, _ := e.used(o)
	for i := range taps {
		if w := &taps[i]; w.own && w.holds() && w.arrivals(o, from) == 0 && w.answers(o, from) == 0 && !w.saw(o, from) {
			return reason.One(reason.SomebodyAnswers, "vantage", e.From.Name, "watch", w.name, "host", e.Host.Name)
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
func (e *Evidence) refused(o *run.Observation, taps []tap) (byHost reason.List, byPath reason.List, rests *run.Observation) {
	is := know(e, "refuser", func() (x refuser) {
		x.host, x.path, x.rests = e.findRefuser(o, taps)
		return x
	})
	return is.host, is.path, is.rests
}

func (e *Evidence) findRefuser(o *run.Observation, taps []tap) (byHost reason.List, byPath reason.List, rests *run.Observation) {
	host := e.See(ike(e.From.Name, e.Host, e.Addr, portIKE))
	got, want := o.TTL(), host.TTL()
	known := got != 0 && want != 0
	w, arrived := e.refusalUnseen(o, host, taps)
	switch {
	case o.Class != run.Refused:
	case e.answerLeft(o, taps) == nil && known && got != want && knownToLeave(o):
		return nil, reason.One(reason.MiddleboxRefuses, "at", e.Label, "hops", got, "host-hops", want), host
	case arrived:
		return nil, reason.One(reason.PathRefuses, "at", e.Label, "watch", w.name), w.Observation
	case w == nil && known && got == want:
		return reason.One(reason.OutsiderRefusedByHost, "vantage", e.From.Name, "hops", got), nil, host
	}
	return nil, nil, nil
}

// refusalUnseen is the host's own watch, where it holds, knows the packets of the vantage,
// and saw no refusal leave. Then the host did not refuse, whatever the hop count is.
// arrived says that the watch saw the packets come. Where the vantage's IKE did not come
// either, another machine is at the host's address: the hop count is that of this one.
func (e *Evidence) refusalUnseen(o, host *run.Observation, taps []tap) (unseen *tap, arrived bool) {
	from, _ := e.used(o)
	if e.answerLeft(o, taps) != nil {
		return nil, false
	}
	for i := range taps {
		switch w := &taps[i]; {
		case !w.own || !w.holds():
		case w.arrivals(o, e.unshared(e.From.Name, from)) > 0:
			return w, true
		case !e.hidden() && w.arrivals(o, from) == 0 && w.arrivals(host, from) > 0:
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
func (e *Evidence) pathEnded(o *run.Observation, taps []tap) (why reason.List, by []*run.Observation) {
	if _, why, rests := e.refused(o, taps); why != nil {
		return why, []*run.Observation{rests}
	}
	if o.Class == run.Unreachable {
		for _, t := range slices.Backward(o.Tries) {
			if t.From.IsValid() && !e.hasHost(t.From) && t.ICMP.Prohibited(e.Addr.Is6()) {
				return reason.One(reason.PathSays, "from", t.From, "at", e.Label, "words", cmp.Or(t.Note, string(t.Class))), nil
			}
		}
	}
	return nil, nil
}

// hasHost reports whether the host has an address: a declared one, or one that it says
// itself to have.
func (e *Evidence) hasHost(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return e.atHost(a) || slices.ContainsFunc(e.Policy.HostVantages(e.Host.Name), func(k policy.Vantage) bool {
		return slices.Contains(e.At(k.Name).Addresses, a)
	})
}
