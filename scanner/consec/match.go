package consec

import (
	"net/netip"

	"github.com/kmsiso/kmsiso/scanner/tri"
)

// packet as one end sees it.
type packet struct {
	local, remote         netip.Addr
	proto                 uint8
	localPort, remotePort int
}

const (
	unknownPort = -1
	icmp        = 1
	tcp         = 6
	udp         = 17
	esp         = 50
	icmpv6      = 58
)

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

// match says whether the rule is for the packet, and if not surely, why.
func (r *Rule) match(p *Policy, k *packet, env *Env) (tri.State, cause) {
	if !r.Active {
		return tri.No, causeInactive
	}
	if r.Protocol != AnyProtocol && r.Protocol != int(k.proto) {
		return tri.No, causeProtocol
	}
	covered, why := r.endpoints(k, env.Keywords)
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
		{r.forProfile(env.Profile), causeProfile},
		{p.localCounts(r.Store, env.Profile, localIPsec), causeMerge},
		{r.forVersion(env.Version), causeVersion},
		{r.forPlatform(env.OS), causePlatform},
		{r.forInterface(env), causeInterface},
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

func localIPsec(s *Profile) *Setting { return s.LocalIPsec }
func localRules(s *Profile) *Setting { return s.LocalRules }

// localCounts says whether a rule of a store counts: of the machine's own
// store only where the profile lets it.
func (p *Policy) localCounts(s Store, profile string, merge func(*Profile) *Setting) tri.State {
	if s != Local {
		return tri.Yes
	}
	if at := p.Profile(profile); at != nil {
		if isOff(merge(at)) {
			return tri.No
		}
		return tri.Yes
	}
	off := 0
	for _, at := range []*Profile{&p.Domain, &p.Private, &p.Public} {
		if isOff(merge(at)) {
			off++
		}
	}
	switch off {
	case 0:
		return tri.Yes
	case len(profileNames):
		return tri.No
	}
	return tri.Unknown
}

// endpoints tries the packet both ways round: the endpoints of a rule are
// symmetric, each with its ports.
func (r *Rule) endpoints(k *packet, known map[string][]Range) (tri.State, cause) {
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

func covers(k *packet, known map[string][]Range, local, remote *Addresses, localPorts, remotePorts []Ports) (tri.State, cause) {
	answer, why := local.Covers(k.local, known), causeKeyword
	if answer == tri.No {
		return tri.No, causeAddresses
	}
	if answer = min(answer, remote.Covers(k.remote, known)); answer == tri.No {
		return tri.No, causeAddresses
	}
	if k.proto == tcp || k.proto == udp {
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

// names reports whether the rule names one of the packet's addresses, or every
// address there is.
func (r *Rule) names(k *packet, known map[string][]Range) bool {
	if r.EP1.IsAny() && r.EP2.IsAny() {
		return true
	}
	for _, a := range []*Addresses{&r.EP1, &r.EP2} {
		if !a.IsAny() && (a.Covers(k.local, known) != tri.No || a.Covers(k.remote, known) != tri.No) {
			return true
		}
	}
	return false
}
