package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// flowAt is one packet at an end and what becomes of it there.
type flowAt struct {
	text   string // the packet, for sentences
	all    string // every packet between its two addresses, where they all fare alike
	count  int    // of those
	kms    bool   // it is for the KMS port
	effect consec.Effect
}

// otherPort is one that nobody names, the first that is chosen freely: with it
// it is asked whether a rule is for every port or for some.
const otherPort = 49152

// inboundFlows are packets of strangers to a KMS host, of every port of the scope
// at each address: with scope host those that are declared, echo, and one of TCP
// and of UDP that stand for all others.
func (in *Input) inboundFlows(e end, h policy.Host, env consec.Env) []flowAt {
	var all []flowAt
	for _, a := range h.Addresses {
		for _, peer := range in.strangers(a) {
			first := len(all)
			add := func(what string, f simulate.Flow) {
				all = append(all, flowAt{
					text: fmt.Sprintf("from %s to %s", peer, what), all: fmt.Sprintf("from %s to %s and every other port", peer, label(a, port(h.Port))),
					kms: f == tcp(h.Port), effect: in.sim.Inbound(e.Resultant.Policy, a, peer, f, env),
				})
			}
			for _, n := range in.isolatedPorts(h) {
				add(label(a, port(n)), tcp(n))
			}
			if in.Policy.Isolation.Scope == policy.ScopeHost {
				add(label(a, echo), flowTo(echo))
				add(fmt.Sprintf("%s (any other TCP port)", a), tcp(otherPort))
				add(fmt.Sprintf("%s (any UDP port)", a), simulate.Flow{Protocol: simulate.UDP, Port: otherPort})
			}
			for i := range all[first:] {
				all[first+i].count = len(all) - first
			}
		}
	}
	return all
}

// isolatedPorts are the TCP ports of a host that the scope names, the KMS port
// first: with scope host also those of declared flows to it.
func (in *Input) isolatedPorts(h policy.Host) []uint16 {
	var all []uint16
	for _, n := range ports(in.Policy, h) {
		all = append(all, uint16(n))
	}
	if in.Policy.Isolation.Scope == policy.ScopeHost {
		for _, access := range in.Policy.Isolation.Inbound {
			for _, n := range access.Ports {
				if !slices.Contains(all, n) {
					all = append(all, n)
				}
			}
		}
	}
	return all
}

// outboundFlows are a client's packets to the KMS port of every host, from an
// address of its own or one that stands for it.
func (in *Input) outboundFlows(e end, env consec.Env) []flowAt {
	var all []flowAt
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			own := in.orStandIn(family(e.Addrs, a.Is6()), a)[0]
			text := fmt.Sprintf("to %s", label(a, port(h.Port)))
			all = append(all, flowAt{text, text, 1, true, in.sim.Outbound(e.Resultant.Policy, own, a, tcp(h.Port), env)})
		}
	}
	return all
}

// awayFlows are those of a client on a VPN, where the policy has any: a rule for
// LAN interfaces sleeps there.
func (in *Input) awayFlows(e end) []flowAt {
	if !simulate.AnyOnVPN(in.Policy) {
		return nil
	}
	flows := in.outboundFlows(e, simulate.Away(e.Env))
	for i := range flows {
		flows[i].text += " over a VPN"
		flows[i].all = flows[i].text
	}
	return flows
}

// alone is the end as if its machine had settings and rules from GPOs only, so
// that what the GPOs say of the firewall is known.
func (in *Input) alone(e end) end {
	told := *e.Resultant
	told.Policy = in.sim.Alone(told.Policy)
	e.Resultant = &told
	return e
}

// each notes what is said of packets, a reason without a code where nothing is: of
// all between two addresses at once where it is the same.
func each(way string, flows []flowAt, said func(flowAt) reason.Reason, note func(packet string, why reason.Reason)) {
	for len(flows) > 0 {
		n := 1
		for n < len(flows) && flows[n].all == flows[0].all {
			n++
		}
		first := said(flows[0])
		if first.Code != "" && n == flows[0].count && !slices.ContainsFunc(flows[:n], func(f flowAt) bool { return !said(f).Equal(first) }) {
			note(strings.TrimSpace(way+" "+flows[0].all), first)
		} else {
			for _, f := range flows[:n] {
				if why := said(f); why.Code != "" {
					note(strings.TrimSpace(way+" "+f.text), why)
				}
			}
		}
		flows = flows[n:]
	}
}

// unknowns are what of packets cannot be told, as far as no doubt says it.
func (s *ruleSum) unknowns(way string, flows []flowAt) {
	each(way, flows, func(f flowAt) (why reason.Reason) {
		if d := f.effect.Security; d.Verdict == consec.Unknown && !s.doubted(d.Why) {
			why = reason.New(reason.PacketUnknown, "why", d.Why)
		}
		return why
	}, s.unsure)
}
