package reason

// WMI filters of the isolation GPO. "filter" is the name of a filter.
const (
	// FilterNotInSource: the source has no WMI filters. Args: gpo, filter, why.
	FilterNotInSource Code = "wmi-filter-not-in-source"
	// FilterReferenceUnreadable: the GPO's reference to its filter cannot be read. Args: gpo, why, right-query, right-parm2.
	FilterReferenceUnreadable Code = "wmi-filter-reference-unreadable"
	// FilterUnread: the filter could not be read. Args: gpo, why.
	FilterUnread Code = "wmi-filter-unread"
	// FilterNotThere: the GPO refers to a filter that is not seen. Args: gpo, filter, right-query, right-parm2.
	FilterNotThere Code = "wmi-filter-not-there"
	// FilterUnreadable: what the filter holds is no list of queries. Args: filter, why, right-query, right-parm2.
	FilterUnreadable Code = "wmi-filter-unreadable"
	// FilterRefused: WMI cannot evaluate the filter. Args: filter, why, right-query, right-parm2.
	FilterRefused Code = "wmi-filter-refused"
	// FilterFalse: the filter is false on a Windows. Args: filter, windows, right-query,
	// right-parm2, and count where it is known.
	FilterFalse Code = "wmi-filter-false"
	// FilterUnsure: what the filter does is not known. Args: filter, why, right-query, right-parm2.
	FilterUnsure Code = "wmi-filter-unsure"
	// WindowsInUseUnknown: which Windows are in use is not known. Args: why.
	WindowsInUseUnknown Code = "windows-in-use-unknown"
)

// What a machine has applied, and what is known of it.
const (
	// NoFirewallPolicy: the registry of a vantage has no such policy. Args: vantage.
	NoFirewallPolicy Code = "no-firewall-policy"
	// AppliedWrong: the applied rules do with a packet what they should not. Args: from, to, verdict, why.
	AppliedWrong Code = "applied-rules-wrong"
	// AppliedUnknown: what they do is not known. Args: from, to, why.
	AppliedUnknown Code = "applied-rules-unknown"
	// AnonymousAccepted: a rule accepts everybody.
	AnonymousAccepted Code = "anonymous-accepted"
	// WeakMethod: a rule accepts a weak method beside Kerberos. Args: rules, method.
	WeakMethod Code = "weak-authentication"
	// RuleNote: what a reader should know of a rule. Args: why.
	RuleNote Code = "rule-note"
	// ExemptionNotApplied: a host does not exempt whom the policy exempts. Args: vantage, exempt, address, rule.
	ExemptionNotApplied Code = "exemption-not-applied"
	// StalePolicy: what is applied is not what the directory says. Args: vantage, why.
	StalePolicy Code = "stale-policy"
	// AppliedLacksRule: a rule of the directory is not applied. Args: rule, gpo.
	AppliedLacksRule Code = "applied-lacks-rule"
	// AppliedRuleDiffers: the applied rule is another one. Args: rule, gpo.
	AppliedRuleDiffers Code = "applied-rule-differs"
	// AppliedRuleGone: the directory has an applied rule no longer. Args: rule.
	AppliedRuleGone Code = "applied-rule-gone"
	// MoreRules: further such rules. Args: count.
	MoreRules Code = "more-rules"
)

// Trusts and Kerberos.
const (
	// SameForest: the KMS hosts are in the forest itself. Args: forest.
	SameForest Code = "same-forest"
	// ForestOfHostUnknown: of which forest a host is, is not known. Args: host.
	ForestOfHostUnknown Code = "forest-of-host-unknown"
	// TrustWrongWay: the hosts' forest does not trust the clients'. Args: why.
	TrustWrongWay Code = "trust-wrong-way"
	// OneWayTrust: the trust is one-way, as is enough. Args: hosts-forest, clients-forest.
	OneWayTrust Code = "one-way-trust"
	// SelectiveUnread: the permissions of a host's account were not read. Args: host.
	SelectiveUnread Code = "selective-trust-unread"
	// SelectiveUnreadable: they cannot be read. Args: host, why.
	SelectiveUnreadable Code = "selective-trust-unreadable"
	// SelectiveRefused: they do not let the clients authenticate. Args: host, forest.
	SelectiveRefused Code = "selective-trust-refuses"
	// SelectiveUnknown: whether they do is not known. Args: host, forest, why.
	SelectiveUnknown Code = "selective-trust-unknown"
	// DomainSIDUnread: the SID of a domain was not read. Args: domain.
	DomainSIDUnread Code = "domain-sid-unread"
	// GrantedToUnknown: a group has a right, and its members are not known. Args: trustee.
	GrantedToUnknown Code = "granted-to-unknown-members"

	// AccountDisabled: the host's account is disabled. Args: host, account.
	AccountDisabled Code = "account-disabled"
	// NamesShared: other accounts have its service principal names. Args: host, sharing.
	NamesShared Code = "names-shared"
	// NoAES: the account has no AES type. Args: host, account, types.
	NoAES Code = "no-aes"
	// TrustWithoutAES: trust and account have no AES type in common. Args: forest, trust-types, types.
	TrustWithoutAES Code = "trust-without-aes"
	// ClockSkew: the controller's clock is too far away. Args: skew, allowed.
	ClockSkew Code = "clock-skew"
)

// What is said of the clock of a KMS host.
const (
	// IntendedClock: how near it is to be. Args: allowed.
	IntendedClock Code = "intended-clock"
	// SeenHostClock: how far it is ahead of the clock of kmsiso. Args: host, ahead, within.
	SeenHostClock Code = "seen-host-clock"
	// SeenControllerClock: the same of a domain controller. Args: ahead, within.
	SeenControllerClock Code = "seen-controller-clock"
	// HostClockWrong: Kerberos fails. Args: host, apart, within, allowed.
	HostClockWrong Code = "host-clock-wrong"
	// HostClockUnsure: it may. Args: host, apart, within, allowed.
	HostClockUnsure Code = "host-clock-unsure"
	// HostClockApart: it is on the way there. Args: host, apart, within, allowed.
	HostClockApart Code = "host-clock-apart"
	// OneClockWrong: the host's or that of kmsiso. Args: host, apart, within, allowed.
	OneClockWrong Code = "one-clock-wrong"
	// NoControllerClock: nothing but the clock of kmsiso is there to compare with. Args:
	// host, apart, within, allowed.
	NoControllerClock Code = "no-controller-clock"
)
