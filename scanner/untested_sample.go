package scanner

import (
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check/obligation"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// sample says what outsiders left out of each host: ports, source ports, protocols,
// sizes and their own addresses. Hosts of which the same was tried are named together.
func sample(p *intent.Policy, r *run.Run) (out reason.List) {
	all := obligation.Sampled(p, r)
	outsiders := p.WithRole(intent.RoleNonDomain)
	if len(all) == 0 || len(outsiders) == 0 {
		return nil
	}
	of := func(code reason.Code, ports func(obligation.Sample) []uint16) {
		said := make([]bool, len(all))
		for i := range all {
			if said[i] {
				continue
			}
			var hosts []string
			for k := i; k < len(all); k++ {
				if slices.Equal(ports(all[k]), ports(all[i])) {
					said[k], hosts = true, append(hosts, p.Hosts[k].Name)
				}
			}
			out = append(out, reason.New(code, "hosts", hosts, "probed", ports(all[i])))
		}
	}
	if p.Isolation.Scope == intent.ScopeHost {
		of(reason.PortsNotProbed, func(s obligation.Sample) []uint16 { return s.TCP })
		of(reason.UDPNotProbed, func(s obligation.Sample) []uint16 { return s.UDP })
		out = append(out, reason.New(reason.ProtocolsNotProbed))
	}
	of(reason.SourcePortsNotProbed, func(s obligation.Sample) []uint16 { return s.From })
	names := make([]string, len(outsiders))
	for i, v := range outsiders {
		names[i] = v.Name
	}
	return append(out, reason.New(reason.SizesNotProbed), reason.New(reason.OtherOutsiders, "vantages", names))
}
