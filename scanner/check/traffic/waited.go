package traffic

import (
	"net/netip"
	"slices"
	"time"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// How long a silence must be, and how often something must have been sent.

// synSchedule is when a system sends the SYNs of one connect at the latest, counted
// from the first. A classic Linux kernel sends its third one at 3.03 to 3.05 s;
// newer ones, Windows and macOS send it no later.
var synSchedule = []time.Duration{0, 1020 * time.Millisecond, 3050 * time.Millisecond, 7100 * time.Millisecond, 15200 * time.Millisecond}

// slowLink is an answer time beyond which it matters which transmission was
// answered.
const slowLink = time.Second

// waitedNeeds are the trial, and the exchanges before it by which the way to the host
// and back is measured.
func waitedNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	ike := check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortIKE)
	return slices.Concat(check.OwnNeeds(p, t), ControlNeeds(p, t, run.Before), []run.Need{ike}, linkNeeds(p, t, run.Before))
}

// linkNeeds are what is asked of all that is alive, at a moment: over each family that
// some host has, for they share the link.
func linkNeeds(p *intent.Policy, t *check.Trial, when run.When) []run.Need {
	var needs []run.Need
	four, six := p.Families()
	if four {
		needs = alive(p, t.From, netip.IPv4Unspecified(), when)
	}
	if six {
		needs = append(needs, alive(p, t.From, netip.IPv6Unspecified(), when)...)
	}
	return needs
}

// waited: an answer had the time to come. The silence counts from the third
// transmission, or from as many as a link needs that loses packets.
func waited(e *check.Evidence) claim.Support {
	o := e.Result()
	if o.Class != run.Silent {
		return claim.Shown(o) // something ended the try: no length is needed
	}
	l := link(e)
	if l.own == nil || l.control == nil || l.missing {
		return claim.Open(reason.One(reason.LinkUnmeasured, "vantage", e.From.Name))
	}
	want := run.Transmissions(l.Lost, l.Sent)
	sent, counted := transmitted(o, run.Patience(l.Answer))
	by := []*run.Observation{l.own, l.control}
	switch {
	case run.WindowFor(l.Answer) > run.LongestWindow:
		return claim.Open(reason.One(reason.LinkTooSlow, "vantage", e.From.Name, "answer", check.Ago(l.Answer)), append(by, o)...)
	case sent < want && sent >= run.FewestTransmissions && sourcePort(e.Trial) != 0:
		return claim.Weak(reason.One(reason.SourcePortOnce, "vantage", e.From.Name, "lost", l.Lost, "sent", l.Sent), append(by, o)...)
	case sent < want && want > run.FewestTransmissions:
		return claim.Open(reason.One(reason.LinkLoses, "vantage", e.From.Name, "lost", l.Lost, "sent", l.Sent, "want", want, "counted", sent), append(by, o)...)
	case sent < want:
		return claim.Open(reason.One(reason.SilenceTooShort, "at", e.Label, "for", check.Ago(ended(o)-o.Start), "counted", sent, "want", want), append(by, o)...)
	case !counted:
		return claim.Weak(reason.One(reason.TransmissionsUncounted, "vantage", e.From.Name), append(by, o)...)
	case l.Untold && l.Answer > slowLink:
		return claim.Weak(reason.One(reason.AnswerUntold, "vantage", e.From.Name, "answer", check.Ago(l.Answer)), append(by, o)...)
	}
	return claim.Shown(o, by...)
}

// measured is what is known of the way from a vantage to a host and back.
type measured struct {
	run.Measure

	own     *run.Observation // an exchange of the vantage itself
	control *run.Observation
	missing bool // an exchange that counts was not observed
}

// link measures by the vantage's own exchanges, the longest of them, and by the
// shortest of each control: its first answer may contain a negotiation.
func link(e *check.Evidence) (m measured) {
	see := func(n run.Need) *run.Observation {
		o := e.See(n)
		m.missing = m.missing || len(o.Trouble) > 0 && !o.Trouble.Has(reason.ControlNotRepeated)
		return o
	}
	for _, n := range append(linkNeeds(e.Policy, e.Trial, run.Before), check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortIKE)) {
		if o := see(n); m.Note(o) {
			m.own = o
		}
	}
	for _, n := range ControlNeeds(e.Policy, e.Trial, run.Before) {
		if o := see(n); o.Spoke() {
			m.control, m.Answer = o, max(m.Answer, o.QuickestAnswer())
		}
	}
	return m
}

// transmitted counts the transmissions after which an answer had at least patience
// to come. counted says that the system told how many there were, or that its
// schedule is known.
func transmitted(o *run.Observation, patience time.Duration) (n int, counted bool) {
	counted = true
	until := ended(o) - patience
	for i := range o.Tries {
		t := &o.Tries[i]
		most := 1
		switch {
		case o.Need.Probe == run.ProbeICMP:
		case t.Sent > 0:
			most = t.Sent
		default: // a system that does not count; through a forward it is not known which one
			most, counted = run.FewestTransmissions, counted && t.Local.IsValid()
		}
		for k := 0; k < most && k < len(synSchedule); k++ {
			if t.Start+synSchedule[k] <= until {
				n++
			}
		}
	}
	return n, counted
}

// ended is when the last try of an observation ended.
func ended(o *run.Observation) time.Duration {
	end := o.Start
	for i := range o.Tries {
		end = max(end, o.Tries[i].Start+o.Tries[i].RTT)
	}
	return end
}
