package traffic

import (
	"net/netip"
	"slices"
	"strconv"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// What is different of a denied trial that begins at a source port of choice.

// deniedFromPort are the claims of such a trial: that another source port is answered
// somewhere shows nothing of this one.
var deniedFromPort = fromPort(denied)

func fromPort(all []check.Claim) []check.Claim {
	all = slices.Clone(all)
	for i := range all {
		if all[i].Code == reason.ClaimEgress {
			all[i] = check.Claim{Code: reason.ClaimEgress, Needs: fromPortNeeds, Ask: egressFromPort}
		}
	}
	return all
}

// sourcePort is the source port of a trial, 0 where any will do.
func sourcePort(t *check.Trial) uint16 {
	if len(t.Own) == 0 || t.Own[0].Probe != run.ProbeTCPFrom {
		return 0
	}
	port, _ := strconv.ParseUint(t.Own[0].Param, 10, 16)
	return uint16(port)
}

func fromPortNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(check.OwnNeeds(p, t), WireNeeds(p, t)...)
}

// egressFromPort: packets from this port leave the vantage, for a watch at the host saw
// them, and no NAT had given them another port.
func egressFromPort(e *check.Evidence) claim.Support {
	o, port := e.Result(), sourcePort(e.Trial)
	from, _ := Used(e, o)
	from = Unshared(e, e.From.Name, from)
	var held, translated []*run.Observation
	taps := Taps(e)
	for i := range taps {
		w := &taps[i]
		switch {
		case w.arrivalsFrom(o, from, port) > 0:
			return claim.Shown(o, w.Observation)
		case w.Holds() && check.BehindNAT(e.From):
			translated = append(translated, w.Observation)
		case w.Holds():
			held = append(held, w.Observation)
		}
	}
	why := func(c reason.Code) reason.List { return reason.One(c, "vantage", e.From.Name, "port", port) }
	switch blind := Blind(e); {
	case len(translated) > 0:
		return claim.Void(why(reason.SourcePortTranslated), append(translated, o)...)
	case blind != nil:
		return claim.Open(blind, o)
	case len(held) > 0:
		return claim.Weak(why(reason.SourcePortNeverCame), append(held, o)...)
	}
	return claim.Void(why(reason.SourcePortUnwatched), o)
}

// arrivalsFrom are those of the arrivals that came from a source port.
func (w *Tap) arrivalsFrom(o *run.Observation, from []netip.Addr, port uint16) int {
	n := o.Need
	return w.count(o, func(f *run.Flow) bool {
		return f.Dst == n.Addr && f.SrcPort == port && (f.Own == o.ID || f.Own == "" && slices.Contains(from, f.Src)) &&
			(!w.Own || f.Passage != run.PassedOut) && asks(f, check.Port(n.Port), n.Probe)
	})
}
