package reason

// Why nothing of Group Policy comes to an end, or it is not known what does.
const (
	// MemberOfNothing: a machine that is a member of no domain
	MemberOfNothing Code = "member-of-nothing"
	// DeclaredStranger: the policy says that it is no member
	DeclaredStranger Code = "declared-stranger"
	// NoPolicyComes: a machine in an exemption, which gets no Group Policy
	NoPolicyComes Code = "no-group-policy"
	// NoAccountFound: an exempt machine of which no account was found
	NoAccountFound Code = "no-account-found"
	// MemberWithoutAccount: a declared member has no account in what was read
	MemberWithoutAccount Code = "member-without-account"
	// NameWithoutAccount: no account has the name
	NameWithoutAccount Code = "name-without-account"
	// NoClientKnown: no client can be named
	NoClientKnown Code = "no-client-known"
	// NoIsolationRead: no domain that was read has a declared isolation
	NoIsolationRead Code = "no-isolation-read"
)

// What is taken for granted of an end.
const (
	// TakenForExport: taken to be the machine of an export
	TakenForExport Code = "taken-for-export"
	// TakenAsDeclared: taken to get what the policy declares
	TakenAsDeclared Code = "taken-as-declared"
	// TakenForOneSuch: taken for one of several alike
	TakenForOneSuch Code = "taken-for-one-such"
	// TakenForExempt: taken for a machine in an exemption
	TakenForExempt Code = "taken-for-exempt"
	// TakenForExemptVantage: taken to get no Group Policy
	TakenForExemptVantage Code = "taken-for-exempt-vantage"
)

// Why two ends that want IPsec do not agree, or why that is not known.
const (
	// IKEv2Certificates: an end negotiates by IKEv2 only, and no certificate is accepted
	IKEv2Certificates Code = "ikev2-without-certificate"
	// MethodsDisagree: the ends have no method of authentication in common
	MethodsDisagree Code = "no-shared-authentication"
	// MethodsNotInRules: whether the shared methods come about is not in the rules
	MethodsNotInRules Code = "authentication-outside-rules"
	// UserMethodsDisagree: the ends have no method for the user in common
	UserMethodsDisagree Code = "no-shared-user-authentication"
	// UserNeeded: a user has to authenticate as well
	UserNeeded Code = "user-needed"
	// ProposalsDisagree: the ends have no quick mode proposal in common
	ProposalsDisagree Code = "no-shared-proposal"
	// EncryptionDemanded: a firewall rule lets through only what is encrypted
	EncryptionDemanded Code = "demanded-encryption"
	// PeersLimited: an end communicates with certain peers only
	PeersLimited Code = "limited-peers"
	// NoDirectoryOfTrusts: no directory was read that tells of trusts
	NoDirectoryOfTrusts Code = "no-directory-of-trusts"
	// TrustUnknown: whether a domain trusts another is not known
	TrustUnknown Code = "unknown-trust"
	// TrustUnread: the trusts could not be read
	TrustUnread Code = "unread-trust"
	// TrustSelective: the trust is selective
	TrustSelective Code = "selective-trust"
)

// Why nothing is known of an address.
const (
	// AddressOfNobody: nothing tells whose address it is
	AddressOfNobody Code = "address-of-nobody"
	// NameOfNobody: nothing tells who has the name
	NameOfNobody Code = "name-of-nobody"
)

// Why what Group Policy gives a machine may be another thing than is known.
const (
	// GPODoubtful: whether a GPO comes to the machine, or what it says, is not known
	GPODoubtful Code = "doubtful-gpo"
	// RegistryDoubtful: what was read of the machine's own registry may not be all
	RegistryDoubtful Code = "doubtful-registry"
	// GPOEndsAll: the WMI filter of a GPO ends all processing
	GPOEndsAll Code = "processing-ended"
	// LinksNotRead: what is linked where could not all be read
	LinksNotRead Code = "unread-links"
)

// Why something of a machine or a domain is not known.
const (
	// NotReadInRun: the forest was not read
	NotReadInRun Code = "not-read-in-run"
	// NoDirectoryOfDomain: none of the declared directories has the domain
	NoDirectoryOfDomain Code = "no-directory-of-domain"
	// HostNoAddress: the host has no address
	HostNoAddress Code = "host-without-address"
	// NameUnclear: several computers have the host's name
	NameUnclear Code = "unclear-account"
	// AccountsAlike: several computers have one name
	AccountsAlike Code = "accounts-alike"
	// HostWithoutRules: the host's system has no such rules
	HostWithoutRules Code = "host-without-rules"
	// SystemLegacy: a Windows older than connection security rules
	SystemLegacy Code = "legacy-system"
	// SystemOther: the account names another system than Windows
	SystemOther Code = "other-system"
	// ExportOfOthers: no export is known to be of the host
	ExportOfOthers Code = "export-of-others"
	// NoGPOForHosts: no isolation GPO is for hosts
	NoGPOForHosts Code = "no-gpo-for-hosts"
	// NoGPOForClients: no GPO is declared for clients
	NoGPOForClients Code = "no-gpo-for-clients"
	// HostInUnread: the host has no account in what was read, and its domain was not read
	HostInUnread Code = "host-in-unread-domain"
	// HostOutside: the host has no account, and no declared directory is of its domain
	HostOutside Code = "host-outside-directories"
	// HostWithoutAccount: the host has no computer account
	HostWithoutAccount Code = "host-without-account"
	// ExportSilentOnClients: an export of a host says nothing of the clients
	ExportSilentOnClients Code = "export-silent-on-clients"
	// NoIsolatedClients: no client of the domain gets the isolation
	NoIsolatedClients Code = "no-isolated-client"
)

// What keeps computers of one forest from authenticating in another by Kerberos.
const (
	// TrustMissing: there is no trust
	TrustMissing Code = "missing-trust"
	// TrustDisabled: the trust is disabled
	TrustDisabled Code = "disabled-trust"
	// TrustReversed: the trust goes the other way only
	TrustReversed Code = "reversed-trust"
	// TrustNotTransitive: the trust is no forest trust
	TrustNotTransitive Code = "external-trust"
	// TrustOneSided: the other side knows of no trust
	TrustOneSided Code = "one-sided-trust"
	// TrustSidesDiffer: the other side has another direction
	TrustSidesDiffer Code = "differing-trust"
)

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
