package consec

import (
	"fmt"
	"net/netip"
	"strings"
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
// that of thousands of rules only those that are told of become sentences.
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
func (r *Rule) match(p *Policy, k *packet, env *Env) (Answer, cause) {
	if !r.Active {
		return No, causeInactive
	}
	if r.Protocol != AnyProtocol && r.Protocol != int(k.proto) {
		return No, causeProtocol
	}
	covered, why := r.endpoints(k, env.Keywords)
	if covered == No {
		return No, why
	}
	switch {
	case r.Tunnel:
		return No, causeTunnel
	case r.Rejected() != "":
		return No, causeRejected
	}
	answer := covered
	for _, c := range []struct {
		answer Answer
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

func maybeIf(doubt bool) Answer {
	if doubt {
		return Maybe
	}
	return Yes
}

func localIPsec(s *Profile) *Setting { return s.LocalIPsec }
func localRules(s *Profile) *Setting { return s.LocalRules }

// localCounts says whether a rule of a store counts: of the machine's own
// store only where the profile lets it.
func (p *Policy) localCounts(s Store, profile string, merge func(*Profile) *Setting) Answer {
	if s != Local {
		return Yes
	}
	if at := p.Profile(profile); at != nil {
		if isOff(merge(at)) {
			return No
		}
		return Yes
	}
	off := 0
	for _, at := range []*Profile{&p.Domain, &p.Private, &p.Public} {
		if isOff(merge(at)) {
			off++
		}
	}
	switch off {
	case 0:
		return Yes
	case len(profileNames):
		return No
	}
	return Maybe
}

// endpoints tries the packet both ways round: the endpoints of a rule are
// symmetric, each with its ports.
func (r *Rule) endpoints(k *packet, known map[string][]Range) (Answer, cause) {
	one, why := covers(k, known, &r.EP1, &r.EP2, r.EP1Ports, r.EP2Ports)
	if one == Yes {
		return Yes, noCause
	}
	two, other := covers(k, known, &r.EP2, &r.EP1, r.EP2Ports, r.EP1Ports)
	if two > one || two == one && other == causePorts {
		return two, other
	}
	return one, why
}

func covers(k *packet, known map[string][]Range, local, remote *Addresses, localPorts, remotePorts []Ports) (Answer, cause) {
	answer, why := local.Covers(k.local, known), causeKeyword
	if answer == No {
		return No, causeAddresses
	}
	if answer = min(answer, remote.Covers(k.remote, known)); answer == No {
		return No, causeAddresses
	}
	if k.proto == tcp || k.proto == udp {
		ports := min(hasPort(localPorts, k.localPort, true), hasPort(remotePorts, k.remotePort, false))
		switch ports {
		case No:
			return No, causePorts
		case Maybe:
			answer, why = Maybe, causeFreePort
		}
	}
	if answer == Yes {
		return Yes, noCause
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
		if !a.IsAny() && (a.Covers(k.local, known) != No || a.Covers(k.remote, known) != No) {
			return true
		}
	}
	return false
}

// say makes a sentence of a cause, to follow the rule's title.
func (r *Rule) say(c cause, k *packet, env *Env) string {
	switch c {
	case causeInactive:
		return "is inactive"
	case causeTunnel:
		return "is a tunnel rule"
	case causeRejected:
		return "is not taken by Windows: " + r.Rejected()
	case causeAddresses:
		return r.uncovered(k, env.Keywords)
	case causePorts:
		return fmt.Sprintf("is not for port %d there", max(k.localPort, k.remotePort))
	case causeKeyword:
		return "may cover the packet by a keyword that each machine resolves for itself (" + keywordsOf(&r.EP1, &r.EP2) + ")"
	case causeFreePort:
		return "is for some ports of the side that chooses its port freely"
	case causeRealm:
		return "is for programs of a security realm only"
	case causeEndpointAndInterface:
		return "names its first endpoint and interfaces at once, which [MS-FASP] 2.2.55 forbids"
	case causeMerge:
		return sayMerge(env, "AllowLocalIPsecPolicyMerge")
	case causeProtocol:
		return fmt.Sprintf("is for protocol %d only", r.Protocol)
	}
	return r.Scope.say(c, env)
}

func sayMerge(env *Env, setting string) string {
	if env.Profile == "" {
		return "is the machine's own, and such rules do not count in every profile (" + setting + ")"
	}
	return "is the machine's own, and such rules do not count in profile " + env.Profile + " (" + setting + " is 0)"
}

func keywordsOf(a, b *Addresses) string {
	return strings.Trim(a.words()+", "+b.words(), ", ")
}

// say makes a sentence of the causes that all kinds of rules share.
func (s *Scope) say(c cause, env *Env) string {
	profiles := strings.Join(s.Profiles, ", ")
	switch c {
	case causeProfile:
		switch {
		case env.Profile == "":
			return "is for profile " + profiles + ", and the machine's is not known"
		case s.forProfile(env.Profile) == Maybe:
			return "is for profile " + profiles + ", and " + clip(env.Profile) + " is none"
		}
		return fmt.Sprintf("sleeps in profile %s (it is for %s)", env.Profile, profiles)
	case causeVersion:
		if env.Version != nil {
			return fmt.Sprintf("is skipped by this Windows: its policy version %s is not above %s", env.Version, s.SkipVersion)
		}
		return "is skipped by Windows whose policy version is " + s.SkipVersion.String() + " or lower"
	case causePlatform:
		text := "is for certain versions of Windows only (" + strings.Join(s.Platforms, ", ")
		if s.PlatformGTE {
			text += " or later"
		}
		if env.OS != nil {
			return fmt.Sprintf("%s), not for %d.%d", text, env.OS.Major, env.OS.Minor)
		}
		return text + ")"
	case causeInterface:
		if len(s.Interfaces) > 0 && inList(s.Interfaces, strings.Trim(env.Interface, "{}")) != Yes {
			return "is for the interfaces " + strings.Join(s.Interfaces, ", ") + " only"
		}
		return "is for interfaces of type " + strings.Join(s.InterfaceTypes, ", ") + " only"
	}
	return ""
}

// uncovered says what of the packet the rule leaves out. An endpoint that is
// any leaves out nothing.
func (r *Rule) uncovered(k *packet, known map[string][]Range) string {
	in := func(a netip.Addr) bool {
		return !r.EP1.IsAny() && r.EP1.Covers(a, known) != No || !r.EP2.IsAny() && r.EP2.Covers(a, known) != No
	}
	local, remote := in(k.local), in(k.remote)
	switch {
	case !local && !remote:
		return fmt.Sprintf("covers neither %s nor %s", k.local, k.remote)
	case !local:
		return fmt.Sprintf("does not cover %s", k.local)
	case !remote:
		return fmt.Sprintf("does not cover %s", k.remote)
	}
	return fmt.Sprintf("does not cover traffic between %s and %s", k.local, k.remote)
}
