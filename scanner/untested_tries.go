package scanner

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// untried says what outsiders left out of each host: ports, source ports, protocols,
// sizes and their own addresses. Hosts of which the same was tried are named together.
func untried(p *intent.Policy, r *run.Run) (out reason.List) {
	all := check.TriedByOutsiders(p, r)
	outsiders := p.WithRole(intent.RoleNonDomain)
	if len(all) == 0 || len(outsiders) == 0 {
		return nil
	}
	of := func(code reason.Code, ports func(check.Tried) []uint16) {
		var order []string
		hosts, probed := map[string][]string{}, map[string][]uint16{}
		for i, h := range p.Hosts {
			key := fmt.Sprint(ports(all[i]))
			if hosts[key] == nil {
				order, probed[key] = append(order, key), ports(all[i])
			}
			hosts[key] = append(hosts[key], h.Name)
		}
		for _, key := range order {
			out = append(out, reason.New(code, "hosts", hosts[key], "probed", probed[key]))
		}
	}
	if p.Isolation.Scope == intent.ScopeHost {
		of(reason.PortsNotProbed, func(s check.Tried) []uint16 { return s.TCP })
		of(reason.UDPNotProbed, func(s check.Tried) []uint16 { return s.UDP })
		of(reason.ProtocolsNotProbed, func(s check.Tried) []uint16 { return s.Protocols })
	}
	of(reason.SourcePortsNotProbed, func(s check.Tried) []uint16 { return s.From })
	names := make([]string, len(outsiders))
	for i, v := range outsiders {
		names[i] = v.Name
	}
	return append(out, reason.New(reason.SizesNotProbed), reason.New(reason.OtherOutsiders, "vantages", names))
}
