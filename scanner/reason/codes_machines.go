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

// What is wrong with a WMI filter, or worth knowing of it. Args: filter, the name
// of the filter, and right-query, one that is right. "ordinal" is the place of a
// query in the filter, from 1, and "words" the beginning of its text.
const (
	// FilterCurlyQuotes: a query has typographic quotes. Args: filter, ordinal, words, right-query.
	FilterCurlyQuotes Code = "wmi-curly-quotes"
	// FilterNotUnderstood: what a query does is not known. Args: filter, ordinal, words, why, right-query.
	FilterNotUnderstood Code = "wmi-not-understood"
	// FilterVersionOrder: versions are compared as text. Args: filter, lost, gained, right-query.
	FilterVersionOrder Code = "wmi-version-order"
	// FilterBuildOrder: build numbers are compared as text. Args: filter, lost, gained, right-query.
	FilterBuildOrder Code = "wmi-build-order"
	// FilterPrecedence: AND binds tighter than OR. Args: filter, ordinal, words, gained, right-query.
	FilterPrecedence Code = "wmi-precedence"
	// FilterControllers: it lets domain controllers through. Args: filter, gained, right-query.
	FilterControllers Code = "wmi-domain-controllers"
	// FilterExcluded: it keeps out clients or member servers. Args: filter, lost, right-query.
	FilterExcluded Code = "wmi-excluded"
	// WindowsOfRole: some versions of Windows in one role, in ranges. Args: role, first, last.
	WindowsOfRole Code = "windows-of-role"
	// WindowsOfEveryRole: all that have connection security rules. Args: role.
	WindowsOfEveryRole Code = "all-windows-of-role"
)

// Why it is not known whether a WMI filter is true.
const (
	// QueryOfFilter: the query of a filter that something is about. Args: ordinal, why.
	QueryOfFilter Code = "wmi-query"
	// PropertyUnknown: what a property of a Windows is, is not known. Args: property, windows.
	PropertyUnknown Code = "wmi-property-unknown"
	// PropertyAmbiguous: it is one of several. Args: property, windows, values.
	PropertyAmbiguous Code = "wmi-property-ambiguous"
	// NumberAgainstText: a number and a string may be compared in two ways. Args: property, comparison.
	NumberAgainstText Code = "wmi-number-against-text"
	// CaptionUnknown: the caption has more in it than the release. Args: windows, comparison.
	CaptionUnknown Code = "wmi-caption-unknown"
)

// Why the query of a WMI filter is refused, or not understood. Args: offset, in octets.
const (
	// CurlyQuotes: typographic quotes stand where WQL wants straight ones. Args: offset.
	CurlyQuotes Code = "wql-curly-quotes"
	// QueryNotUnderstood: something in a query is not known here. Args: offset, why.
	QueryNotUnderstood Code = "wql-not-understood"
	// WQLKeyword: a keyword or sign is missing. Args: found, want.
	WQLKeyword Code = "wql-keyword-missing"
	// WQLNoProperty: a property is missing. Args: found.
	WQLNoProperty Code = "wql-property-missing"
	// WQLNoComparison: an operator is missing. Args: found.
	WQLNoComparison Code = "wql-comparison-missing"
	// WQLNoConstant: a constant is missing. Args: found.
	WQLNoConstant Code = "wql-constant-missing"
	// WQLTrailing: something stands after the query. Args: found.
	WQLTrailing Code = "wql-trailing"
	// WQLClass: it asks for another class. Args: found.
	WQLClass Code = "wql-class"
	// WQLProperty: the class has no such property. Args: found, class.
	WQLProperty Code = "wql-property"
	// WQLNotLike: NOT stands before LIKE. It has no argument.
	WQLNotLike Code = "wql-not-like"
	// WQLDeep: it is nested too deep. Args: most.
	WQLDeep Code = "wql-too-deep"
	// WQLLanguage: it is in another language. Args: language.
	WQLLanguage Code = "wql-language"
	// WQLNamespace: it is in another namespace. Args: namespace, want.
	WQLNamespace Code = "wql-namespace"
	// WQLCharacter: a character that is in no query. Args: character, point.
	WQLCharacter Code = "wql-character"
	// WQLBackslash: a backslash escapes what it cannot. It has no argument.
	WQLBackslash Code = "wql-backslash"
	// WQLOpenQuote: a quote is not closed. Args: quote.
	WQLOpenQuote Code = "wql-open-quote"
	// WQLNumber: a number is none. Args: found.
	WQLNumber Code = "wql-number"
	// WQLLike: LIKE has no usable constant. Args: comparison.
	WQLLike Code = "wql-like-constant"
	// WQLPattern: a part of a pattern of LIKE is not documented. Args: comparison, part.
	WQLPattern Code = "wql-pattern"
	// WQLNumberPattern: a pattern stands against a number. Args: comparison.
	WQLNumberPattern Code = "wql-pattern-for-number"
	// WQLConstant: what WMI makes of a constant is not documented. Args: comparison, type.
	WQLConstant Code = "wql-constant"
	// WQLBooleanOrder: a Boolean has no order. Args: comparison.
	WQLBooleanOrder Code = "wql-boolean-order"
	// WQLBoolean: a constant is no Boolean. Args: comparison.
	WQLBoolean Code = "wql-boolean"
	// WQLType: comparisons of a property are not known here. Args: comparison.
	WQLType Code = "wql-type"
)

// What is wrong with msWMI-Parm2, which holds the queries of a WMI filter. Args:
// offset, in UTF-16 code units; field, which is count, language, namespace or text,
// and ordinal, of the query that it is of.
const (
	// Parm2Long: it is longer than what is read. Args: octets, most.
	Parm2Long Code = "parm2-too-long"
	// Parm2Encoding: it is not UTF-8. It has no argument.
	Parm2Encoding Code = "parm2-not-utf-8"
	// Parm2Trailing: something follows the last query. Args: offset, found, count.
	Parm2Trailing Code = "parm2-trailing"
	// Parm2Missing: a number is missing. Args: offset, field, ordinal, found.
	Parm2Missing Code = "parm2-number-missing"
	// Parm2Number: a number is none. Args: offset, field, ordinal, found.
	Parm2Number Code = "parm2-not-a-number"
	// Parm2Range: a number is too small or too large. Args: offset, field, ordinal, found, least, most.
	Parm2Range Code = "parm2-number-out-of-range"
	// Parm2Short: a field is shorter than said. Args: offset, field, ordinal, length, left.
	Parm2Short Code = "parm2-field-short"
	// Parm2Length: a field is longer than said. Args: offset, field, ordinal, length, found.
	Parm2Length Code = "parm2-field-long"
)
