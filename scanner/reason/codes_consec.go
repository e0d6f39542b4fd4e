package reason

// What connection security does with a packet, and why.
const (
	// NotOneFamily: a packet needs two addresses of one family
	NotOneFamily Code = "two-families"
	// NoSecurityRule: there is no connection security rule at all
	NoSecurityRule Code = "no-security-rule"
	// OtherRules: more rules that are not for the packet
	OtherRules Code = "rules-for-others"
	// MoreUnsureRules: more rules may be for the packet
	MoreUnsureRules Code = "more-unsure-rules"
	// RuleOrder: two rules with different actions are for the packet
	RuleOrder Code = "undocumented-order"
	// RuleOffElsewhere: the firewall and its rules are off in some profile
	RuleOffElsewhere Code = "firewall-off-in-profile"
	// SecurityOff: the firewall is off, and with it connection security
	SecurityOff Code = "security-off"
	// ESPItself: ESP is what IPsec itself sends
	ESPItself Code = "esp-itself"
	// IKEItself: IKE is what negotiates IPsec
	IKEItself Code = "ike-itself"
	// IPsecExempt: IPsecExempt lets this protocol pass in clear
	IPsecExempt Code = "ipsec-exempt"
	// IPsecExemptMDM: IPsecExempt of MDM lets it pass, and that of Group Policy does not
	IPsecExemptMDM Code = "ipsec-exempt-by-mdm"
	// Unauthenticated: the firewall wants IPsec, and nothing asks for it
	Unauthenticated Code = "nothing-authenticates"
	// TunnelNamesIt: a tunnel rule names the addresses; a note
	TunnelNamesIt Code = "ignored-tunnel-rule"
	// ExemptionBeforeProtection: another rule would protect what an exemption lets pass; a note
	ExemptionBeforeProtection Code = "exemption-beside-protection"
	// RulePartsUnknown: a rule has parts that kmsiso does not know; a note
	RulePartsUnknown Code = "unknown-rule-parts"
	// RuleIKEv2Kerberos: a rule allows IKEv2 only, and Kerberos; a note
	RuleIKEv2Kerberos Code = "ikev2-kerberos"
	// MainModeOwnSets: a main mode rule gives these peers sets of their own; a note
	MainModeOwnSets Code = "main-mode-own-sets"
)

// What the main modes of two ends have in common.
const (
	// MainModeOwnProposals: a main mode rule has its own proposals, so whether two ends agree is not known
	MainModeOwnProposals Code = "main-mode-own-proposals"
	// MainModeBuiltin: both ends use the built-in main mode proposals
	MainModeBuiltin Code = "builtin-main-mode"
	// MainModeShared: both ends have main mode proposals in common
	MainModeShared Code = "shared-main-mode"
	// MainModeNone: the ends have no main mode proposal in common
	MainModeNone Code = "no-shared-main-mode"
	// MainModeEmpty: the main mode crypto set has no proposal
	MainModeEmpty Code = "empty-main-mode-set"
)

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

// Why Windows does not take a rule ([MS-FASP] 2.2.37, 2.2.55).
const (
	// RejectedVersion: the version is lower than any
	RejectedVersion Code = "low-rule-version"
	// RejectedAction: the rule has no action
	RejectedAction Code = "no-action"
	// RejectedExemptionSet: an exemption names a set
	RejectedExemptionSet Code = "exemption-with-set"
	// RejectedNoAuth: the rule names no first authentication set
	RejectedNoAuth Code = "no-authentication-set"
	// RejectedNoCrypto: the rule names no quick mode crypto set
	RejectedNoCrypto Code = "no-crypto-set"
	// RejectedSetID: the id of a set is too long
	RejectedSetID Code = "long-set-id"
	// RejectedPorts: ports beside a protocol that has none
	RejectedPorts Code = "ports-without-transport"
	// RejectedTunnelAction: a tunnel rule has another action than Secure
	RejectedTunnelAction Code = "tunnel-action"
	// RejectedTunnelAuthorization: a tunnel rule has an authorisation of its own
	RejectedTunnelAuthorization Code = "tunnel-authorization"
	// RejectedTunnelToken: a part that only a tunnel rule may have
	RejectedTunnelToken Code = "tunnel-token"
	// RejectedMulticast: an endpoint has multicast addresses
	RejectedMulticast Code = "multicast-endpoint"
	// RejectedName: the rule has no name
	RejectedName Code = "no-rule-name"
	// RejectedLongName: the name is too long
	RejectedLongName Code = "long-rule-name"
	// RejectedAll: the rule is named ALL
	RejectedAll Code = "rule-named-all"
	// RejectedLongID: the id is too long
	RejectedLongID Code = "long-rule-id"
	// RejectedBarInID: the id has a bar in it
	RejectedBarInID Code = "bar-in-rule-id"
	// RejectedDirection: the firewall rule has no direction
	RejectedDirection Code = "no-direction"
	// RejectedBlockSecure: the rule blocks and asks for IPsec
	RejectedBlockSecure Code = "block-with-ipsec"
	// RejectedOverride: the override lacks what it has to have
	RejectedOverride Code = "incomplete-override"
	// RejectedNamesWithoutIPsec: machines or users without IPsec
	RejectedNamesWithoutIPsec Code = "names-without-ipsec"
	// RejectedOutboundMachines: an outbound rule names machines
	RejectedOutboundMachines Code = "outbound-machines"
	// RejectedICMP: ICMP types beside another protocol
	RejectedICMP Code = "icmp-types-without-icmp"
)

