package configured

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/consec/effect"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// FlowAt is one packet at an end and what becomes of it there.
type FlowAt struct {
	Text   string // the packet, for sentences
	all    string // every packet between its two addresses, where they all fare alike
	count  int    // of those
	KMS    bool   // it is for the KMS port
	Effect effect.Effect
}

// otherPort is one that nobody names, the first that is chosen freely: with it
// it is asked whether a rule is for every port or for some.
const otherPort = 49152

// InboundFlows are packets of strangers to a KMS host, of every port of the scope
// at each address: with scope host those that are declared, echo, and one of TCP
// and of UDP that stand for all others.
func InboundFlows(in *check.Input, e End, h intent.Host, env effect.Env) []FlowAt {
	var all []FlowAt
	for _, a := range h.Addresses {
		for _, peer := range in.Strangers(a) {
			first := len(all)
			add := func(what string, f simulate.Flow) {
				all = append(all, FlowAt{
					Text: fmt.Sprintf("from %s to %s", peer, what), all: fmt.Sprintf("from %s to %s and every other port", peer, check.Label(a, check.Port(h.Port))),
					KMS: f == check.TCP(h.Port), Effect: in.Simulator.Inbound(e.Resultant.Policy, a, peer, f, env),
				})
			}
			for _, n := range IsolatedPorts(in, h) {
				add(check.Label(a, check.Port(n)), check.TCP(n))
			}
			if in.Policy.Isolation.Scope == intent.ScopeHost {
				add(check.Label(a, check.Echo), check.FlowTo(check.Echo))
				add(fmt.Sprintf("%s (any other TCP port)", a), check.TCP(otherPort))
				add(fmt.Sprintf("%s (any UDP port)", a), simulate.Flow{Protocol: simulate.UDP, Port: otherPort})
			}
			for i := range all[first:] {
				all[first+i].count = len(all) - first
			}
		}
	}
	return all
}

// IsolatedPorts are the TCP ports of a host that the scope names, the KMS port
// first: with scope host also those of declared flows to it.
func IsolatedPorts(in *check.Input, h intent.Host) []uint16 {
	var all []uint16
	for _, n := range check.Ports(in.Policy, h) {
		all = append(all, uint16(n))
	}
	if in.Policy.Isolation.Scope == intent.ScopeHost {
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

// OutboundFlows are a client's packets to the KMS port of every host, from an
// address of its own or one that stands for it.
func OutboundFlows(in *check.Input, e End, env effect.Env) []FlowAt {
	var all []FlowAt
	for _, h := range in.Policy.Hosts {
		for _, a := range h.Addresses {
			own := in.OrStandIn(check.Family(e.Addrs, a.Is6()), a)[0]
			text := fmt.Sprintf("to %s", check.Label(a, check.Port(h.Port)))
			all = append(all, FlowAt{text, text, 1, true, in.Simulator.Outbound(e.Resultant.Policy, own, a, check.TCP(h.Port), env)})
		}
	}
	return all
}

// AwayFlows are those of a client on a VPN, where the policy has any: a rule for
// LAN interfaces sleeps there.
func AwayFlows(in *check.Input, e End) []FlowAt {
	if !simulate.AnyOnVPN(in.Policy) {
		return nil
	}
	flows := OutboundFlows(in, e, simulate.Away(e.Env))
	for i := range flows {
		flows[i].Text += " over a VPN"
		flows[i].all = flows[i].Text
	}
	return flows
}

// Alone is the end as if its machine had settings and rules from GPOs only, so
// that what the GPOs say of the firewall is known.
func Alone(in *check.Input, e End) End {
	told := *e.Resultant
	told.Policy = in.Simulator.Alone(told.Policy)
	e.Resultant = &told
	return e
}

// Each notes what is said of packets, a reason without a code where nothing is: of
// all between two addresses at once where it is the same.
func Each(way string, flows []FlowAt, said func(FlowAt) reason.Reason, note func(packet string, why reason.Reason)) {
	for len(flows) > 0 {
		n := 1
		for n < len(flows) && flows[n].all == flows[0].all {
			n++
		}
		first := said(flows[0])
		if first.Code != "" && n == flows[0].count && !slices.ContainsFunc(flows[:n], func(f FlowAt) bool { return !said(f).Equal(first) }) {
			note(strings.TrimSpace(way+" "+flows[0].all), first)
		} else {
			for _, f := range flows[:n] {
				if why := said(f); why.Code != "" {
					note(strings.TrimSpace(way+" "+f.Text), why)
				}
			}
		}
		flows = flows[n:]
	}
}
