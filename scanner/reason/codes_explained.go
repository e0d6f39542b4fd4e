package reason

// What an end does with a packet, and by what.
const (
	// SenderClear: the sender sends in clear. Args: end, by.
	SenderClear Code = "sender-in-clear"
	// SenderTrying: the sender asks for IPsec and falls back to clear. Args: end, by.
	SenderTrying Code = "sender-asking-for-ipsec"
	// SenderSecured: the sender sends inside IPsec or not at all. Args: end, by.
	SenderSecured Code = "sender-inside-ipsec"
	// SenderSilent: the sender's firewall keeps the packet in. Args: end, by.
	SenderSilent Code = "silent-sender"
	// ReceiverSecured: the receiver takes what is inside IPsec. Args: end, by.
	ReceiverSecured Code = "receiver-inside-ipsec"
	// ReceiverBoth: the receiver takes it both ways. Args: end, by.
	ReceiverBoth Code = "receiver-of-both"
	// ReceiverClear: the receiver takes it in clear and agrees to no IPsec. Args: end, by.
	ReceiverClear Code = "receiver-in-clear"
	// ReceiverClosed: the receiver's firewall drops it in any case. Args: end, by.
	ReceiverClosed Code = "closed-receiver"
	// EndUndecided: what the end does cannot be told. Args: end, by.
	EndUndecided Code = "undecided-end"
	// EndDoubtful: an end may have been told something else. Args: why.
	EndDoubtful Code = "doubtful-end"
	// DecidedByRule: one rule decides. Args: rule, source.
	DecidedByRule Code = "deciding-rule"
	// MoreReasons: reasons that are not told again. Args: n.
	MoreReasons Code = "more-reasons"
)

// What comes of both ends together.
const (
	// EndsDisagree: the ends want IPsec and have no way in common. Args: why.
	EndsDisagree Code = "disagreeing-ends"
	// AgreementUnknown: whether the ends agree on IPsec cannot be told. Args: why.
	AgreementUnknown Code = "unknown-agreement"
	// FirewallMayDrop: what the receiver's firewall does is not known. Args: end, why.
	FirewallMayDrop Code = "firewall-may-drop"
	// OrderUndocumented: which rule of the receiver comes first is not documented.
	// Args: end.
	OrderUndocumented Code = "undocumented-order-at-receiver"
)

// What is told of an end, beside what it does.
const (
	// PartUnreadable: a part of what it was told cannot be read. Args: why.
	PartUnreadable Code = "unreadable-part"
	// BehindNAT: an end that negotiates from behind NAT
	BehindNAT Code = "end-behind-nat"
	// GPONotAbove: a declared GPO is not linked where the machine is. Args: container.
	GPONotAbove Code = "gpo-not-linked-here"
	// GPONotDeclaredFor: a GPO of the source is not declared for the end. Args: role.
	GPONotDeclaredFor Code = "gpo-not-declared-for"
	// RuleForOtherHost: a rule names the address of another KMS host. Args: host,
	// address.
	RuleForOtherHost Code = "rule-for-other-host"
	// RuleIsFor: what a rule is for that is not for the packet. Args: one, two, which
	// are ranges, and one-more and two-more, which count those left out; an endpoint
	// that is any is not there.
	RuleIsFor Code = "endpoints-of-rule"
)

// What a difference of two states does not take in.
const (
	// EndLeftOut: nothing is known of an end in either state. Args: name, why.
	EndLeftOut Code = "left-out-end"
	// HostLeftOut: a host without an address. Args: name.
	HostLeftOut Code = "left-out-host"
	// StateUnread: a forest could not be read in one state. Args: state, forest, why.
	StateUnread Code = "unread-state"
	// StatesUnlike: the two sources are not of one kind. Args: old, new.
	StatesUnlike Code = "unlike-states"
	// ComputersInOneState: computers that the other state does not have. Args: n, state.
	ComputersInOneState Code = "computers-in-one-state"
	// AddressesUnasked: not all addresses at which rules begin or end were asked
	// about. Args: most.
	AddressesUnasked Code = "unasked-addresses"
)

// Why a question cannot be answered.
const (
	// NoDirectoryRead: none of the declared directories could be read. Args: why.
	NoDirectoryRead Code = "no-directory-read"
	// HostsUnknown: nothing is known of any KMS host in two states. Args: why.
	HostsUnknown Code = "hosts-unknown-in-both-states"
	// NameUnknown: nobody has the name. Args: near, which was perhaps meant, or
	// names, and more where there are others.
	NameUnknown Code = "unknown-name"
	// NameUndeclared: nobody in the policy has the name, and the computers of the
	// directory are not known. Args: why, and those of NameUnknown.
	NameUndeclared Code = "undeclared-name"
)
