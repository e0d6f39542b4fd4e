package reason

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
