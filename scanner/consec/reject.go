package consec

import (
	"net/netip"
	"strings"

	"go4.org/netipx"

	"github.com/kmsiso/kmsiso/scanner/reason"
)

// Rejected says why Windows does not take the rule ([MS-FASP] 2.2.55); none where
// it does.
func (r *Rule) Rejected() reason.List {
	exempt := r.Action == DoNotSecure
	switch {
	case r.Version.Major < 2:
		return reason.One(reason.RejectedVersion, "least", "2.0")
	case r.Action == "":
		return reason.One(reason.RejectedAction)
	case exempt && (r.Auth1Set != "" || r.Auth2Set != "" || r.Crypto2Set != ""):
		return reason.One(reason.RejectedExemptionSet)
	case !exempt && r.Auth1Set == "":
		return reason.One(reason.RejectedNoAuth)
	case !exempt && r.Crypto2Set == "":
		return reason.One(reason.RejectedNoCrypto)
	case max(len(r.Auth1Set), len(r.Auth2Set), len(r.Crypto2Set)) >= 1000:
		return reason.One(reason.RejectedSetID)
	case len(r.EP1Ports)+len(r.EP2Ports) > 0 && r.Protocol != TCP && r.Protocol != UDP:
		return reason.One(reason.RejectedPorts)
	case r.Tunnel && r.Action != Secure:
		return reason.One(reason.RejectedTunnelAction)
	case r.Tunnel && r.Machines+r.Users != "":
		return reason.One(reason.RejectedTunnelAuthorization)
	case !r.Tunnel && r.OfTunnel != "":
		return reason.One(reason.RejectedTunnelToken, "token", r.OfTunnel)
	case r.EP1.multicast() || r.EP2.multicast():
		return reason.One(reason.RejectedMulticast)
	}
	return badLabels(r.ID, r.Name)
}

// badLabels says what is wrong with a rule's id or name. A rule that was not
// read from a registry has no id yet.
func badLabels(id, name string) reason.List {
	switch {
	case name == "":
		return reason.One(reason.RejectedName)
	case len(name) >= 10000:
		return reason.One(reason.RejectedLongName)
	case strings.EqualFold(name, "ALL"):
		return reason.One(reason.RejectedAll)
	case len(id) >= 1000:
		return reason.One(reason.RejectedLongID)
	case strings.Contains(id, "|"):
		return reason.One(reason.RejectedBarInID)
	}
	return nil
}

var (
	multicast4 = Range{netip.MustParseAddr("224.0.0.0"), netip.MustParseAddr("239.255.255.255")}
	multicast6 = Range{netip.MustParseAddr("ff00::"), netipx.PrefixLastIP(netip.MustParsePrefix("ff00::/8"))}
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
