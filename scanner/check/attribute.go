package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// attribute says why a proved deny is denied, by what the network shows: the
// packets were seen on the host's own wire and nothing came back, or an exempt
// vantage in the same subnet is answered in clear; else by what the host is
// told, for exactly this source and port. That IKE answers, or that
// there is no SA, would prove nothing: a router that passes UDP 500 and drops
// 1688 looks the same.
func (in *Input) attribute(v policy.Vantage, h policy.Host, a netip.Addr, n port) (run.Attribution, string) {
	var watched bool
	for _, w := range watchers(in.Policy, h.Name) {
		o := in.See(flows(w))
		if o.Class != run.Answered {
			continue
		}
		watched = true
		if in.arrived(o, v.Name, a, n) {
			return run.ByIsolation, fmt.Sprintf("%s saw the packets of %s arrive at %s, and nothing answered", w, v.Name, label(a, n))
		}
	}
	if v.PairedWith != "" {
		if o := in.Peek(reach(v.PairedWith, h, a, n, run.Before)); o.Heard() {
			return run.ByIsolation, fmt.Sprintf("exempt %s, in the same subnet, is answered by %s in clear", v.PairedWith, label(a, n))
		}
	}
	if watched {
		return run.ByPath, fmt.Sprintf("the packets of %s for %s never arrive on the host's segment", v.Name, label(a, n))
	}
	if by := in.requiredBy(v, h, a, n); by != "" {
		return run.ByIsolation, by
	}
	return run.ByUnknown, fmt.Sprintf("nothing shows whether the packets of %s arrive at %s", v.Name, h.Name)
}

// arrived reports whether a watch saw first packets of the vantage for a port.
func (in *Input) arrived(o *run.Observation, vantage string, a netip.Addr, n port) bool {
	from := in.sources(vantage)
	return slices.ContainsFunc(o.Flows, func(f run.Flow) bool {
		if f.Dst != a || !slices.Contains(from, f.Src) {
			return false
		}
		if n == echo {
			return f.Kind == run.FlowEcho
		}
		return f.Kind == run.FlowSYN && f.DstPort == uint16(n)
	})
}
