package reason

// Why a rule is for a packet, is not, or may be. Beside a rule that is named elsewhere, as in a trace, a reason does not name it again.
const (
	// RuleInactive: the rule is switched off
	RuleInactive Code = "inactive-rule"
	// RuleOfTunnel: a tunnel rule, which is not for packets between two machines
	RuleOfTunnel Code = "tunnel-rule"
	// RuleRejected: Windows does not take the rule; "why" says why
	RuleRejected Code = "rejected-rule"
	// RuleOtherProtocol: the rule is for another IP protocol
	RuleOtherProtocol Code = "other-protocol"
	// RuleNeither: neither end of the packet is in an endpoint of the rule
	RuleNeither Code = "neither-address-covered"
	// RuleMissesAddress: one end of the packet is in no endpoint of the rule
	RuleMissesAddress Code = "address-not-covered"
	// RuleMissesPair: each end is in the rule, and not one in each endpoint
	RuleMissesPair Code = "pair-not-covered"
	// RuleMissesPort: the rule is for other ports of that side
	RuleMissesPort Code = "port-not-covered"
	// RuleByKeyword: whether the rule covers the packet hangs on a keyword
	RuleByKeyword Code = "keyword-endpoint"
	// RuleByFreePort: the rule is for some of the ports that a side chooses freely
	RuleByFreePort Code = "free-port-rule"
	// RuleOfRealm: the rule is for programs of a security realm
	RuleOfRealm Code = "realm-rule"
	// RuleEndpointAndInterface: the rule names its first endpoint and interfaces
	RuleEndpointAndInterface Code = "endpoint-and-interface"
	// RuleUnknownProfile: the rule is for some profiles, and the machine's is not known
	RuleUnknownProfile Code = "unknown-profile"
	// RuleNoSuchProfile: the machine's profile is none that Windows has
	RuleNoSuchProfile Code = "no-such-profile"
	// RuleOtherProfile: the rule is for other profiles than the machine's
	RuleOtherProfile Code = "other-profile"
	// RuleSkipped: this Windows skips the rule because of its version
	RuleSkipped Code = "skipped-rule"
	// RuleMaybeSkipped: some versions of Windows skip the rule, and the machine's is not known
	RuleMaybeSkipped Code = "skip-version"
	// RuleOtherPlatform: the rule is for other versions of Windows
	RuleOtherPlatform Code = "other-platform"
	// RuleUnknownPlatform: the rule is for some versions of Windows, and the machine's is not known
	RuleUnknownPlatform Code = "unknown-platform"
	// RuleOfInterfaces: the rule is for certain interfaces
	RuleOfInterfaces Code = "interface-rule"
	// RuleOfInterfaceTypes: the rule is for certain types of interfaces
	RuleOfInterfaceTypes Code = "interface-type-rule"
	// OwnRulesInSomeProfiles: a rule of the machine's own, which counts in some profiles
	OwnRulesInSomeProfiles Code = "own-rules-in-some-profiles"
	// OwnRulesOff: a rule of the machine's own, which does not count
	OwnRulesOff Code = "own-rules-off"
	// RuleOtherDirection: the rule is for the other direction
	RuleOtherDirection Code = "other-direction"
	// RuleOtherHost: the firewall rule is for other addresses of this side
	RuleOtherHost Code = "other-local-address"
	// RuleOtherPeer: the firewall rule is for other peers
	RuleOtherPeer Code = "other-peer"
	// RuleOtherPort: the firewall rule is for other ports
	RuleOtherPort Code = "other-port"
	// RuleByPortKeyword: whether the firewall rule is for the port is not known
	RuleByPortKeyword Code = "keyword-port"
	// RuleOtherMessage: the firewall rule is for other ICMP messages
	RuleOtherMessage Code = "other-icmp-message"
	// RuleOfProgram: the firewall rule is for a program or service
	RuleOfProgram Code = "program-rule"
	// RuleConditions: the firewall rule has conditions that kmsiso does not judge
	RuleConditions Code = "unjudged-condition"
	// RuleExempts: an authentication exemption is for the packet
	RuleExempts Code = "exempting-rule"
	// RuleExemptsFirst: an exemption and a protecting rule are for the packet
	RuleExemptsFirst Code = "undocumented-exemption"
	// RuleProtects: a rule that is for the packet and asks for IPsec
	RuleProtects Code = "protecting-rule"
	// RuleApplies: a rule of a trace is for the packet
	RuleApplies Code = "applying-rule"
)
