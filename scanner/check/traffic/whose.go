package traffic

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Who is at the ends of a denied trial: the host itself, and one who is no member
// and not exempt. And whose doing the silence is.

// sameHostNeeds are the trial, the watches, and the answers that tell one machine
// from another.
func sameHostNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	ike := check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortIKE)
	return slices.Concat(check.OwnNeeds(p, t), WireNeeds(p, t), []run.Need{ike}, openNeeds(p, t), controlIKE(p, t))
}

// controlIKE are the IKE exchanges of the controls that are members.
func controlIKE(p *intent.Policy, t *check.Trial) (needs []run.Need) {
	for _, n := range ControlNeeds(p, t, run.Before) {
		if v, _ := p.Vantage(n.Vantage); v.Role == intent.RoleDomain {
			needs = append(needs, check.IKENeed(n.Vantage, t.Host, t.Addr, check.PortIKE))
		}
	}
	return needs
}

// sameHost: the machine that was silent is the one that answered the controls.
func sameHost(e *check.Evidence) claim.Support {
	o := e.Result()
	from, _ := Used(e, o)
	if blind := Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	taps := Taps(e)
	controls, all, lost := answeredControls(e)
	if lost != nil { // it may have shown another machine
		return claim.Open(reason.One(reason.ControlLost, "vantage", lost.Need.Vantage, "address", e.Addr), lost)
	}
	for i := range taps {
		w := &taps[i]
		if !w.Holds() {
			continue
		}
		for _, c := range all {
			if from := anyOf(e, c); w.Own && !w.Saw(c, from) && (c.Need.When == run.Before || !w.came(c, from)) {
				return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", w.Name, "host", e.Host.Name, "vantage", c.Need.Vantage), w.Observation, c)
			}
		}
		switch {
		case w.Own && w.arrivals(o, Unshared(e, e.From.Name, from)) > 0:
			return claim.Shown(o, w.Observation)
		case !w.Own && w.linkTo(o) != "" && slices.ContainsFunc(controls, func(c *run.Observation) bool { return w.linkFrom(c) == w.linkTo(o) }):
			return claim.Shown(o, w.Observation)
		}
	}
	return sameVendor(e, check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortIKE), controlIKE(e.Policy, e.Trial), claim.Open)
}

// answeredControls are the controls that were answered before the trial, and those with
// the ones that were answered after it: another machine may have come to the address
// since. lost is one that nobody knows of. Who was not answered before is not asked again.
func answeredControls(e *check.Evidence) (before, all []*run.Observation, lost *run.Observation) {
	for _, n := range openNeeds(e.Policy, e.Trial) {
		switch c := e.See(n); {
		case c.Trouble.Has(reason.ControlNotRepeated):
		case len(c.Trouble) > 0:
			return nil, nil, c
		case c.Heard() && n.When == run.Before:
			before, all = append(before, c), append(all, c)
		case c.Heard():
			all = append(all, c)
		}
	}
	return before, all, nil
}

// anyOf are all addresses that packets of an observation's vantage may bear.
func anyOf(e *check.Evidence, o *run.Observation) []netip.Addr { return e.Sources(o.Need.Vantage) }

// sameVendor compares what the host's IKE says of itself here and to others. lost is
// what an exchange is worth that was not observed: it may have shown another machine.
func sameVendor(e *check.Evidence, here run.Need, others []run.Need, lost func(reason.List, ...*run.Observation) claim.Support) claim.Support {
	mine := e.See(here)
	var same, other, unseen *run.Observation
	for _, n := range others {
		c := e.See(n)
		if len(mine.Trouble)+len(c.Trouble) > 0 {
			unseen = c
			continue
		}
		if mine.IKE == nil || c.IKE == nil || mine.IKE.Protocol != c.IKE.Protocol || len(mine.IKE.VendorIDs)+len(c.IKE.VendorIDs) == 0 {
			continue
		}
		if slices.Equal(sorted(mine.IKE.VendorIDs), sorted(c.IKE.VendorIDs)) {
			same = c
			continue
		}
		other = c
	}
	switch {
	case other != nil:
		return claim.Open(reason.One(reason.OtherMachine, "vantage", e.From.Name, "other", other.Need.Vantage, "address", e.Addr), mine, other)
	case unseen != nil:
		return lost(reason.One(reason.ControlLost, "vantage", unseen.Need.Vantage, "address", e.Addr), mine, unseen)
	case same != nil:
		return claim.Shown(mine, same)
	}
	return claim.Weak(reason.One(reason.HostUntold, "address", e.Addr, "vantage", e.From.Name), mine)
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }

