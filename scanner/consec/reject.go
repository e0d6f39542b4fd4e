package consec

import (
	"net/netip"
	"strings"
)

// Rejected says why Windows does not take the rule ([MS-FASP] 2.2.55), or "".
func (r *Rule) Rejected() string {
	exempt := r.Action == DoNotSecure
	switch {
	case r.Version.Major < 2:
		return "its version is lower than 2.0"
	case r.Action == "":
		return "it has no action"
	case exempt && (r.Auth1Set != "" || r.Auth2Set != "" || r.Crypto2Set != ""):
		return "an exemption must name no authentication or crypto set"
	case !exempt && r.Auth1Set == "":
		return "it names no first authentication set"
	case !exempt && r.Crypto2Set == "":
		return "it names no crypto set"
	case max(len(r.Auth1Set), len(r.Auth2Set), len(r.Crypto2Set)) >= 1000:
		return "the id of a set has 1,000 characters or more"
	case len(r.EP1Ports)+len(r.EP2Ports) > 0 && r.Protocol != tcp && r.Protocol != udp:
		return "it has ports but its protocol is neither TCP nor UDP"
	case r.Tunnel && r.Action != Secure:
		return "a tunnel rule must have the action Secure"
	case r.Tunnel && r.Machines+r.Users != "":
		return "a tunnel rule must have no authorisation of its own"
	case !r.Tunnel && r.OfTunnel != "":
		return "it says " + r.OfTunnel + ", which only a tunnel rule may"
	case r.EP1.multicast() || r.EP2.multicast():
		return "an endpoint has multicast addresses"
	}
	return badLabels(r.ID, r.Name)
}

// badLabels says what is wrong with a rule's id or name. A rule that was not
// read from a registry has no id yet.
func badLabels(id, name string) string {
	switch {
	case name == "":
		return "it has no name"
	case len(name) >= 10000:
		return "its name has 10,000 characters or more"
	case strings.EqualFold(name, "ALL"):
		return `it is named "ALL", which stands for every rule`
	case len(id) >= 1000:
		return "its id has 1,000 characters or more"
	case strings.Contains(id, "|"):
		return "its id has a | in it"
	}
	return ""
}

var (
	multicast4 = Range{netip.MustParseAddr("224.0.0.0"), netip.MustParseAddr("239.255.255.255")}
	multicast6 = Range{netip.MustParseAddr("ff00::"), lastOf(netip.MustParsePrefix("ff00::/8"))}
)

// multicast reports whether a range begins among multicast addresses. One that
// only spans them, such as 0.0.0.0/0, names none.
func (a *Addresses) multicast() bool {
	for _, r := range a.Ranges {
		if multicast4.Contains(r.First) || multicast6.Contains(r.First) {
			return true
		}
	}
	return false
}
