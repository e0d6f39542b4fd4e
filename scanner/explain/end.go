package explain

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/estate"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// end is one end of a packet with what it does.
type end struct {
	at
	doc      run.ExplainedEnd
	effect   consec.Effect
	conducts []conduct
	inbound  bool
}

// All conducts of an end of which nothing is known. That a stranger's firewall
// keeps a packet in is no reason to think that it does not come.
var (
	anySender   = []conduct{sendsClear, sendsTrying, sendsSecured}
	anyReceiver = []conduct{takesSecured, takesBoth, takesClear, takesNothing}
)

// asked is all that decides what an end does, of one explainer.
type asked struct {
	told           *estate.Told
	place, profile string
	own, outer     netip.Addr
	peer           netip.Addr
	protocol       string
	port           uint16
	inbound        bool
}

// does is [Explainer.work], and for a difference, which asks the same of one
// end with many others, what was worked out before.
func (x *Explainer) does(a at, inbound bool, peer netip.Addr, k *packets, full bool) *end {
	if full || x.done == nil {
		return x.work(a, inbound, peer, k, full)
	}
	key := asked{a.told, a.name, a.env.Profile, a.addr, a.outer, peer, k.protocol, k.port, inbound}
	e := x.done[key]
	if e == nil {
		e = x.work(a, inbound, peer, k, false)
		x.done[key] = e
	}
	return e
}

// work works out what an end does with a packet to or from peer. Told in full
// it says how that comes about, rule by rule.
func (x *Explainer) work(a at, inbound bool, peer netip.Addr, k *packets, full bool) *end {
	e := &end{at: a, inbound: inbound}
	d := &e.doc
	d.Name, d.Kind, d.Role, d.Address, d.SeenAs, d.StandIn = a.name, a.kind, a.role, a.addr, a.outer, a.standIn
	d.Account, d.Premise, d.Profile = a.member, a.premise, a.env.Profile
	if full {
		x.gpos(a.place, d)
	}
	switch {
	case a.told == nil && a.nothing != "":
		d.Verdict, d.Why, d.Profile = string(consec.Clear), a.nothing, ""
		e.conducts = []conduct{sendsClear}
		if inbound {
			e.conducts = []conduct{takesClear}
		}
		return e
	case a.told == nil:
		d.Verdict, d.Why, d.Profile = string(consec.Unknown), a.unknown, ""
		e.conducts = anySender
		if inbound {
			e.conducts = anyReceiver
		}
		return e
	}
	var trace consec.Trace
	e.effect, trace = x.ask1(a, inbound, peer, k, full)
	f := &e.effect
	d.Verdict, d.Rule, d.Source, d.Why, d.Undocumented = string(f.Verdict), f.Rule, f.Source, f.Why, f.Undocumented
	d.Doubts = doubts(a.told)
	d.Authentication, d.UserAuthentication, d.Proposals = f.Auth, f.User, f.Crypto.Proposals
	d.Peers = slices.Concat(f.Machines, f.Users)
	d.Notes = append(d.Notes, f.Notes...)
	e.conducts = e.conduct()
	if len(d.Doubts) > 0 {
		d.Verdict = string(consec.Unknown)
		d.Why = "it may have been told something else than is known: " + strings.Join(d.Doubts, "; ")
		d.Rule, d.Source = "", ""
		e.conducts = anyReceiver
		if !inbound {
			e.conducts = anySender
		}
	}
	if full {
		d.Security = half(f.Security, trace.Security, trace.OtherSecurity)
		x.nearMisses(a, d.Security)
		d.Firewall = half(f.Firewall, trace.Firewall, trace.OtherFirewall)
		for _, b := range a.told.Policy.Unreadable() {
			d.Notes = append(d.Notes, "cannot be read: "+b)
		}
		for _, r := range a.told.Policy.Removed {
			d.Notes = append(d.Notes, r.String())
		}
	}
	return e
}

