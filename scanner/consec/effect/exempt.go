package effect

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
)

// always says why no rule is asked at all.
func always(p *consec.Policy, k *packet, env *Env) (Decision, bool) {
	exempt := func(source string, code reason.Code, args ...any) (Decision, bool) {
		return Decision{Verdict: Exempt, Source: source, Why: reason.One(code, args...)}, true
	}
	if at := p.Profile(env.Profile); at != nil && isOff(at.EnableFirewall) {
		s := at.EnableFirewall
		return Decision{Verdict: Clear, Source: s.Source, Why: reason.One(reason.SecurityOff, "profile", env.Profile, "source", s.Source)}, true
	}
	switch {
	case k.proto == consec.ESP:
		return exempt("", reason.ESPItself)
	case k.hasUDP(500, 4500):
		return exempt("", reason.IKEItself)
	}
	var bit uint32
	name := ""
	switch {
	case k.proto == consec.ICMP || k.proto == consec.ICMPv6:
		bit, name = consec.ExemptICMP, "ICMP"
	case k.hasUDP(67, 68, 546, 547):
		bit, name = consec.ExemptDHCP, "DHCP"
	}
	switch {
	case p.Exempt != nil && p.Exempt.Value&bit != 0:
		return exempt(p.Exempt.Source, reason.IPsecExempt, "source", p.Exempt.Source, "protocol", name)
	case p.ExemptMDM != nil && p.ExemptMDM.Value&bit != 0:
		d, ok := exempt(p.ExemptMDM.Source, reason.IPsecExemptMDM, "source", p.ExemptMDM.Source, "protocol", name)
		d.Undocumented = true
		return d, ok
	}
	return Decision{}, false
}

func (k *packet) hasUDP(ports ...int) bool {
	return k.proto == consec.UDP && (slices.Contains(ports, k.localPort) || slices.Contains(ports, k.remotePort))
}