// What of a policy cannot be read or resolved.
const (
	// Unreadable: a rule, a set or a setting that cannot be read; "kind" says which
	Unreadable Code = "unreadable-setting"
	// MoreUnreadable: more that cannot be read
	MoreUnreadable Code = "more-unreadable"
	// RuleStringLong: a rule string is too long
	RuleStringLong Code = "long-rule-string"
	// RuleStringCut: a rule string does not end as it must
	RuleStringCut Code = "cut-rule-string"
	// RuleStringNoVersion: a rule string does not begin with a version
	RuleStringNoVersion Code = "rule-string-without-version"
	// RuleStringVersion: the version of a rule string cannot be read
	RuleStringVersion Code = "rule-string-version"
	// RuleStringToken: a part of a rule string has no value
	RuleStringToken Code = "rule-string-token"
	// RuleStringValue: a value of a rule string cannot be read
	RuleStringValue Code = "rule-string-value"
	// RuleStringTwice: a part is given twice where once is allowed
	RuleStringTwice Code = "rule-string-repetition"
	// WantWord: the value is none of the words that are allowed
	WantWord Code = "unknown-word"
	// WantNumber: the value is no number in the range
	WantNumber Code = "number-out-of-range"
	// WantSeconds: the value is no number of seconds
	WantSeconds Code = "bad-lifetime"
	// WantPort: the value is no port or range
	WantPort Code = "bad-port"
	// WantICMP: the value is no ICMP type with a code
	WantICMP Code = "bad-icmp-type"
	// WantPlatform: the value is no version of Windows
	WantPlatform Code = "bad-platform"
	// WantVersion: the value is no version
	WantVersion Code = "bad-version"
	// WantAddress: the value is no address
	WantAddress Code = "bad-address"
	// OtherFamily: the address is of the other family
	OtherFamily Code = "other-family"
	// RangeBackwards: a range of addresses is no range
	RangeBackwards Code = "backward-range"
	// MaskOfIPv6: an IPv6 subnet has a mask
	MaskOfIPv6 Code = "ipv6-mask"
	// SubnetLength: the length of a subnet is out of range
	SubnetLength Code = "bad-subnet-length"
	// SubnetMask: what follows the slash is neither length nor mask
	SubnetMask Code = "bad-subnet-mask"
	// MaskHole: the ones of a mask are not all in front
	MaskHole Code = "mask-with-hole"
	// NotText: a rule is no text in the registry
	NotText Code = "rule-of-other-type"
	// NotNumber: a setting is no number in the registry
	NotNumber Code = "setting-without-number"
)

// What of an authentication or crypto set cannot be read or resolved.
const (
	// BadSet: a set of this kind has something wrong
	BadSet Code = "unreadable-set"
	// SetIndex: a key below a set is no index
	SetIndex Code = "set-index"
	// BadSuite: a suite of a set cannot be read
	BadSuite Code = "unreadable-suite"
	// NoMethod: a suite has no method
	NoMethod Code = "no-method"
	// NoAlgorithm: a main mode suite lacks an algorithm
	NoAlgorithm Code = "no-algorithm"
	// BadProtocol: the protocol of a quick mode suite is none
	BadProtocol Code = "unknown-ipsec-protocol"
	// BuiltinSetInGPO: a GPO holds a set under the id of the built-in one
	BuiltinSetInGPO Code = "builtin-id-in-gpo"
	// SetIDCircle: the ids of sets lead in a circle
	SetIDCircle Code = "circular-set-ids"
	// BuiltinSetGone: the built-in set was given an id that is not there
	BuiltinSetGone Code = "missing-builtin-set"
	// SetMissing: a set that a rule refers to is not there
	SetMissing Code = "missing-set"
	// SetUnreadable: a set that a rule refers to cannot be read
	SetUnreadable Code = "unreadable-set-of-rule"
	// RuleSetUnresolved: a rule needs a set that does not resolve
	RuleSetUnresolved Code = "unresolved-set"
	// RuleSetWithoutMethod: a rule needs an authentication set that has no method
	RuleSetWithoutMethod Code = "set-without-method"
	// RuleSetWithoutProposal: a rule needs a crypto set that has no proposal
	RuleSetWithoutProposal Code = "set-without-proposal"
)

// What later layers have changed.
const (
	// ValueRemoved: a rule, a set or a setting that a later layer deletes
	ValueRemoved Code = "deleted-value"
	// ValueReplaced: a rule, a set or a setting that a later layer replaces
	ValueReplaced Code = "replaced-value"
)
