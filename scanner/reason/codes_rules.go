package reason

// What the rules of an end come to. In all of them "at" is the end with the packet,
// "by" what decides: a rule, or why none does. A policy store, a rule and such are
// arguments for what mends it.
const (
	// EndUnknown: what the end is told is not known, which rule-present says. Args: why.
	EndUnknown Code = "end-unknown"
	// ToldOtherwise: an end may have been told something else. Args: ends, why.
	ToldOtherwise Code = "told-otherwise"
	// ToldUnreadable: an end has been told what cannot be read. Args: ends, why.
	ToldUnreadable Code = "told-unreadable"
	// NothingProtects: no rule protects the end. No arguments.
	NothingProtects Code = "nothing-protects"
	// NoRuleForHosts: no rule of a client covers the KMS hosts. No arguments.
	NoRuleForHosts Code = "no-rule-for-hosts"
	// NoRuleInAnyProfile: no rule covers a host, in any profile. No arguments.
	NoRuleInAnyProfile Code = "no-rule-in-any-profile"
	// PacketUnknown: what the rules do with a packet cannot be told. Args: at, why.
	PacketUnknown Code = "packet-unknown"

	// NotProtected: a packet is not protected. Args: at, why, store, rule, side, hosts.
	NotProtected Code = "not-protected"
	// MayGoInClear: a client's packet may be exempt. Args: at, why.
	MayGoInClear Code = "may-go-in-clear"
	// GoesInClear: a client's packet is exempt. Args: at, why, store, rule, side, hosts.
	GoesInClear Code = "goes-in-clear"
	// DroppedByClient: the client's own firewall drops it. Args: at, why, store, rule,
	// side, hosts.
	DroppedByClient Code = "dropped-by-client"
	// NoIsolationGPO: no GPO carries the isolation. No arguments.
	NoIsolationGPO Code = "no-isolation-gpo"
	// GPOComesToNone: a GPO comes to no machine. Args: gpo, why.
	GPOComesToNone Code = "gpo-comes-to-none"
	// GPODoesNotCome: a GPO does not come to the machine. Args: gpo, why.
	GPODoesNotCome Code = "gpo-does-not-come"

	// OnlyRequested: a rule asks strangers for protection and does not require it.
	// Args: at, by, store, rule.
	OnlyRequested Code = "only-requested"
	// RequiredOutbound: the host requires protection of what it sends. Args: at, by,
	// store, rule.
	RequiredOutbound Code = "required-outbound"

	// AcceptsAnonymous: a rule accepts everybody. Args: at, by, method, store, rule.
	AcceptsAnonymous Code = "accepts-anonymous"
	// AcceptsPresharedKey: a rule accepts a preshared key. Args: at, by, method, store,
	// rule.
	AcceptsPresharedKey Code = "accepts-preshared-key"
	// AcceptsNTLM: a rule accepts NTLM. Args: at, by, method, store, rule.
	AcceptsNTLM Code = "accepts-ntlm"
	// NoComputerKerberos: a rule does not accept computer Kerberos. Args: at, by,
	// methods, store, rule.
	NoComputerKerberos Code = "no-computer-kerberos"
	// IKEv2Only: a rule negotiates by IKEv2 only. Args: at, by, store, rule.
	IKEv2Only Code = "ikev2-only"
	// MainModeOwnMethods: a main mode rule has its own authentication set. Args: at, rule.
	MainModeOwnMethods Code = "main-mode-own-methods"
	// OtherAuthentication: a rule accepts certificates. A finding. Args: by, method.
	OtherAuthentication Code = "other-authentication"
	// UserAuthentication: a rule requires to authenticate a user. A finding. Args: by,
	// methods.
	UserAuthentication Code = "user-authentication"
	// AuthorisedComputers: a rule lets in certain computers. A finding. Args: end, by,
	// sddl.
	AuthorisedComputers Code = "authorised-computers"

	// AsleepInDomain: no rule is awake in the Domain profile. Args: at, by, profiles,
	// store, rule.
	AsleepInDomain Code = "asleep-in-domain-profile"
	// UnknownInDomain: what holds in the Domain profile cannot be told. Args: at, why.
	UnknownInDomain Code = "unknown-in-domain-profile"
	// OpenWhileAsleep: a port is open in a profile where the rule sleeps. Args: at, by,
	// profile, port, store, and rule where one opens it.
	OpenWhileAsleep Code = "open-while-asleep"
	// FailsOpen: as OpenWhileAsleep. A finding. Args: end, by, profile, port, store, and
	// rule where one opens it.
	FailsOpen Code = "fails-open"
	// OwnRulesDecide: whether a port is open while the rule sleeps is for the machine's
	// own rules to say. Args: profiles, port.
	OwnRulesDecide Code = "own-rules-decide"

	// AcceptsNoEncap: a rule accepts AUTH_NO_ENCAP. Args: at, by, store, rule.
	AcceptsNoEncap Code = "accepts-no-encap"
	// AcceptsNoESP: a rule accepts AH only. Args: at, by, store, rule.
	AcceptsNoESP Code = "accepts-no-esp"
	// WeakCrypto: a rule accepts weak algorithms. A finding. Args: by, algorithms, store,
	// rule.
	WeakCrypto Code = "weak-crypto"
	// MainModesDiffer: two ends have no main mode proposal in common. Args: at, why, store.
	MainModesDiffer Code = "main-modes-differ"
	// MainModesMayDiffer: whether they have one is not known. Args: at, why.
	MainModesMayDiffer Code = "main-modes-may-differ"
	// QuickModesDiffer: two ends have no quick mode proposal in common. Args: at, one,
	// by, other, other-by.
	QuickModesDiffer Code = "quick-modes-differ"
	// MethodsDiffer: two ends have no way to authenticate in common. Args: at, one, by,
	// other, other-by.
	MethodsDiffer Code = "methods-differ"

	// ForeignExemption: a rule that is not the isolation's exempts a packet. Args: at,
	// by, gpo, store, rule.
	ForeignExemption Code = "foreign-exemption"
	// BlockedForMembers: a GPO's firewall rule blocks members too. Args: at, by, gpo,
	// store, rule.
	BlockedForMembers Code = "blocked-for-members"
	// LostRule: a rule of the isolation is deleted. Args: at, why, by, directive, domain.
	LostRule Code = "lost-rule"
	// RuleRemoved: a rule of another GPO is deleted. A finding. Args: end, why.
	RuleRemoved Code = "rule-removed"
	// RuleReplaced: a rule of the isolation is replaced. A finding. Args: end, why.
	RuleReplaced Code = "rule-replaced"
	// LocalMerge: administrators of the machine may add rules. A finding. Args: end,
	// store, and gpo and value where a GPO sets it.
	LocalMerge Code = "local-merge"
)

