package consec

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// match says whether the rule is for the packet, and if not surely, why.
func (r *Rule) match(k packet, profile string) (Answer, string) {
	switch {
	case !r.Active:
		return No, "is inactive"
	case r.Tunnel:
		return No, "is a tunnel rule"
	case r.Rejected() != "":
		return No, "is not taken by Windows: " + r.Rejected()
	case len(r.Profiles) > 0 && profile != "" && !slices.Contains(r.Profiles, profile):
		return No, fmt.Sprintf("sleeps in profile %s (it is for %s)", profile, strings.Join(r.Profiles, ", "))
	case r.Protocol != AnyProtocol && r.Protocol != int(k.proto):
		return No, fmt.Sprintf("is for protocol %d only", r.Protocol)
	}
	m, why := r.endpoints(k)
	if m != Yes {
		return m, why
	}
	if doubt := r.doubts(profile); doubt != "" {
		return Maybe, doubt
	}
	return Yes, ""
}

// doubts is what a rule depends on that cannot be seen from here.
func (r *Rule) doubts(profile string) string {
	switch {
	case len(r.Profiles) > 0 && profile == "":
		return "is for profile " + strings.Join(r.Profiles, ", ") + ", and the machine's is not known"
	case len(r.Profiles) > 0 && !slices.Contains([]string{"domain", "private", "public"}, profile):
		return "is for profile " + strings.Join(r.Profiles, ", ") + ", and " + clip(profile) + " is none"
	case len(r.Interfaces) > 0:
		return "is for the interfaces " + strings.Join(r.Interfaces, ", ") + " only"
	case len(r.InterfaceTypes) > 0:
		return "is for interfaces of type " + strings.Join(r.InterfaceTypes, ", ") + " only"
	case len(r.Platforms) > 0 && !r.everyPlatform():
		return "is for certain versions of Windows only (" + strings.Join(r.Platforms, ", ") + ")"
	case r.SkipVersion != nil:
		return "is skipped by Windows whose policy version is " + r.SkipVersion.String() + " or lower"
	}
	return ""
}

// everyPlatform reports whether the platforms are "Vista or later", that is
// every Windows that has such rules.
func (r *Rule) everyPlatform() bool {
	return r.PlatformGTE && r.Platforms[len(r.Platforms)-1] == "2:6:0"
}

// endpoints tries the packet both ways round: the endpoints of a rule are
// symmetric, each with its ports.
func (r *Rule) endpoints(k packet) (Answer, string) {
	one, why := covers(k, r.EP1, r.EP2, r.EP1Ports, r.EP2Ports)
	two, other := covers(k, r.EP2, r.EP1, r.EP2Ports, r.EP1Ports)
	if two > one {
		return two, other
	}
	if one == No {
		return No, r.uncovered(k)
	}
	return one, why
}

func covers(k packet, local, remote Addresses, localPorts, remotePorts []Ports) (Answer, string) {
	doubt := ""
	for _, side := range []struct {
		of   Addresses
		addr netip.Addr
	}{{local, k.local}, {remote, k.remote}} {
		in, unsure := side.of.Contains(side.addr)
		switch {
		case unsure:
			doubt = fmt.Sprintf("may cover %s by a keyword that each machine resolves for itself (%s)", side.addr, strings.Join(side.of.Keywords, ", "))
		case !in:
			return No, ""
		}
	}
	if k.proto == tcp || k.proto == udp {
		for _, side := range []struct {
			of    []Ports
			port  int
			local bool
		}{{localPorts, k.localPort, true}, {remotePorts, k.remotePort, false}} {
			switch in, known := hasPort(side.of, side.port, side.local); {
			case !known:
				doubt = "is for some ports of the side that chooses its port freely"
			case !in:
				return No, ""
			}
		}
	}
	if doubt != "" {
		return Maybe, doubt
	}
	return Yes, ""
}

// hasPort reports whether a side's ports hold the port, and whether that can be
// told. This machine chooses a free port from the dynamic range of Windows
// Vista and later; a peer may have chosen any.
func hasPort(of []Ports, port int, local bool) (in, known bool) {
	first, last := port, port
	switch {
	case len(of) == 0:
		return true, true
	case port == unknownPort && local:
		first, last = 49152, 65535
	case port == unknownPort:
		first, last = 1, 65535
	}
	touched := false
	for _, p := range of {
		if int(p.First) <= first && last <= int(p.Last) {
			return true, true
		}
		touched = touched || int(p.First) <= last && first <= int(p.Last)
	}
	return false, !touched
}

// uncovered says what of the packet the rule leaves out.
func (r *Rule) uncovered(k packet) string {
	inEither := func(a netip.Addr) bool {
		one, m1 := r.EP1.Contains(a)
		two, m2 := r.EP2.Contains(a)
		return one || two || m1 || m2
	}
	// With an endpoint that is any, the other one decides.
	narrow := r.EP1
	if narrow.IsAny() {
		narrow = r.EP2
	}
	in := func(a netip.Addr) bool { y, m := narrow.Contains(a); return y || m }
	switch {
	case !in(k.local) && !in(k.remote):
		return fmt.Sprintf("covers neither %s nor %s", k.local, k.remote)
	case !inEither(k.local):
		return fmt.Sprintf("does not cover %s", k.local)
	case !inEither(k.remote):
		return fmt.Sprintf("does not cover %s", k.remote)
	}
	for _, port := range []int{k.localPort, k.remotePort} {
		if port != unknownPort && len(r.EP1Ports)+len(r.EP2Ports) > 0 {
			return fmt.Sprintf("is not for port %d there", port)
		}
	}
	return fmt.Sprintf("does not cover traffic between %s and %s", k.local, k.remote)
}