// outsiderNeeds are the trial, the watches and the directories.
func outsiderNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), WireNeeds(p, t)...)
	return append(needs, check.DirectoryNeeds(p, run.CellID{})...)
}

// outsider: the vantage is neither a domain member nor exempt.
func outsider(e *check.Evidence) claim.Support {
	o := e.Result()
	if why, by := insiderOf(e, o); why != nil {
		return claim.Misdeclared(why, append(by, o)...)
	}
	unshown := claim.Weak(reason.One(reason.OutsiderUnshown, "vantage", e.From.Name), o)
	all := e.Forests()
	if len(all) < len(check.DirectoryNeeds(e.Policy, e.Cell)) {
		return unshown // what was not read may have its account
	}
	from, _ := Used(e, o)
	taps := Taps(e)
	for i := range taps {
		if w := &taps[i]; w.Holds() && w.arrivals(o, Unshared(e, e.From.Name, from)) > 0 {
			return claim.Shown(o, append(all, w.Observation)...)
		}
	}
	if len(all) > 0 && everyAccountRead(e) && e.Policy.QualifiedName(e.From) != "" {
		return claim.Shown(all[0], all[1:]...)
	}
	return unshown
}

// insider says why an outsider is none, and what shows it.
type insider struct {
	why reason.List
	by  []*run.Observation
}

// insiderOf says why a vantage that is declared as an outsider is none; nil where
// nothing says so.
func insiderOf(e *check.Evidence, o *run.Observation) (why reason.List, by []*run.Observation) {
	is := check.Know(e, "insider", func() (x insider) {
		x.why, x.by = findInsider(e, o)
		return x
	})
	return is.why, is.by
}

func findInsider(e *check.Evidence, o *run.Observation) (why reason.List, by []*run.Observation) {
	used, known := Used(e, o)
	for _, a := range used {
		if outerUnknown(e.From) {
			break // these are not what the host sees
		}
		if x, exempt := e.Policy.Exempt(a, e.Host.Name); exempt && (known || allExempt(e, used)) {
			return reason.One(reason.OutsiderExempt, "vantage", e.From.Name, "address", a, "exemption", x.Name), nil
		}
	}
	taps := Taps(e)
	alone := Unshared(e, e.From.Name, used)
	for i := range taps {
		w := &taps[i]
		if w.count(o, func(f *run.Flow) bool {
			return (f.Kind == run.FlowESP || f.Kind == run.FlowUDPESP) && f.Own == "" && f.Dst == o.Need.Addr && slices.Contains(alone, f.Src)
		}) > 0 {
			return reason.One(reason.OutsiderSpeaksESP, "watch", w.Name, "vantage", e.From.Name, "host", e.Host.Name), []*run.Observation{w.Observation}
		}
	}
	if e.Directories == nil {
		return nil, nil
	}
	if name := e.Policy.QualifiedName(e.From); name != "" {
		if f, err := e.Directories.Find(name); f != nil && err == nil && (f.Account == nil || f.Account.Enabled) {
			return reason.One(reason.OutsiderHasAccount, "vantage", e.From.Name, "name", name, "domain", f.Domain), e.Forests()
		}
	}
	return nil, nil
}

func allExempt(e *check.Evidence, addrs []netip.Addr) bool {
	return !slices.ContainsFunc(addrs, func(a netip.Addr) bool {
		_, exempt := e.Policy.Exempt(a, e.Host.Name)
		return !exempt
	})
}

