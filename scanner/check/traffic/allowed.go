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

// The claims of flows that must pass.
var (
	ClaimSent       = check.Claim{Code: reason.ClaimSent, Needs: check.OwnNeeds, Ask: sentAllowed}
	ClaimAnswered   = check.Claim{Code: reason.ClaimAnswered, Needs: AnsweredNeeds, Ask: Answered}
	ClaimSameHost   = check.Claim{Code: reason.ClaimSameHost, Needs: ByHostNeeds, Ask: byHost}
	ClaimUsed       = check.Claim{Code: reason.ClaimUsed, Needs: UsedNeeds, Ask: notExempt}
	ClaimExempt     = check.Claim{Code: reason.ClaimExemptAddress, Needs: check.OwnNeeds, Ask: fromExemption}
	ClaimWindowsRPC = check.Claim{Code: reason.ClaimWindowsRPC, Needs: randomNeeds, Ask: windowsRPC}
	ClaimIn4500     = check.Claim{Code: reason.ClaimIn4500, Needs: OwnWireNeeds, Ask: in4500}
	ClaimClear      = check.Claim{Code: reason.ClaimWithoutIPsec, Needs: OwnWireNeeds, Ask: withoutIPsec}
)

// OwnWireNeeds are the trial and the watches at its host.
func OwnWireNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(check.OwnNeeds(p, t), WireNeeds(p, t)...)
}

// FlowsTo are the trials of a vantage that must reach a port of the host's addresses:
// one for each address that is meant.
func FlowsTo(p *intent.Policy, id run.CellID, n check.Port, meant func(intent.Vantage, intent.Host, netip.Addr) bool) []check.Trial {
	v, h := check.Pair(p, id)
	var all []check.Trial
	for _, a := range h.Addresses {
		if meant == nil || meant(v, h, a) {
			all = append(all, check.TrialOf(v, h, n, check.ReachNeed(v.Name, h, a, n, run.Before)))
		}
	}
	return all
}

// OverIPv4 keeps the IPv4 addresses of hosts.
func OverIPv4(_ intent.Vantage, _ intent.Host, a netip.Addr) bool { return a.Is4() }

// ByHostNeeds are the trial, the watches, and what IKE says of itself here and to
// other members.
func ByHostNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	needs := OwnWireNeeds(p, t)
	needs = append(append(needs, check.IKENeed(t.From.Name, t.Host, t.Addr, IKEPort(t))), memberIKE(p, t)...)
	return append(needs, exemptServed(p, t)...)
}

// exemptServed is the connection of an exempt vantage to the same address: it goes in
// clear, so that a mirror sees from which link address it is answered.
func exemptServed(p *intent.Policy, t *check.Trial) []run.Need {
	for _, v := range p.WithRole(intent.RoleExempt) {
		if v.Name != t.From.Name && ExemptOver(p, v, t.Host, t.Addr) {
			return []run.Need{check.ReachNeed(v.Name, t.Host, t.Addr, check.Port(t.Host.Port), run.Before)}
		}
	}
	return nil
}

// IKEPort is the port of an IKE trial; that of others is 500.
func IKEPort(t *check.Trial) uint16 {
	if len(t.Own) > 0 && t.Own[0].Probe == run.ProbeIKE {
		return t.Own[0].Port
	}
	return check.PortIKE
}

// memberIKE are the IKE exchanges of other members, which tell whether the same
// machine answers them: at most two.
func memberIKE(p *intent.Policy, t *check.Trial) (needs []run.Need) {
	for _, v := range p.WithRole(intent.RoleDomain) {
		if v.Name != t.From.Name && len(needs) < 2 {
			needs = append(needs, check.IKENeed(v.Name, t.Host, t.Addr, IKEPort(t)))
		}
	}
	return needs
}

// byHost: the host itself answered, and nobody else at its address. Its own wire
// shows it; else its IKE is the same here as to others.
func byHost(e *check.Evidence) claim.Support {
	return hostItself(e, func() []run.Need { return memberIKE(e.Policy, e.Trial) })
}

// IKEByHost is byHost of an IKE exchange. That it is like another one says nothing of
// the host, unless the host's own wire shows that one.
func IKEByHost(e *check.Evidence) claim.Support {
	return hostItself(e, func() (seen []run.Need) {
		taps := Taps(e)
		for _, n := range memberIKE(e.Policy, e.Trial) {
			x := e.See(n)
			from, _ := Used(e, x)
			if len(x.Trouble) > 0 || slices.ContainsFunc(taps, func(w Tap) bool { return w.Own && x.Heard() && w.Saw(x, from) }) {
				seen = append(seen, n)
			}
		}
		return seen
	})
}

