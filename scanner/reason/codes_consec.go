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