// doubts are why a machine may have been told something else than is known.
func doubts(t *estate.Told) []string {
	all := slices.Clone(t.Doubts)
	for _, b := range t.Policy.Broken {
		if b.What == "policy" { // a setting, which may be any
			all = append(all, b.String())
		}
	}
	return all
}

// ask1 asks the policy of one end.
func (x *Explainer) ask1(a at, inbound bool, peer netip.Addr, k *packets, full bool) (consec.Effect, consec.Trace) {
	p, proto := a.told.Policy, protoOf(k.protocol, a.addr)
	own := a.addr
	switch {
	case inbound && full:
		return p.TraceInbound(own, peer, proto, k.port, a.env)
	case inbound:
		return p.Inbound(own, peer, proto, k.port, a.env), consec.Trace{}
	case full:
		return p.TraceOutbound(own, peer, proto, k.port, a.env)
	}
	return p.Outbound(own, peer, proto, k.port, a.env), consec.Trace{}
}

func protoOf(name string, a netip.Addr) uint8 {
	switch {
	case name == "udp":
		return 17
	case name == "tcp":
		return 6
	case a.Is6():
		return 58
	}
	return 1
}

// conduct is what an end may do by its effect.
func (e *end) conduct() []conduct {
	f := &e.effect
	dropped := f.Firewall.Verdict == consec.Dropped
	lets := e.letsSecured() // through the firewall, what IPsec has authenticated
	if !e.inbound {
		switch v := f.Verdict; {
		case v == consec.Unknown:
			return append(slices.Clone(anySender), sendsNothing)
		case v == consec.Dropped, v == consec.Require && dropped && lets == consec.No:
			return []conduct{sendsNothing}
		case v == consec.Require && dropped && lets == consec.Maybe:
			return []conduct{sendsSecured, sendsNothing}
		case v == consec.Require:
			return []conduct{sendsSecured}
		case v == consec.Request:
			return []conduct{sendsTrying}
		case f.Undocumented: // another rule may come first, and protects it
			return []conduct{sendsClear, sendsTrying}
		}
		return []conduct{sendsClear}
	}
	switch s := f.Security.Verdict; {
	case f.Verdict == consec.Unknown:
		return anyReceiver
	case s == consec.Clear || s == consec.Exempt:
		if f.Verdict == consec.Dropped {
			return []conduct{takesNothing}
		}
		return []conduct{takesClear}
	case dropped && lets == consec.No:
		return []conduct{takesNothing}
	case dropped && lets == consec.Maybe:
		return []conduct{takesSecured, takesNothing}
	case f.Verdict == consec.Require:
		return []conduct{takesSecured}
	}
	return []conduct{takesBoth}
}

// letsSecured says whether a firewall that drops the packet in clear lets it
// through inside IPsec: maybe, where what decides is a rule that asks for
// IPsec and is not surely for the packet.
func (e *end) letsSecured() consec.Answer {
	d := e.effect.Firewall
	if d.Verdict != consec.Dropped {
		return consec.Yes
	}
	if d.Rule == "" {
		return consec.No
	}
	for i := range e.told.Policy.Firewall {
		r := &e.told.Policy.Firewall[i]
		if r.ID == d.ID && r.Source == d.Source && r.Action != consec.Block {
			return consec.Maybe
		}
	}
	return consec.No
}

// half is one half of a verdict for the document.
func half(d consec.Decision, lines []consec.Line, others int) *run.ExplainedHalf {
	h := &run.ExplainedHalf{Verdict: string(d.Verdict), Why: d.Why, Others: others}
	for _, l := range lines {
		h.Rules = append(h.Rules, run.ExplainedRule{Rule: l.Rule, ID: l.ID, Source: l.Source, For: l.For.String(), Text: l.Text})
	}
	return h
}

// shared are the words that both lists have.
func shared(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

func ofSource(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(" of %q", name)
}