// everyAccountRead reports whether the lists of computers of all domains are known.
func everyAccountRead(e *check.Evidence) bool {
	if e.Directories == nil || len(e.Directories.Failed) > 0 {
		return false
	}
	for _, f := range e.Directories.Forests {
		for i := range f.Domains {
			if e.Directories.Unread(f.Domains[i].Name, run.AspectComputers) != nil {
				return false
			}
		}
	}
	return true
}

// deniedByNeeds are what shows whose doing the silence is.
func deniedByNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := append(check.OwnNeeds(p, t), WireNeeds(p, t)...)
	needs = append(needs, check.IKENeed(t.From.Name, t.Host, t.Addr, check.PortIKE))
	if t.From.PairedWith != "" {
		needs = append(needs, check.ReachNeed(t.From.PairedWith, t.Host, t.Addr, t.Port, run.Before))
	}
	return append(needs, check.ConfiguredNeeds(p, run.CellID{Target: t.Host.Name})...)
}

// deniedByHost: the host itself is silent. Only its wire shows that plainly: the
// packets came, and nothing went back. That a neighbour is answered, or what is
// configured, makes it likely. That IKE answers would prove nothing: a router that
// passes UDP 500 and drops 1688 looks the same.
func deniedByHost(e *check.Evidence) claim.Support {
	o := e.Result()
	taps := Taps(e)
	if o.Class != run.Silent {
		if why, by := pathEnded(e, o, taps); why != nil {
			return claim.Denied(run.ByPath, why, o, by...)
		}
		return claim.Open(reason.One(reason.DenierUnknown, "at", e.Label), o)
	}
	from, _ := Used(e, o)
	watched, perhaps := false, Hidden(e)
	for i := range taps {
		w := &taps[i]
		if !w.Holds() {
			continue
		}
		watched = true
		if w.arrivals(o, Unshared(e, e.From.Name, from)) > 0 {
			return claim.Denied(run.ByArrived, reason.One(reason.ArrivedUnanswered, "watch", w.Name, "vantage", e.From.Name, "at", e.Label), o, w.Observation)
		}
		perhaps = perhaps || w.arrivals(o, from) > 0
	}
	if x, w := comesOtherwise(e, taps); w != nil && !perhaps {
		why := reason.One(reason.ControlUnseen, "watch", w.Name, "host", e.Host.Name, "vantage", e.From.Name)
		return claim.Denied(run.ByUnknown, why, o, x, w.Observation)
	}
	if watched && !perhaps {
		return claim.Denied(run.ByPath, reason.One(reason.NeverArrives, "vantage", e.From.Name, "at", e.Label), o)
	}
	if pair := e.From.PairedWith; pair != "" {
		if x := e.Peek(check.ReachNeed(pair, e.Host, e.Addr, e.Port, run.Before)); x.Heard() {
			return claim.Denied(run.ByPaired, reason.One(reason.PairedAnswered, "pair", pair, "at", e.Label), o, x)
		}
	}
	if by := e.RequiredBy(e.From, e.Host, e.Addr, e.Port); by != nil {
		return claim.Denied(run.ByConfigured, by, o)
	}
	return claim.Denied(run.ByUnknown, reason.One(reason.ArrivalUnknown, "vantage", e.From.Name, "host", e.Host.Name), o)
}

// comesOtherwise is the vantage's IKE that was answered, and the host's own watch that
// held and saw none of it; nil where there is none. Then a NAT that is not declared
// changes the address of the vantage, or another machine answers it: what was not seen of
// it may have arrived.
func comesOtherwise(e *check.Evidence, taps []Tap) (*run.Observation, *Tap) {
	x := e.See(check.IKENeed(e.From.Name, e.Host, e.Addr, check.PortIKE))
	from, _ := Used(e, x)
	for i := range taps {
		if w := &taps[i]; w.Own && w.Holds() && x.Heard() && w.arrivals(x, from) == 0 {
			return x, w
		}
	}
	return nil, nil
}