// What an end has been told, beside a verdict.
const (
	// ToldRule: what a rule of an end asks for. Args: end, verdict, by.
	ToldRule Code = "told-rule"
	// ToldRuleAtRequest: as ToldRule, at the stage request. Args: end, verdict, by.
	ToldRuleAtRequest Code = "told-rule-at-stage-request"
	// ToldForm: how the rules compare with the paper's one rule. Args: end, form:
	// weaker, request, equivalent or paper.
	ToldForm Code = "told-form"
	// ToldMethods: how an end authenticates. Args: end, by, methods.
	ToldMethods Code = "told-methods"
	// ToldProfiles: in which profiles the rule is awake. Args: end, profiles.
	ToldProfiles Code = "told-profiles"
	// ToldClosed: in the other profiles the rule is awake, or the port closed. Args: end.
	ToldClosed Code = "told-closed"
	// ToldProposals: the quick mode proposals of a rule. Args: end, by, proposals.
	ToldProposals Code = "told-proposals"
	// ToldGPOs: the GPOs of the rules. Args: end, gpos.
	ToldGPOs Code = "told-gpos"
	// ToldRanges: how much the rules exempt. Args: end, ipv4, ipv6.
	ToldRanges Code = "told-ranges"
	// ToldNAT: what an end is told of IPsec through NAT. Args: end, and gpo and value
	// where it is set.
	ToldNAT Code = "told-nat"
	// NATNever: a GPO has a host negotiate with nobody behind NAT. A finding. Args: end, gpo.
	NATNever Code = "nat-never"

	// ConductUnknown: what is configured for a flow is not known. Args: why.
	ConductUnknown Code = "conduct-unknown"
	// ConductApplied: what the host's own registry says. Args: why.
	ConductApplied Code = "conduct-applied"
	// ConductBy: what an end does with a packet, and by which rule. Args: verdict, end,
	// from, by; firewall where it drops it, doubt where it may be told otherwise.
	ConductBy Code = "conduct-by-rule"
	// ConductWithout: what an end does that is told nothing. Args: verdict, end, from,
	// why, firewall, doubt.
	ConductWithout Code = "conduct-without-rule"
	// ConductNotRead: what an end is told is not known. Args: end, from, why, firewall,
	// doubt.
	ConductNotRead Code = "conduct-not-read"
)

