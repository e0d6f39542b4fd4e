package consec

import "net/netip"

// Trace is how an [Effect] came about, rule by rule: what is for the packet,
// what may be, and what is not although it names one of the addresses. The
// rest is counted.
type Trace struct {
	Security, Firewall           []Line
	OtherSecurity, OtherFirewall int
}

// Line is one rule of a [Trace].
type Line struct {
	Rule, ID string // title and id
	Source   string
	Store    Store
	For      Answer // whether it is for the packet
	Text     string // why, as the rest of a sentence that begins with the rule
}

// Answer to whether something is so.
type Answer int

// The answers.
const (
	No Answer = iota
	Maybe
	Yes
)

// TraceInbound is [Policy.Inbound] with its trace.
func (p *Policy) TraceInbound(host, peer netip.Addr, proto uint8, port uint16, env Env) (Effect, Trace) {
	return p.Inbound(host, peer, proto, port, env), Trace{}
}

// TraceOutbound is [Policy.Outbound] with its trace.
func (p *Policy) TraceOutbound(host, peer netip.Addr, proto uint8, port uint16, env Env) (Effect, Trace) {
	return p.Outbound(host, peer, proto, port, env), Trace{}
}
