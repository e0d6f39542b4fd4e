package observed

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
	"github.com/kmsiso/kmsiso/scanner/simulate"
)

// UDPServices is the check udp-services: no UDP service of a host answers an outsider.
// It finds what answers. It shows of no port that it is closed, and never passes.
var UDPServices = check.Check{
	ID:        "udp-services",
	Title:     "no UDP service of the host answers an outsider, whatever port it comes from",
	Section:   "+",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Denied, Protocol: simulate.UDP, Trusted: true},
	After:     []string{"gpo-applied", "non-domain-kms", "ipv6-isolated"},
	Cells: func(p *intent.Policy) []run.CellID {
		if check.OutsidersPass(p) || p.Isolation.Scope != intent.ScopeHost || len(p.Limits.UDPPorts) == 0 {
			return nil
		}
		return check.HostCells("udp-services", p, p.WithRole(intent.RoleNonDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		v, h := check.Pair(p, id)
		var all []check.Trial
		for _, a := range h.Addresses {
			for _, port := range p.Limits.UDPPorts {
				t := check.TrialOf(v, h, check.Port(port), check.UDPNeed(v.Name, h, a, port))
				t.Label = fmt.Sprintf("%s over UDP", t.Label)
				all = append(all, t)
			}
		}
		return all, check.NoAddress
	},
	Claims: traffic.UDPServiceClaims,
	Tell:   tellDeny,
}
