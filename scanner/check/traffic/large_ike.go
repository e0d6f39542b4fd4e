package traffic

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// ClaimLargeIKE is the claim of an IKE exchange that messages larger than a packet pass,
// too: they travel in fragments, which some devices drop.
var ClaimLargeIKE = check.Claim{Code: reason.ClaimLargeIKE, Needs: largeNeeds, Ask: largeIKE}

// mostLarge is how many other members are looked at for one whose large messages the host
// answers.
const mostLarge = 8

// largeNeeds are both exchanges, what tells how much the link loses, the watches at the
// host, and the large messages of other members.
func largeNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	own := check.LargeIKENeed(t.From.Name, t.Host, t.Addr)
	return slices.Concat(OwnWireNeeds(p, t), []run.Need{own}, linkNeeds(p, t, run.Once), largeOfOthers(p, t))
}

func largeOfOthers(p *intent.Policy, t *check.Trial) (needs []run.Need) {
	for _, v := range p.WithRole(intent.RoleDomain) {
		if v.Name != t.From.Name && len(needs) < mostLarge {
			needs = append(needs, check.LargeIKENeed(v.Name, t.Host, t.Addr))
		}
	}
	return needs
}

// largeIKE: the host answered a message that is larger than a packet.
func largeIKE(e *check.Evidence) claim.Support {
	small, o := e.Result(), e.See(check.LargeIKENeed(e.From.Name, e.Host, e.Addr))
	if !small.Heard() {
		return claim.Open(nil, small) // which another claim says
	}
	if s, made := claim.Unmade(o); !made {
		if len(o.Missing) > 0 {
			return claim.Open(o.Missing, o)
		}
		return s
	}
	large := o.IKE != nil && o.IKE.Size > 0
	switch {
	case o.Heard() && large:
		return claim.Shown(o)
	case o.Class == run.Unknown:
		return claim.Open(reason.One(reason.OutcomeUnknown, "to", e.Label, "words", check.Note(o)), o)
	case !Went(e, o):
		return claim.Weak(reason.One(reason.LargeIKENotSent, "vantage", e.From.Name, "to", e.Label, "words", check.Note(o)), o)
	case o.Class == run.Cut:
		return claim.Open(reason.One(reason.IKEUnreadable, "to", e.Label, "words", check.Note(o)), o)
	case o.Class == run.Refused || o.Class == run.Unreachable:
		return claim.Broken(reason.One(reason.Unreachable, "to", e.Label, "words", check.Note(o)), o, small)
	case !large: // it does not tell how large it was
		return claim.Open(nil, o)
	}
	return largeSilent(e, small, o)
}

// largeSilent is what it means that large messages have no answer. It is the way there
// where somebody shows that the host answers such, or that they do not come to it: a host
// may leave alone what is filled up.
func largeSilent(e *check.Evidence, small, o *run.Observation) claim.Support {
	if s, told := enoughSent(e, o); !told {
		return s
	}
	args := []any{"to", e.Label, "octets", o.IKE.Size, "count", len(o.Tries)}
	var lost *run.Observation
	for _, n := range largeOfOthers(e.Policy, e.Trial) {
		switch x := e.See(n); {
		case x.Heard() && x.IKE != nil && x.IKE.Size > 0:
			return claim.Broken(reason.One(reason.LargeIKEDoesNotPass, append(args, "vantage", e.From.Name, "witness", n.Vantage, "host", e.Host.Name)...), o, small, x)
		case len(x.Trouble) > 0:
			lost = x
		}
	}
	from, _ := Used(e, small)
	taps := Taps(e)
	for i := range taps {
		if w := &taps[i]; w.Holds() && w.Saw(small, from) && !w.Saw(o, from) {
			return claim.Broken(reason.One(reason.LargeIKEUnseen, append(args, "watch", w.Name, "host", e.Host.Name)...), o, small, w.Observation)
		}
	}
	if blind := Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	if lost != nil {
		return claim.Open(reason.One(reason.ControlLost, "vantage", lost.Need.Vantage, "address", e.Addr), o, lost)
	}
	return claim.Weak(reason.One(reason.LargeIKESilent, args...), o, small)
}

// enoughSent reports whether the host still answers, and whether so much was sent that
// not all of it can have been lost by chance: by the small messages that went after, and
// by what is alive.
func enoughSent(e *check.Evidence, o *run.Observation) (s claim.Support, told bool) {
	switch {
	case o.IKE.Again == 0: // it does not tell
		return claim.Open(nil, o), false
	case o.IKE.AgainHeard == 0:
		return claim.Open(reason.One(reason.LargeIKESilentSince, "to", e.Label), o), false
	}
	m := run.Measure{Lost: max(0, o.IKE.Again-o.IKE.AgainHeard), Sent: o.IKE.Again}
	by := []*run.Observation{o}
	for _, n := range linkNeeds(e.Policy, e.Trial, run.Once) {
		if x := e.See(n); m.Note(x) {
			by = append(by, x)
		}
	}
	want := run.InTwo(m.Lost, m.Sent)
	if len(o.Tries) >= want {
		return claim.Support{}, true
	}
	return claim.Open(reason.One(reason.LinkLoses, "vantage", e.From.Name, "lost", m.Lost, "sent", m.Sent, "want", want, "counted", len(o.Tries)), by...), false
}
