package effect

import (
	"slices"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/consec"
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// The port of the KMS host's service, and its names. The first program listens
// since Windows 8, the second on Windows 7, the third on Vista.
const kmsPort = 1688

var (
	kmsPrograms = []string{"sppextcomobj.exe", "sppsvc.exe", "slsvc.exe"}
	kmsServices = []string{"sppsvc", "slsvc"}
)

// matchFirewall says whether the rule is for the packet, and if not surely, why.
func matchFirewall(r *consec.FirewallRule, p *consec.Policy, inbound bool, k *packet, env *Env) (tri.State, cause) {
	switch {
	case !r.Active:
		return tri.No, causeInactive
	case inbound && !r.Inbound, !inbound && !r.Outbound:
		return tri.No, causeDirection
	case r.Protocol != consec.AnyProtocol && r.Protocol != int(k.proto):
		return tri.No, causeProtocol
	}
	answer, why := ends(r, k, env)
	if answer == tri.No {
		return tri.No, why
	}
	if r.Rejected() != nil {
		return tri.No, causeRejected
	}
	for _, c := range []struct {
		answer tri.State
		cause  cause
	}{
		{forMessage(r, k), causeICMP},
		{forProgram(r, k, env), causeProgram},
		{forProfile(&r.Scope, env.Profile), causeProfile},
		{localCounts(p, r.Store, env.Profile, localRules), causeMerge},
		{forVersion(&r.Scope, env.Version), causeVersion},
		{forPlatform(&r.Scope, env.OS), causePlatform},
		{forInterface(&r.Scope, env), causeInterface},
		{maybeIf(len(r.Conditions)+len(r.Unknown) > 0), causeCondition},
	} {
		if c.answer < answer {
			answer, why = c.answer, c.cause
		}
	}
	return answer, why
}

// ends compares addresses and ports.
func ends(r *consec.FirewallRule, k *packet, env *Env) (tri.State, cause) {
	answer, why := r.Local.Covers(k.local, env.Keywords), causeKeyword
	// An allowing rule with LOM is for any remote end ([MS-FASP] 2.2.35).
	remote := !r.AnyRemote || r.Action == consec.Block
	if remote {
		answer = min(answer, r.Remote.Covers(k.remote, env.Keywords))
	}
	if answer == tri.No {
		return tri.No, causeAddresses
	}
	if k.proto == consec.TCP || k.proto == consec.UDP {
		ports := has(&r.LPorts, k.proto, k.localPort, true)
		if remote {
			ports = min(ports, has(&r.RPorts, k.proto, k.remotePort, false))
		}
		switch ports {
		case tri.No:
			return tri.No, causePorts
		case tri.Unknown:
			answer, why = tri.Unknown, causePortKeyword
		}
	}
	if answer == tri.Yes {
		return tri.Yes, noCause
	}
	return answer, why
}

// has says whether the ports hold one.
func has(p *consec.FirewallPorts, proto uint8, port int, local bool) tri.State {
	if len(p.Ranges)+len(p.Keywords) == 0 {
		return tri.Yes
	}
	answer := tri.No
	if len(p.Ranges) > 0 {
		answer = hasPort(p.Ranges, port, local)
	}
	for _, word := range p.Keywords {
		answer = max(answer, keywordPort(word, proto, port))
	}
	return answer
}

// keywordPort says whether a keyword of [MS-GPFAS] 2.2.2.3 stands for a port.
func keywordPort(word string, proto uint8, port int) tri.State {
	fixed := func(of uint8, number int) tri.State {
		switch {
		case proto != of:
			return tri.No
		case port == unknownPort:
			return tri.Unknown
		case port == number:
			return tri.Yes
		}
		return tri.No
	}
	switch strings.ToLower(word) {
	case "rpc-epmap":
		return fixed(consec.TCP, 135)
	case "iptlsin", "iphttpsin", "iptlsout", "iphttpsout":
		return fixed(consec.TCP, 443)
	case "tcpcdpsvc":
		return fixed(consec.TCP, 5040)
	case "mdns":
		return fixed(consec.UDP, 5353)
	case "teredo", "dhcp", "ply2disc":
		if proto != consec.UDP {
			return tri.No
		}
	}
	return tri.Unknown // RPC's dynamic ports, and words of later versions
}

// forMessage says whether the rule is for an echo request.
func forMessage(r *consec.FirewallRule, k *packet) tri.State {
	list, echo := r.ICMP4, uint8(8)
	switch k.proto {
	case consec.ICMP:
	case consec.ICMPv6:
		list, echo = r.ICMP6, 128
	default:
		return tri.Yes
	}
	if len(list) == 0 || slices.ContainsFunc(list, func(t consec.ICMPType) bool { return t.Type == echo && t.Code <= 0 }) {
		return tri.Yes
	}
	return tri.No
}

// forProgram says whether the program or service that a rule is bound to is
// that of the packet. An echo request has none but the system itself.
func forProgram(r *consec.FirewallRule, k *packet, env *Env) tri.State {
	service := r.Service
	if service == "*" {
		service = "" // of any service
	}
	if r.App == "" && service == "" && r.Package == "" && r.Service == "" {
		return tri.Yes
	}
	kms := k.proto == consec.TCP && env.Service == "" && (k.localPort == kmsPort || k.remotePort == kmsPort) || isOneOf(env.Service, kmsServices)
	switch {
	case k.proto == consec.ICMP || k.proto == consec.ICMPv6:
		if strings.EqualFold(r.App, "System") && service == "" && r.Package == "" {
			return tri.Yes
		}
		return tri.No
	case kms:
		return forKMS(r, service, env)
	case env.Service == "":
		return tri.Unknown
	case r.Package != "", service != "" && !strings.EqualFold(service, env.Service):
		return tri.No
	case service != "":
		return tri.Yes
	}
	return tri.Unknown
}

// forKMS is forProgram for the KMS host's service. What listens differs between
// versions of Windows: an allowing rule for any of its programs counts as for
// it, and a blocking one only where it is sure.
func forKMS(r *consec.FirewallRule, service string, env *Env) tri.State {
	program := r.App[strings.LastIndexAny(r.App, `\/`)+1:]
	switch {
	case r.Package != "":
		return tri.No
	case r.App != "" && !isOneOf(program, kmsPrograms):
		return tri.No
	case service != "" && !isOneOf(service, kmsServices):
		return tri.No
	case r.Action != consec.Block:
		return tri.Yes
	case env.OS == nil || r.App == "" && service == "":
		return tri.Unknown
	}
	listens, as := kmsPrograms[0], kmsServices[0]
	switch {
	case env.OS.Major < 6 || env.OS.Major == 6 && env.OS.Minor == 0:
		listens, as = kmsPrograms[2], kmsServices[1]
	case env.OS.Major == 6 && env.OS.Minor == 1:
		listens = kmsPrograms[1]
	}
	if (r.App == "" || strings.EqualFold(program, listens)) && (service == "" || strings.EqualFold(service, as)) {
		return tri.Yes
	}
	return tri.Unknown
}

func isOneOf(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(s, w) })
}

