package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/claim"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// The claims of flows that must pass.
var (
	claimSent       = Claim{Code: reason.ClaimSent, Needs: ownNeeds, Ask: (*Evidence).sentAllowed}
	claimAnswered   = Claim{Code: reason.ClaimAnswered, Needs: answeredNeeds, Ask: (*Evidence).answered}
	claimSameHost   = Claim{Code: reason.ClaimSameHost, Needs: byHostNeeds, Ask: (*Evidence).byHost}
	claimUsed       = Claim{Code: reason.ClaimUsed, Needs: usedNeeds, Ask: (*Evidence).notExempt}
	claimExempt     = Claim{Code: reason.ClaimExemptAddress, Needs: ownNeeds, Ask: (*Evidence).fromExemption}
	claimWindowsRPC = Claim{Code: reason.ClaimWindowsRPC, Needs: randomNeeds, Ask: (*Evidence).windowsRPC}
	claimIn4500     = Claim{Code: reason.ClaimIn4500, Needs: ownWireNeeds, Ask: (*Evidence).in4500}
	claimClear      = Claim{Code: reason.ClaimWithoutIPsec, Needs: ownWireNeeds, Ask: (*Evidence).withoutIPsec}
)

// ownWireNeeds are the trial and the watches at its host.
func ownWireNeeds(p *policy.Policy, t Trial) []run.Need {
	return append(ownNeeds(p, t), wireNeeds(p, t)...)
}

// flowsTo are the trials of a vantage that must reach a port of the host's addresses:
// one for each address that is meant.
func flowsTo(p *policy.Policy, id run.CellID, n port, meant func(policy.Vantage, policy.Host, netip.Addr) bool) []Trial {
	v, h := pair(p, id)
	var all []Trial
	for _, a := range h.Addresses {
		if meant == nil || meant(v, h, a) {
			all = append(all, trialOf(v, h, n, reach(v.Name, h, a, n, run.Before)))
		}
	}
	return all
}

func overIPv4(_ policy.Vantage, _ policy.Host, a netip.Addr) bool { return a.Is4() }

// byHostNeeds are the trial, the watches, and what IKE says of itself here and to
// other members.
func byHostNeeds(p *policy.Policy, t Trial) []run.Need {
	needs := ownWireNeeds(p, t)
	needs = append(append(needs, ike(t.From.Name, t.Host, t.Addr, ikePort(t))), memberIKE(p, t)...)
	return append(needs, exemptServed(p, t)...)
}

// exemptServed is the connection of an exempt vantage to the same address: it goes in
// clear, so that a mirror sees from which link address it is answered.
func exemptServed(p *policy.Policy, t Trial) []run.Need {
	for _, v := range p.WithRole(policy.RoleExempt) {
		if v.Name != t.From.Name && exemptOver(p, v, t.Host, t.Addr) {
			return []run.Need{reach(v.Name, t.Host, t.Addr, port(t.Host.Port), run.Before)}
		}
	}
	return nil
}

// ikePort is the port of an IKE trial; that of others is 500.
func ikePort(t Trial) uint16 {
	if len(t.Own) > 0 && t.Own[0].Probe == run.ProbeIKE {
		return t.Own[0].Port
	}
	return portIKE
}

// memberIKE are the IKE exchanges of other members, which tell whether the same
// machine answers them: at most two.
func memberIKE(p *policy.Policy, t Trial) (needs []run.Need) {
	for _, v := range p.WithRole(policy.RoleDomain) {
		if v.Name != t.From.Name && len(needs) < 2 {
			needs = append(needs, ike(v.Name, t.Host, t.Addr, ikePort(t)))
		}
	}
	return needs
}

// byHost: the host itself answered, and nobody else at its address. Its own wire
// shows it; else its IKE is the same here as to others.
func (e *Evidence) byHost() claim.Support {
	return e.hostItself(func() []run.Need { return memberIKE(e.Policy, e.Trial) })
}

// ikeByHost is byHost of an IKE exchange. That it is like another one says nothing of
// the host, unless the host's own wire shows that one.
func (e *Evidence) ikeByHost() claim.Support {
	return e.hostItself(func() (seen []run.Need) {
		taps := e.taps()
		for _, n := range memberIKE(e.Policy, e.Trial) {
			x := e.See(n)
			from, _ := e.used(x)
			if len(x.Trouble) > 0 || slices.ContainsFunc(taps, func(w tap) bool { return w.own && x.Heard() && w.saw(x, from) }) {
				seen = append(seen, n)
			}
		}
		return seen
	})
}

