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

// sourcePortsTried are those that filters let through for answers of DNS and Kerberos,
// as the default exemptions of Windows 2000 did (Microsoft KB 811832).
var sourcePortsTried = []uint16{53, 88}

// SourcePorts is the check source-ports: an outsider gets no answer from the KMS port,
// whatever port it comes from.
var SourcePorts = check.Check{
	ID:        "source-ports",
	Title:     "an outsider gets no answer from the KMS port when it comes from port 53 or 88",
	Section:   "+",
	Confirmed: "lab",
	Flow:      check.Flow{Intent: check.Denied, Protocol: simulate.TCP, Trusted: true},
	After:     []string{"gpo-applied", "non-domain-kms", "ipv6-isolated"},
	Cells: func(p *intent.Policy) []run.CellID {
		if check.OutsidersPass(p) {
			return nil
		}
		return check.HostCells("source-ports", p, p.WithRole(intent.RoleNonDomain))
	},
	Trials: func(p *intent.Policy, id run.CellID) ([]check.Trial, reason.List) {
		v, h := check.Pair(p, id)
		var all []check.Trial
		for _, a := range h.Addresses {
			for _, port := range sourcePortsTried {
				t := check.TrialOf(v, h, check.Port(h.Port), check.FromPortNeed(v.Name, h, a, port))
				t.Label = fmt.Sprintf("%s from port %d", t.Label, port)
				all = append(all, t)
			}
		}
		return all, check.NoAddress
	},
	Claims: traffic.DeniedClaims,
	Tell:   tellDeny,
}
