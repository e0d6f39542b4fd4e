package effect

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// packet as one end sees it.
type packet struct {
	local, remote         netip.Addr
	proto                 uint8
	localPort, remotePort int
}

// unknownPort is a port that its machine chooses.
const unknownPort = -1

// cause is why a rule is not, or not surely, for a packet. It is a number so
// that of thousands of rules only those that are told of become reasons.
type cause int

const (
	noCause cause = iota
	causeInactive
	causeTunnel
	causeRejected
	causeOff // the firewall, and with it the rule
	causeMerge
	causeProfile
	causeProtocol
	causeAddresses
	causeVersion
	causePlatform
	causeInterface
	causeKeyword
	causeFreePort
	causeMergeUnknown
	causeRealm
	causeEndpointAndInterface
	causeProgram
	causeNoProgram
	causeICMP
	causeDirection
	causePorts
	causePortKeyword
	causeCondition
)

// matchRule says whether the rule is for the packet, and if not surely, why.
func matchRule(r *consec.Rule, p *consec.Policy, k *packet, env *Env) (tri.State, cause) {
	if !r.Active {
		return tri.No, causeInactive
	}
	if r.Protocol != consec.AnyProtocol && r.Protocol != int(k.proto) {
		return tri.No, causeProtocol
	}
	covered, why := endpoints(r, k, env.Keywords)
	if covered == tri.No {
		return tri.No, why
	}
	switch {
	case r.Tunnel:
		return tri.No, causeTunnel
	case r.Rejected() != nil:
		return tri.No, causeRejected
	}
	answer := covered
	for _, c := range []struct {
		answer tri.State
		cause  cause
	}{
		{forProfile(&r.Scope, env.Profile), causeProfile},
		{localCounts(p, r.Store, env.Profile, localIPsec), causeMerge},
		{forVersion(&r.Scope, env.Version), causeVersion},
		{forPlatform(&r.Scope, env.OS), causePlatform},
		{forInterface(&r.Scope, env), causeInterface},
		{maybeIf(r.Realm), causeRealm},
		{maybeIf(!r.EP1.IsAny() && len(r.Interfaces)+len(r.InterfaceTypes) > 0), causeEndpointAndInterface},
	} {
		if c.answer < answer {
			answer, why = c.answer, c.cause
		}
	}
	return answer, why
}

func maybeIf(doubt bool) tri.State {
	if doubt {
		return tri.Unknown
	}
	return tri.Yes
}

func localIPsec(s *consec.Profile) *consec.Setting { return s.LocalIPsec }

func localRules(s *consec.Profile) *consec.Setting { return s.LocalRules }

// localCounts says whether a rule of a store counts: of the machine's own
// store only where the profile lets it.
func localCounts(p *consec.Policy, s consec.Store, profile string, merge func(*consec.Profile) *consec.Setting) tri.State {
	if s != consec.Local {
		return tri.Yes
	}
	if at := p.Profile(profile); at != nil {
		if isOff(merge(at)) {
			return tri.No
		}
		return tri.Yes
	}
	off := 0
	for _, at := range []*consec.Profile{&p.Domain, &p.Private, &p.Public} {
		if isOff(merge(at)) {
			off++
		}
	}
	switch off {
	case 0:
		return tri.Yes
	case len(consec.ProfileNames):
		return tri.No
	}
	return tri.Unknown
}

// endpoints tries the packet both ways round: the endpoints of a rule are
// symmetric, each with its ports.
func endpoints(r *consec.Rule, k *packet, known map[string][]consec.Range) (tri.State, cause) {
	one, why := covers(k, known, &r.EP1, &r.EP2, r.EP1Ports, r.EP2Ports)
	if one == tri.Yes {
		return tri.Yes, noCause
	}
	two, other := covers(k, known, &r.EP2, &r.EP1, r.EP2Ports, r.EP1Ports)
	if two > one || two == one && other == causePorts {
		return two, other
	}
	return one, why
}

func covers(k *packet, known map[string][]consec.Range, local, remote *consec.Addresses, localPorts, remotePorts []consec.Ports) (tri.State, cause) {
	answer, why := local.Covers(k.local, known), causeKeyword
	if answer == tri.No {
		return tri.No, causeAddresses
	}
	if answer = min(answer, remote.Covers(k.remote, known)); answer == tri.No {
		return tri.No, causeAddresses
	}
	if k.proto == consec.TCP || k.proto == consec.UDP {
		ports := min(hasPort(localPorts, k.localPort, true), hasPort(remotePorts, k.remotePort, false))
		switch ports {
		case tri.No:
			return tri.No, causePorts
		case tri.Unknown:
			answer, why = tri.Unknown, causeFreePort
		}
	}
	if answer == tri.Yes {
		return tri.Yes, noCause
	}
	return answer, why
}

// ruleNames reports whether the rule names one of the packet's addresses, or every
// address there is.
func ruleNames(r *consec.Rule, k *packet, known map[string][]consec.Range) bool {
	if r.EP1.IsAny() && r.EP2.IsAny() {
		return true
	}
	for _, a := range []*consec.Addresses{&r.EP1, &r.EP2} {
		if !a.IsAny() && (a.Covers(k.local, known) != tri.No || a.Covers(k.remote, known) != tri.No) {
			return true
		}
	}
	return false
}
