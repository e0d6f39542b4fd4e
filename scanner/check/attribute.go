package check

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/policy"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// attribute says why a proved deny is denied, by what the network shows: the
// packets were seen on the host's own wire and nothing came back, or an exempt
// vantage in the same subnet is answered in clear; else by what the host is
// told, for exactly this source and port. That IKE answers, or that
// there is no SA, would prove nothing: a router that passes UDP 500 and drops
// 1688 looks the same.
func (in *Input) attribute(v policy.Vantage, h policy.Host, a netip.Addr, n port) (run.Attribution, reason.List) {
	var watched bool
	for _, w := range watchers(in.Policy, h.Name) {
		o := in.See(flows(w))
		if o.Class != run.Answered {
			continue
		}
		watched = true
		if in.arrived(o, v.Name, a, n) {
			return run.ByIsolation, reason.One(reason.ArrivedUnanswered, "watch", w, "vantage", v.Name, "at", label(a, n))
		}
	}
	if v.PairedWith != "" {
		if o := in.Peek(reach(v.PairedWith, h, a, n, run.Before)); o.Heard() {
			return run.ByIsolation, reason.One(reason.PairedAnswered, "pair", v.PairedWith, "at", label(a, n))
		}
	}
	if watched {
		return run.ByPath, reason.One(reason.NeverArrives, "vantage", v.Name, "at", label(a, n))
	}
	if by := in.requiredBy(v, h, a, n); by != nil {
		return run.ByIsolation, by
	}
	return run.ByUnknown, reason.One(reason.ArrivalUnknown, "vantage", v.Name, "host", h.Name)
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
