package reason

// What the firewall does with a packet, and why.
const (
	// FirewallBlocks: a firewall rule blocks the packet
	FirewallBlocks Code = "blocking-rule"
	// FirewallAllows: a firewall rule allows the packet
	FirewallAllows Code = "allowing-rule"
	// FirewallSecures: a firewall rule lets through what IPsec has authenticated
	FirewallSecures Code = "ipsec-only-rule"
	// FirewallOverrides: an authenticated override comes before a blocking rule
	FirewallOverrides Code = "overriding-rule"
	// FirewallAllowsUnlessOwn: a rule allows it, and one of the machine's own may block it
	FirewallAllowsUnlessOwn Code = "allowing-rule-unless-own"
	// FirewallMayBlock: a rule that may be for the packet blocks it
	FirewallMayBlock Code = "possibly-blocking-rule"
	// FirewallMayAllow: a rule that may be for the packet allows it
	FirewallMayAllow Code = "possibly-allowing-rule"
	// FirewallSecuresElse: a rule lets through what IPsec has authenticated, and the default decides in clear
	FirewallSecuresElse Code = "ipsec-only-or-default"
	// FirewallMaySecure: a rule may let through what IPsec has authenticated
	FirewallMaySecure Code = "possibly-ipsec-only-rule"
	// NoRuleKnown: no rule that is known decides
	NoRuleKnown Code = "no-known-rule"
	// NoRuleDecides: no firewall rule is for the packet, so the default decides
	NoRuleDecides Code = "no-deciding-rule"
	// NoRuleAllows: no rule allows what is blocked by default
	NoRuleAllows Code = "no-allowing-rule"
	// DefaultAllows: the profile allows this direction by default
	DefaultAllows Code = "allowed-by-default"
	// DefaultBlocks: the profile blocks this direction by default
	DefaultBlocks Code = "blocked-by-default"
	// DefaultUnknown: the default is the machine's, which is not known
	DefaultUnknown Code = "unknown-default"
	// OwnRulesUnknown: the machine's own firewall rules count and were not read
	OwnRulesUnknown Code = "unknown-own-rules"
	// FirewallMayBeOff: whether the firewall is on is left to the machine
	FirewallMayBeOff Code = "firewall-perhaps-off"
	// FirewallOffSomewhere: the firewall is off on some interfaces
	FirewallOffSomewhere Code = "firewall-off-on-interfaces"
	// FirewallOff: the firewall is off in the profile
	FirewallOff Code = "firewall-off"
	// FirewallOffOnInterface: the firewall is off on the packet's interface
	FirewallOffOnInterface Code = "firewall-off-on-interface"
	// FirewallShieldsUp: the firewall blocks every connection that comes in
	FirewallShieldsUp Code = "all-connections-blocked"
	// FirewallDoubt: the firewall drops the packet if it is on
	FirewallDoubt Code = "doubted-drop"
	// FirewallByProfile: the profiles differ, and the machine's is not known
	FirewallByProfile Code = "profile-dependent"
)
