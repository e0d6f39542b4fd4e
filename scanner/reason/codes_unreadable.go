package reason

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
