package observe

import (
	"github.com/kmsiso/kmsiso/probes"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// env is what the probe of a need works with, beside what it shares with others.
func (o *Observer) env(n *run.Need, limits probes.Limits, with *probes.Env) *probes.Env {
	env := new(probes.Env)
	*env = *with
	env.At, env.Clock, env.Limits = o.places.connected[n.Vantage], o.clock, limits
	if n.Peer != "" {
		env.Peer = o.places.connected[n.Peer]
	}
	env.Quick = func() bool { return o.links.areQuick(n.Vantage, n.Peer) }
	if n.Probe == run.ProbeAddresses {
		env.Addresses = o.undeclared(n)
	}
	if n.Probe == run.ProbeFlows || n.Probe == run.ProbeESP {
		for _, h := range o.policy.Hosts {
			env.Hosts = append(env.Hosts, h.Addresses...)
		}
		env.Peers = o.places.addresses()
		v, _ := o.policy.Vantage(n.Vantage)
		env.IsHost = v.Role == intent.RoleKMSHost
	}
	return env
}
