package effect

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// maxLines is how many rules one half of a trace names.
const maxLines = 100

// Trace is how an [Effect] came about, rule by rule: what is for the packet,
// what may be, and what is not although it names one of the addresses or the
// port. The rest is counted.
type Trace struct {
	Security, Firewall           []Line
	OtherSecurity, OtherFirewall int
}

// Line is one rule of a [Trace].
type Line struct {
	Rule, ID string // title and id
	Source   string
	Store    consec.Store
	For      tri.State   // whether it is for the packet
	Why      reason.List // the rule is not named again in it
}

// TraceInbound is [Inbound] with its trace.
func TraceInbound(p *consec.Policy, host, peer netip.Addr, proto uint8, port uint16, env Env) (Effect, Trace) {
	var t Trace
	e := effect(p, true, packet{host.Unmap(), peer.Unmap(), proto, int(port), unknownPort}, env, &t)
	return e, t
}

// TraceOutbound is [Outbound] with its trace.
func TraceOutbound(p *consec.Policy, host, peer netip.Addr, proto uint8, port uint16, env Env) (Effect, Trace) {
	var t Trace
	e := effect(p, false, packet{host.Unmap(), peer.Unmap(), proto, unknownPort, int(port)}, env, &t)
	return e, t
}

// settle tells what decided before any rule was asked.
func (t *Trace) settle(d Decision, others int) {
	if t != nil {
		t.Security = append(t.Security, Line{Source: d.Source, For: tri.Yes, Why: d.Why})
		t.OtherSecurity = others
	}
}

// security notes a connection security rule.
func (t *Trace) security(r *consec.Rule, answer tri.State, why cause, k *packet, env *Env) {
	if t == nil {
		return
	}
	near := answer != tri.No || ruleNames(r, k, env.Keywords)
	l := place(&t.Security, &t.OtherSecurity, near, answer)
	if l == nil {
		return
	}
	*l = Line{Rule: r.Title(), ID: r.ID, Source: r.Source, Store: r.Store, For: answer}
	switch {
	case answer != tri.Yes:
		l.Why = reason.List{sayRule(r, why, k, env).alone()}
	case r.Action == consec.DoNotSecure:
		l.Why = reason.One(reason.RuleExempts)
	default:
		l.Why = reason.One(reason.RuleApplies, "action", r.Action)
	}
}

// firewall notes a firewall rule.
func (t *Trace) firewall(r *consec.FirewallRule, answer tri.State, why cause, k *packet, env *Env) {
	if t == nil {
		return
	}
	near := answer != tri.No || why != causeDirection && firewallNames(r, k, env.Keywords)
	l := place(&t.Firewall, &t.OtherFirewall, near, answer)
	if l == nil {
		return
	}
	*l = Line{Rule: r.Title(), ID: r.ID, Source: r.Source, Store: r.Store, For: answer}
	switch {
	case answer != tri.Yes:
		l.Why = reason.List{sayFirewall(r, why, k, env).alone()}
	case r.Secure != "":
		l.Why = reason.One(reason.FirewallSecures)
	case r.Action == consec.Block:
		l.Why = reason.One(reason.FirewallBlocks)
	default:
		l.Why = reason.One(reason.FirewallAllows)
	}
}

// place makes room for a line and returns it, or counts the rule and returns
// nil. Where there is no room, what is for the packet displaces what is not.
func place(lines *[]Line, others *int, near bool, answer tri.State) *Line {
	at := len(*lines)
	switch {
	case !near:
		*others++
		return nil
	case at < maxLines:
		*lines = append(*lines, Line{})
		return &(*lines)[at]
	}
	*others++
	if answer == tri.No {
		return nil
	}
	for at--; at >= 0; at-- {
		if (*lines)[at].For < answer {
			*lines = append(slices.Delete(*lines, at, at+1), Line{})
			return &(*lines)[maxLines-1]
		}
	}
	return nil
}