// hostItself looks at the wire at the host, and else compares IKE exchanges.
func hostItself(e *check.Evidence, others func() []run.Need) claim.Support {
	o := e.Result()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := Used(e, o)
	taps := Taps(e)
	for i := range taps {
		if w := &taps[i]; w.Own && w.Saw(o, from) {
			return claim.Shown(o, w.Observation)
		}
	}
	for i := range taps {
		if w := &taps[i]; w.Own && w.Holds() && !Hidden(e) {
			return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", w.Name, "host", e.Host.Name, "vantage", e.From.Name), o, w.Observation)
		}
	}
	if blind := Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	for i := range taps {
		if x := sameLink(e, &taps[i]); x != nil {
			return claim.Shown(o, x, taps[i].Observation)
		}
	}
	return sameVendor(e, check.IKENeed(e.From.Name, e.Host, e.Addr, IKEPort(e.Trial)), others(), claim.Weak)
}

// sameLink is the IKE exchange of another member, or the connection of an exempt
// vantage, that a mirror saw answered from the same link address as the vantage's own
// IKE, nil where there is none.
func sameLink(e *check.Evidence, w *Tap) *run.Observation {
	mine := e.See(check.IKENeed(e.From.Name, e.Host, e.Addr, IKEPort(e.Trial)))
	if w.Own || !w.Holds() || !mine.Heard() || w.linkFrom(mine) == "" {
		return nil
	}
	for _, n := range append(memberIKE(e.Policy, e.Trial), exemptServed(e.Policy, e.Trial)...) {
		if x := e.See(n); x.Heard() && w.linkFrom(x) == w.linkFrom(mine) {
			return x
		}
	}
	return nil
}

func randomNeeds(p *intent.Policy, t *check.Trial) []run.Need {
	return append(check.OwnNeeds(p, t), check.RandomBind(t.From.Name, t.Host, t.Addr))
}

// windowsRPC: what listens is the RPC runtime of Windows, which rejects an interface
// that nobody has registered. An emulator of KMS commonly accepts whatever it is
// asked.
func windowsRPC(e *check.Evidence) claim.Support {
	o := e.See(check.RandomBind(e.From.Name, e.Host, e.Addr))
	switch {
	case o.RPC != nil && o.RPC.Bind == "accepted":
		return claim.Broken(reason.One(reason.AnyRPCInterface), o)
	case !e.Result().Heard():
		return claim.Open(nil, e.Result())
	case o.RPC == nil:
		return claim.Open(reason.One(reason.RandomBindUnanswered, "seen", check.Seen("", o)), o)
	}
	return claim.Shown(o)
}

// in4500: the connection of a vantage behind NAT came as ESP in UDP 4500. ESP as such
// does not pass an address translation.
func in4500(e *check.Evidence) claim.Support {
	o := e.Result()
	switch {
	case !o.Heard():
		return claim.Open(nil, o)
	case Hidden(e):
		return claim.Open(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
	}
	from, _ := Used(e, o)
	taps := Taps(e)
	held := ""
	for i := range taps {
		w := &taps[i]
		switch {
		case w.ESP(o, from, run.FlowUDPESP):
			return claim.Shown(o, w.Observation)
		case w.ESP(o, from, run.FlowESP):
			return claim.Misdeclared(reason.One(reason.NotBehindNAT, "watch", w.Name, "vantage", e.From.Name), o, w.Observation)
		case w.Own && w.Holds():
			held = w.Name
		}
	}
	if blind := Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	if held != "" {
		return claim.Open(reason.One(reason.NothingIn4500, "watch", held, "vantage", e.From.Name), o)
	}
	return claim.Weak(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}

// withoutIPsec: the exempt vantage was served in clear, as an exempt one is.
func withoutIPsec(e *check.Evidence) claim.Support {
	o := e.Result()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := Used(e, o)
	taps := Taps(e)
	for i := range taps {
		if w := &taps[i]; w.arrivals(o, from) > 0 || w.answers(o, from) > 0 {
			return claim.Shown(o, w.Observation)
		}
	}
	held := ""
	for i := range taps {
		switch w := &taps[i]; {
		case w.ESP(o, Unshared(e, e.From.Name, from), run.FlowESP, run.FlowUDPESP):
			return claim.Misdeclared(reason.One(reason.ExemptInsideIPsec, "watch", w.Name, "vantage", e.From.Name, "host", e.Host.Name), o, w.Observation)
		case w.Own && w.Holds():
			held = w.Name
		}
	}
	if blind := Blind(e); blind != nil {
		return claim.Open(blind, o)
	}
	if held != "" {
		return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", held, "host", e.Host.Name, "vantage", e.From.Name), o)
	}
	return claim.Weak(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}