// hostItself looks at the wire at the host, and else compares IKE exchanges.
func (e *Evidence) hostItself(others func() []run.Need) claim.Support {
	o := e.own()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := e.used(o)
	taps := e.taps()
	for i := range taps {
		if w := &taps[i]; w.own && w.saw(o, from) {
			return claim.Shown(o, w.Observation)
		}
	}
	for i := range taps {
		if w := &taps[i]; w.own && w.holds() && !e.hidden() {
			return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", w.name, "host", e.Host.Name, "vantage", e.From.Name), o, w.Observation)
		}
	}
	if blind := e.blind(); blind != nil {
		return claim.Open(blind, o)
	}
	for i := range taps {
		if x := e.sameLink(&taps[i]); x != nil {
			return claim.Shown(o, x, taps[i].Observation)
		}
	}
	return e.sameVendor(ike(e.From.Name, e.Host, e.Addr, ikePort(e.Trial)), others(), claim.Weak)
}

// sameLink is the IKE exchange of another member, or the connection of an exempt
// vantage, that a mirror saw answered from the same link address as the vantage's own
// IKE, nil where there is none.
func (e *Evidence) sameLink(w *tap) *run.Observation {
	mine := e.See(ike(e.From.Name, e.Host, e.Addr, ikePort(e.Trial)))
	if w.own || !w.holds() || !mine.Heard() || w.linkFrom(mine) == "" {
		return nil
	}
	for _, n := range append(memberIKE(e.Policy, e.Trial), exemptServed(e.Policy, e.Trial)...) {
		if x := e.See(n); x.Heard() && w.linkFrom(x) == w.linkFrom(mine) {
			return x
		}
	}
	return nil
}

func randomNeeds(p *policy.Policy, t Trial) []run.Need {
	return append(ownNeeds(p, t), randomBind(t.From.Name, t.Host, t.Addr))
}

// windowsRPC: what listens is the RPC runtime of Windows, which rejects an interface
// that nobody has registered. An emulator of KMS commonly accepts whatever it is
// asked.
func (e *Evidence) windowsRPC() claim.Support {
	o := e.See(randomBind(e.From.Name, e.Host, e.Addr))
	switch {
	case o.RPC != nil && o.RPC.Bind == "accepted":
		return claim.Broken(reason.One(reason.AnyRPCInterface), o)
	case !e.own().Heard():
		return claim.Open(nil, e.own())
	case o.RPC == nil:
		return claim.Open(reason.One(reason.RandomBindUnanswered, "seen", seen("", o)), o)
	}
	return claim.Shown(o)
}

// in4500: the connection of a vantage behind NAT came as ESP in UDP 4500. ESP as such
// does not pass an address translation.
func (e *Evidence) in4500() claim.Support {
	o := e.own()
	switch {
	case !o.Heard():
		return claim.Open(nil, o)
	case e.hidden():
		return claim.Open(reason.One(reason.SeenAsUndeclared, "vantage", e.From.Name), o)
	}
	from, _ := e.used(o)
	taps := e.taps()
	held := ""
	for i := range taps {
		w := &taps[i]
		switch {
		case w.esp(o, from, run.FlowUDPESP):
			return claim.Shown(o, w.Observation)
		case w.esp(o, from, run.FlowESP):
			return claim.Misdeclared(reason.One(reason.NotBehindNAT, "watch", w.name, "vantage", e.From.Name), o, w.Observation)
		case w.own && w.holds():
			held = w.name
		}
	}
	if blind := e.blind(); blind != nil {
		return claim.Open(blind, o)
	}
	if held != "" {
		return claim.Open(reason.One(reason.NothingIn4500, "watch", held, "vantage", e.From.Name), o)
	}
	return claim.Weak(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}

// withoutIPsec: the exempt vantage was served in clear, as an exempt one is.
func (e *Evidence) withoutIPsec() claim.Support {
	o := e.own()
	if !o.Heard() {
		return claim.Open(nil, o)
	}
	from, _ := e.used(o)
	taps := e.taps()
	for i := range taps {
		if w := &taps[i]; w.arrivals(o, from) > 0 || w.answers(o, from) > 0 {
			return claim.Shown(o, w.Observation)
		}
	}
	held := ""
	for i := range taps {
		switch w := &taps[i]; {
		case w.esp(o, e.unshared(e.From.Name, from), run.FlowESP, run.FlowUDPESP):
			return claim.Misdeclared(reason.One(reason.ExemptInsideIPsec, "watch", w.name, "vantage", e.From.Name, "host", e.Host.Name), o, w.Observation)
		case w.own && w.holds():
			held = w.name
		}
	}
	if blind := e.blind(); blind != nil {
		return claim.Open(blind, o)
	}
	if held != "" {
		return claim.Misdeclared(reason.One(reason.ControlUnseen, "watch", held, "host", e.Host.Name, "vantage", e.From.Name), o)
	}
	return claim.Weak(reason.One(reason.WireNotWatched, "host", e.Host.Name), o)
}