// What the rules exempt. "by" is the rule; store, rule and declared are for what
// mends it.
const (
	// IsolationElsewhere: the isolation does not come to the host. No arguments.
	IsolationElsewhere Code = "isolation-elsewhere"
	// MayNotExempt: a declared exemption may not be there. Args: at, network.
	MayNotExempt Code = "may-not-exempt"
	// DoesNotExempt: no rule exempts a declared network. Args: at, network, store, hosts,
	// and missing, which are all such networks.
	DoesNotExempt Code = "does-not-exempt"
	// ExemptsKeyword: a rule exempts what each machine finds out for itself. Args: at,
	// by, keyword.
	ExemptsKeyword Code = "exempts-keyword"
	// ExemptsEverybody: a rule names no peer. Args: at, by.
	ExemptsEverybody Code = "exempts-everybody"
	// ExemptsAllAtHost: a rule exempts everybody at a KMS host. Args: at, by, host,
	// addresses.
	ExemptsAllAtHost Code = "exempts-everybody-at-host"
	// ExemptsHost: a rule exempts another KMS host. Args: at, by, range, host, address.
	ExemptsHost Code = "exempts-host"
	// ExemptsVantage: a rule exempts an outsider or a member. Args: at, by, range, role,
	// vantage, address.
	ExemptsVantage Code = "exempts-vantage"
	// ExemptsUndeclared: a rule exempts more than is declared. Args: at, by, range, ranges.
	ExemptsUndeclared Code = "exempts-undeclared"
	// ExemptsExpired: an expired exemption is still there. Args: at, exemption, ended,
	// owner, store.
	ExemptsExpired Code = "exempts-expired"
	// RuleExemptsICMP: a rule exempts ICMP. A finding. Args: end, by.
	RuleExemptsICMP Code = "icmp-exempt"
	// ExemptionAny: an exemption has an endpoint that is any. A finding. Args: by.
	ExemptionAny Code = "exemption-any"
	// ExemptionExpired: a declared exemption has ended. A finding. Args: exemption,
	// ended, owner.
	ExemptionExpired Code = "exemption-expired"
	// ExemptionUnowned: nobody answers for a declared exemption. A finding. Args:
	// exemption, lacks.
	ExemptionUnowned Code = "exemption-unowned"
)

// What is configured, as the checks of a directory and of a registry say it.
const (
	// ClientsPermitted: how many clients may read and apply a GPO. Args: count, total.
	ClientsPermitted Code = "clients-permitted"
	// GPOsThere: the GPOs that carry the isolation. Args: gpos.
	GPOsThere Code = "gpos-there"
	// RulesAsTold: a machine has applied what the directory tells it today.
	RulesAsTold Code = "rules-as-told"
	// LinkedAt: where a GPO is linked. Args: links, none for nowhere.
	LinkedAt Code = "linked-at"
	// LegacyCounted: computers too old for the rules. Args: used, idle.
	LegacyCounted Code = "legacy-counted"
	// ComputersCovered: how many computers get the isolation. Args: count, total, left.
	ComputersCovered Code = "computers-covered"
	// AppliedBy: rules that a machine has applied do as they should. Args: rules.
	AppliedBy Code = "applied-by"
	// StoreNotShown: the machine's own rules are not known. Args: why, none where its
	// registry shows no setting.
	StoreNotShown Code = "store-not-shown"
	// ICMPLikeTheRest: no setting exempts ICMP.
	ICMPLikeTheRest Code = "icmp-like-the-rest"
	// CopyCovers: what the GPO of a domain covers. Args: hosts, exempt.
	CopyCovers Code = "copy-covers"
	// NoTrust: there is no trust.
	NoTrust Code = "no-trust"
	// TrustThere: a trust of a forest. Args: forest, direction, attributes.
	TrustThere Code = "trust-there"
	// TrustThereSelective: a selective trust, with the right on the hosts. Args: forest,
	// direction, attributes.
	TrustThereSelective Code = "trust-there-selective"
	// ControllersAsked: the domain controllers that were asked. Args: servers.
	ControllersAsked Code = "controllers-asked"
	// ControllersNotBelow: no link is above domain controllers. Args: names, container.
	ControllersNotBelow Code = "controllers-not-below"
	// ControllersSpared: domain controllers do not get a GPO. Args: names, why.
	ControllersSpared Code = "controllers-spared"
	// ControllersUnbound: domain controllers get a GPO that has no rule for them.
	// Args: names.
	ControllersUnbound Code = "controllers-unbound"
	// ActivationDeclared: the policy says how domain controllers activate. Args: words.
	ActivationDeclared Code = "activation-declared"
	// ControllersExempt: the domain controllers are exempt.
	ControllersExempt Code = "controllers-exempt"
	// ActivationByDirectory: the directory activates machines. Args: objects.
	ActivationByDirectory Code = "activation-by-directory"
	// AccountTypes: an account and its encryption types. Args: account, types.
	AccountTypes Code = "account-types"
	// GPOUnfiltered: a GPO has no WMI filter. Args: gpo.
	GPOUnfiltered Code = "gpo-unfiltered"
	// GPOFiltered: a GPO has a WMI filter. Args: gpo, filter where it was found.
	GPOFiltered Code = "gpo-filtered"
)

// What kmsiso did not do.
const (
	// IsolatedFromController: a KMS host lets nobody in who is no member. Args: why.
	IsolatedFromController Code = "isolated-from-controller"
	// CheckUnlisted: a check broke before it said what it needs. Args: part.
	CheckUnlisted Code = "check-unlisted"
	// StoppedBefore: the run was stopped before a cell was decided.
	StoppedBefore Code = "stopped-before"
)
