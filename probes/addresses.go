package probes

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/probes/wire"
	"github.com/kmsiso/kmsiso/scanner/belt"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/vantage"
)

// ownAddresses connects to the ports of a need at each of env.Addresses, and pings where
// the need has port 0, all at the same time. What answers at an address is asked for IKE,
// which tells one machine from another. The class is Answered where all was tried,
// whatever came of it: each part has its own. Where each part failed, the tool did.
func ownAddresses(ctx context.Context, env *Env, o *run.Observation) {
	ports := portsOf(o.Need)
	if !env.At.Has(vantage.CapPing) {
		ports = slices.DeleteFunc(ports, func(port uint16) bool { return port == 0 })
	}
	parts := make([][]run.Part, len(env.Addresses))
	belt.All(len(parts), func(i int) { parts[i] = tryAddress(ctx, env, o.Need, env.Addresses[i], ports) })
	o.Parts = slices.Concat(parts...)
	if err := ctx.Err(); err != nil && !slices.ContainsFunc(o.Parts, answers) {
		failed(env, o, err)
		return
	}
	if len(o.Parts) > 0 && !slices.ContainsFunc(o.Parts, func(p run.Part) bool { return len(p.Trouble) == 0 }) {
		why := o.Parts[0].Trouble[0].Because("why")
		o.Trouble, o.Parts = reason.One(reason.ProbeFailed, "probe", o.Need.Probe, "vantage", env.At.Name, "why", why), nil
	} else {
		o.Class = run.Answered
	}
	o.End = env.Clock()
}

// tryAddress tries one address.
func tryAddress(ctx context.Context, env *Env, n run.Need, a netip.Addr, ports []uint16) []run.Part {
	parts := make([]run.Part, len(ports))
	belt.All(len(ports), func(i int) { parts[i] = tryPort(ctx, env, n, a, ports[i]) })
	if slices.ContainsFunc(parts, answers) && env.At.Has(vantage.CapUDP) {
		parts = append(parts, part(ctx, env, n, ike, run.Spec{Probe: run.ProbeIKE, Addr: a, Port: wire.PortIKE}))
	}
	return parts
}

// tryPort connects to a port of an address, or pings it.
func tryPort(ctx context.Context, env *Env, n run.Need, a netip.Addr, port uint16) run.Part {
	if port == 0 {
		return part(ctx, env, n, icmp, run.Spec{Probe: run.ProbeICMP, Addr: a})
	}
	return part(ctx, env, n, tcp, run.Spec{Probe: run.ProbeTCP, Addr: a, Port: port})
}

// part makes one part of an observation, by the probe that is for it.
func part(ctx context.Context, env *Env, n run.Need, by Func, what run.Spec) run.Part {
	what.Target = n.Target
	one := &run.Observation{Need: run.Need{Vantage: n.Vantage, When: n.When, Spec: what}, Start: env.Clock()}
	by(ctx, env, one)
	return run.PartOf(one)
}

// answers reports whether something said something.
func answers(p run.Part) bool { return p.Class.Spoke() }

// portsOf are the ports of a need.
func portsOf(n run.Need) (ports []uint16) {
	for s := range strings.FieldsSeq(n.Param) {
		if port, err := strconv.ParseUint(s, 10, 16); err == nil {
			ports = append(ports, uint16(port))
		}
	}
	return ports
}

// ConnectElsewhere is the kind of the connections to the ports of a need of
// [run.ProbeAddresses].
const ConnectElsewhere = "TCP connect where the policy lists no address"

// sendsAddresses is for as many addresses as are tried at most.
func sendsAddresses(n run.Need) []Packets {
	var list []Packets
	ports := portsOf(n)
	if slices.Contains(ports, 0) {
		ports = slices.DeleteFunc(ports, func(port uint16) bool { return port == 0 })
		count := run.MostAddresses * run.FewestTransmissions
		list = append(list, Packets{Kind: "ICMP echo request where the policy lists no address", Count: count, Lossy: lossy(count)})
	}
	connects := run.MostAddresses * len(ports)
	list = append(list, Packets{Kind: ConnectElsewhere, Count: connects, Lossy: lossy(connects), Size: ipTCP})
	for _, p := range sendsIKE(n) {
		p.Kind += ", where something answers"
		p.Count *= run.MostAddresses
		list = append(list, p)
	}
	return list
}
