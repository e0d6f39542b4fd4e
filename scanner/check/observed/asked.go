package observed

import (
	"net/netip"
	"slices"

	"github.com/kmsiso/kmsiso/scanner/check"
	"github.com/kmsiso/kmsiso/scanner/check/traffic"
	"github.com/kmsiso/kmsiso/scanner/intent"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Who may have asked for an answer of a host, and which check judges it.

// meant reports whether the host is to give an answer in clear: it is of a declared
// flow, or of a way in.
func meant(e *check.Evidence, f *run.Flow) bool {
	n := answeredAt(f.Kind, f.SrcPort)
	return slices.ContainsFunc(e.Policy.Vantages, func(v intent.Vantage) bool {
		return slices.Contains(e.Sources(v.Name), f.Dst) &&
			(slices.Contains(check.InboundPorts(e.Policy, v.Name, e.Host.Name), n) || isController(v) && wayIn(e, f.SrcPort))
	})
}

// judgedWhereAsked reports whether kmsiso asked for an answer, or may have done so from
// behind NAT, and whichever check may have asked judges whether the answer was in clear.
// An observation that is lost changes nothing of that: the plan says it.
func judgedWhereAsked(e *check.Evidence, f *run.Flow) bool {
	some := false
	for n, judged := range e.Probed(e.Host.Addresses) {
		if !mayAsk(e, n, f) {
			continue
		}
		if !judged {
			return false
		}
		some = true
	}
	return some
}

// judgedElsewhere reports whether a request is one of the tries of an outsider at an address
// that nobody declared: host-addresses judges what is answered there.
func judgedElsewhere(e *check.Evidence, request *run.Flow) bool {
	ports := check.Ports(e.Policy, e.Host)
	switch request.Kind {
	case run.FlowEcho:
	case run.FlowSYN:
		if !slices.Contains(ports, check.Port(request.DstPort)) {
			return false
		}
	default:
		return false
	}
	if traffic.AtHost(e, request.Dst) || request.Dst.IsMulticast() || e.Policy.Limits.SkipOwn || len(e.Policy.HostVantages(e.Host.Name)) == 0 {
		return false
	}
	return slices.ContainsFunc(e.Policy.WithRole(intent.RoleNonDomain), func(v intent.Vantage) bool {
		return slices.Contains(e.Sources(v.Name), request.Src) || slices.ContainsFunc(e.At(v.Name).Interfaces, func(i run.Interface) bool {
			return slices.ContainsFunc(i.Prefixes, func(p netip.Prefix) bool { return p.Addr() == request.Src })
		})
	})
}

// mayAsk reports whether a flow may be the host's answer to what is observed for a
// need at one of its addresses. What no observation is known to have sent may be of a vantage behind NAT.
func mayAsk(e *check.Evidence, n *run.Need, f *run.Flow) bool {
	if n.Addr.Is4() != f.Dst.Is4() || !asksFor(n, f) {
		return false
	}
	from := e.Sources(n.Vantage)
	if f.Own == "" {
		v, _ := e.Policy.Vantage(n.Vantage)
		from = v.SeenAs
	}
	return slices.Contains(from, f.Dst)
}

// asksFor reports whether what a need sends is answered by such a flow.
func asksFor(n *run.Need, f *run.Flow) bool {
	switch n.Probe {
	case run.ProbeICMP:
		return f.Kind == run.FlowEchoReply
	case run.ProbeTCP, run.ProbeTCPFrom, run.ProbeRPC:
		return (f.Kind == run.FlowSYNACK || f.Kind == run.FlowRefusal) && n.Port == f.SrcPort
	case run.ProbeUDP:
		return f.Kind == run.FlowUDP && n.Port == f.SrcPort
	}
	return false
}

// isController reports whether kmsiso itself runs on the vantage.
func isController(v intent.Vantage) bool {
	return slices.ContainsFunc(v.Via, func(w intent.Via) bool { return w.Implies.Here })
}

// wayIn reports whether kmsiso enters the host at a port.
func wayIn(e *check.Evidence, n uint16) bool {
	return slices.ContainsFunc(e.Policy.HostVantages(e.Host.Name), func(k intent.Vantage) bool {
		return slices.ContainsFunc(k.Via, func(w intent.Via) bool { return slices.Contains(w.Implies.Ports, n) })
	})
}
