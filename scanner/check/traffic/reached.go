package traffic

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/configured"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// mostOthers is how many other members are looked at for one that was answered where
// nobody has to be.
const mostOthers = 8

// AnsweredNeeds are the trial, what else answers the vantage, what the host's IKE
// says, and the same flow of other members where no answer is owed.
func AnsweredNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), aliveNeeds(p, t.From, t.Addr)...)
	if t.From.Role == intent.RoleDomain {
		needs = append(needs, check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortIKE))
		if check.BehindNAT(t.From) && t.Addr.Is4() {
			needs = append(needs, check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortNATT))
		}
	}
	needs = append(needs, othersNeeds(p, t)...)
	if t.Port == check.Echo {
		needs = append(needs, check.ReachNeed(t.From.Name, t.Host, t.Addr, check.Port(t.Host.Port), run.Before))
		needs = append(append(needs, configured.PingMeansNothingNeeds(p, t.Host)...), check.DirectoryNeeds(p, run.CellID{})...)
	}
	return needs
}

// othersNeeds are the same flow of other members, and of exempt vantages, where no
// member is owed an answer. Their own cells ask for them.
func othersNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	if t.From.Role != intent.RoleDomain || owed(p, t.Host, t.Addr.Is6()) {
		return nil
	}
	var needs []run.Need
	for _, v := range p.WithRole(intent.RoleDomain) {
		asks := t.Port == check.Echo || uint16(t.Port) == t.Host.Port || slices.Contains(check.InboundPorts(p, v.Name, t.Host.Name), t.Port)
		if v.Name != t.From.Name && asks && len(needs) < mostOthers {
			needs = append(needs, check.ReachNeed(v.Name, t.Host, t.Addr, t.Port, run.Before))
		}
	}
	for _, v := range p.WithRole(intent.RoleExempt) {
		if uint16(t.Port) == t.Host.Port && ExemptOver(p, v, t.Host, t.Addr) && len(needs) < mostOthers {
			needs = append(needs, check.ReachNeed(v.Name, t.Host, t.Addr, t.Port, run.Before))
		}
	}
	return needs
}

// Answered asks whether the host answered in the protocol that was spoken.
func Answered(e *check.Evidence) claim.Support {
	o := e.Result()
	if e.Port == check.Echo {
		if why := configured.PingMeansNothing(e.Input); why != nil {
			return claim.Void(why, o)
		}
	}
	if !Went(e, o) {
		return claim.Open(nil, o)
	}
	if !o.Heard() {
		return Unreached(e, o)
	}
	return Accepted(e, o)
}

// Accepted is what an answer is worth.
func Accepted(e *check.Evidence, o *run.Observation) claim.Support {
	if o.RPC != nil && o.RPC.Bind != "accepted" {
		return claim.Broken(reason.One(reason.BindNotAccepted, "to", e.Label, "bind", o.RPC.Bind), o)
	}
	if why, lost := exemptionsUnread(e); e.Port == check.Echo && lost != nil {
		return claim.Weak(why, o, lost) // it may say that ping means nothing
	}
	if o.Weak == "" {
		return claim.Shown(o)
	}
	why := reason.One(reason.WeakAnswer, "to", e.Label, "words", o.Weak)
	if e.Port == check.Echo {
		switch kms := e.See(check.ReachNeed(e.From.Name, e.Host, e.Addr, check.Port(e.Host.Port), run.Before)); {
		case kms.Heard() && kms.Weak == "":
			return claim.Shown(o, kms)
		case len(kms.Missing) > 0: // a way in that makes no connections never tells
			return claim.Void(why, o, kms)
		}
	}
	return claim.Open(why, o)
}

// Unreached is what it means that nobody answered: nothing, where no answer is owed
// and no other member had one.
func Unreached(e *check.Evidence, o *run.Observation) claim.Support {
	by := []*run.Observation{o}
	if !Owed(e) && o.Class != run.Cut {
		s, other := NobodyAnswered(e, othersNeeds(e.Policy, e.Trial), o)
		if other == nil {
			return s
		}
		by = append(by, other)
	}
	if used, _ := Used(e, o); e.From.Role == intent.RoleExempt && (len(used) == 0 || len(outside(e, used)) > 0) {
		return claim.Open(nil, o) // it may be shut out
	}
	to := e.Label
	switch o.Class {
	case run.Refused:
		return claim.Broken(reason.One(reason.PortRefuses, "to", to), by...)
	case run.Cut:
		return claim.Broken(reason.One(reason.AnswerCutShort, "to", to, "words", check.Note(o)), by...)
	case run.Unreachable:
		return claim.Broken(reason.One(reason.Unreachable, "to", to, "words", check.Note(o)), by...)
	}
	why, silent := whySilent(e)
	return claim.Broken(why, append(silent, by...)...)
}

// NobodyAnswered is what a claim is worth where no answer is owed and none of the
// others had one, which nobody says. It is not known where what one of them came to
// is lost. The other is one that had an answer: then the claim rests on that.
func NobodyAnswered(e *check.Evidence, others []run.Need, o *run.Observation) (s claim.Support, other *run.Observation) {
	s = claim.Void(reason.One(reason.NobodyAnsweredThere, "vantage", e.From.Name, "to", e.Label), o)
	for _, n := range others {
		switch x := e.See(n); {
		case x.Heard():
			return claim.Support{}, x
		case len(x.Trouble) > 0:
			s = claim.Open(reason.One(reason.ControlLost, "vantage", n.Vantage, "address", e.Addr), o, x)
		}
	}
	return s, nil
}

// whySilent says what a silence looks like that should have been an answer: nothing answers the
// vantage, or IKE does, or that is silent, too.
func whySilent(e *check.Evidence) (why reason.List, by []*run.Observation) {
	to := e.Label
	if why, by := cutOff(e); why != nil {
		return reason.One(reason.VantageCutOff, "to", to, "vantage", e.From.Name, "why", why), by
	}
	if e.From.Role != intent.RoleDomain {
		return reason.One(reason.Silent, "to", to), nil
	}
	i := e.See(check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortIKE))
	why = reason.One(reason.SilentToMember, "to", to, "ike", check.Seen("", i))
	if i.Heard() {
		why = reason.One(reason.SilentButIKE, "to", to)
	}
	by = append(by, i)
	if check.BehindNAT(e.From) && e.Addr.Is4() {
		if n := e.See(check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortNATT)); !n.Heard() {
			why, by = append(why, reason.New(reason.NATTSilent, "seen", check.Seen("", n))), append(by, n)
		}
	}
	return why, by
}

// cutOff says what is silent of all that should answer the vantage, nil where
// something answers, or nothing was asked.
func cutOff(e *check.Evidence) (why reason.List, all []*run.Observation) {
	for _, n := range aliveNeeds(e.Policy, e.From, e.Addr) {
		o := e.See(n)
		if o.Spoke() {
			return nil, nil
		}
		why, all = append(why, check.Seen(n.Target, o)), append(all, o)
	}
	return why, all
}
