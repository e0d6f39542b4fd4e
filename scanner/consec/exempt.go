package consec

import (
	"fmt"
	"slices"
)

// Bits of IPsecExempt, [MS-FASP] 2.2.39: traffic no rule protects.
const (
	ExemptNeighbor = 0x1 // IPv6 neighbour discovery
	ExemptICMP     = 0x2
	ExemptRouter   = 0x4 // router discovery
	ExemptDHCP     = 0x8
)

// always says why no rule is asked at all.
func (p *Policy) always(k *packet, env *Env) (Decision, bool) {
	exempt := func(source, why string) (Decision, bool) {
		return Decision{Verdict: Exempt, Source: source, Why: why}, true
	}
	if at := p.Profile(env.Profile); at != nil && isOff(at.EnableFirewall) {
		s := at.EnableFirewall
		return Decision{Verdict: Clear, Source: s.Source, Why: fmt.Sprintf("the firewall is off in profile %s%s, and with it every connection security rule", env.Profile, by(s.Source))}, true
	}
	switch {
	case k.proto == esp:
		return exempt("", "ESP is what carries the protection")
	case k.hasUDP(500, 4500):
		return exempt("", "IKE is never protected by IPsec")
	}
	var bit uint32
	name := ""
	switch {
	case k.proto == icmp || k.proto == icmpv6:
		bit, name = ExemptICMP, "ICMP"
	case k.hasUDP(67, 68, 546, 547):
		bit, name = ExemptDHCP, "DHCP"
	}
	switch {
	case p.Exempt != nil && p.Exempt.Value&bit != 0:
		return exempt(p.Exempt.Source, "IPsecExempt"+of(p.Exempt.Source)+" exempts "+name)
	case p.ExemptMDM != nil && p.ExemptMDM.Value&bit != 0:
		d, ok := exempt(p.ExemptMDM.Source, "IPsecExempt"+of(p.ExemptMDM.Source)+" exempts "+name+
			", and that of Group Policy does not; which of the two wins is not documented")
		d.Undocumented = true
		return d, ok
	}
	return Decision{}, false
}

func (k *packet) hasUDP(ports ...int) bool {
	return k.proto == udp && (slices.Contains(ports, k.localPort) || slices.Contains(ports, k.remotePort))
}