// firewallNames reports whether the rule names one of the packet's addresses or the
// port.
func firewallNames(r *consec.FirewallRule, k *packet, known map[string][]consec.Range) bool {
	if r.Protocol != consec.AnyProtocol && r.Protocol != int(k.proto) {
		return false
	}
	port := k.proto == consec.TCP || k.proto == consec.UDP
	return !r.Local.IsAny() && r.Local.Covers(k.local, known) != tri.No ||
		!r.Remote.IsAny() && r.Remote.Covers(k.remote, known) != tri.No ||
		port && len(r.LPorts.Ranges) > 0 && k.localPort != unknownPort && hasPort(r.LPorts.Ranges, k.localPort, true) == tri.Yes ||
		port && len(r.RPorts.Ranges) > 0 && k.remotePort != unknownPort && hasPort(r.RPorts.Ranges, k.remotePort, false) == tri.Yes
}

// sayFirewall gives the reason for a cause.
func sayFirewall(r *consec.FirewallRule, c cause, k *packet, env *Env) told {
	switch c {
	case causeInactive:
		return tell(reason.RuleInactive)
	case causeDirection:
		return tell(reason.RuleOtherDirection)
	case causeRejected:
		return tell(reason.RuleRejected, "why", r.Rejected())
	case causeAddresses:
		if r.Local.Covers(k.local, env.Keywords) == tri.No {
			return tell(reason.RuleOtherHost, "address", k.local)
		}
		return tell(reason.RuleOtherPeer, "peer", k.remote)
	case causePorts:
		return tell(reason.RuleOtherPort, "port", max(k.localPort, k.remotePort))
	case causeKeyword:
		return tell(reason.RuleByKeyword, "keywords", keywordsOf(&r.Local, &r.Remote))
	case causePortKeyword:
		return tell(reason.RuleByPortKeyword)
	case causeICMP:
		return tell(reason.RuleOtherMessage)
	case causeProgram:
		return tell(reason.RuleOfProgram, "programs", nonEmpty(r.App, r.Service, r.Package))
	case causeMerge:
		return sayMerge(env, "AllowLocalPolicyMerge")
	case causeProtocol:
		return tell(reason.RuleOtherProtocol, "protocol", r.Protocol)
	case causeCondition:
		return tell(reason.RuleConditions, "conditions", slices.Concat(r.Conditions, r.Unknown))
	}
	return sayScope(&r.Scope, c, env)
}
