package reason

// What Group Policy does with the isolation. "gpo" is the name of a GPO, "gpo-id"
// its id where it has no name; "home" is the domain that the GPO is in.
const (
	// GPOMissing: the isolation GPO is not there, which gpo-exists judges. Args: gpo, gpo-id.
	GPOMissing Code = "gpo-missing"
	// GPOMaybeHidden: it is not among the GPOs that may be read. Args: gpo, gpo-id, domain, hidden.
	GPOMaybeHidden Code = "gpo-maybe-hidden"
	// GPONotInBackup: a backup has other GPOs. Args: source, gpo, gpo-id, others, domain.
	GPONotInBackup Code = "gpo-not-in-backup"
	// NoIsolationInBackup: no GPO of a backup is of the isolation. Args: source, others, domain.
	NoIsolationInBackup Code = "no-isolation-in-backup"
	// GPONotInDomain: the declared GPO is not in the domain. Args: gpo, gpo-id, domain.
	GPONotInDomain Code = "gpo-not-in-domain"
	// NoIsolationInDomain: no GPO of the domain is of the isolation. Args: domain.
	NoIsolationInDomain Code = "no-isolation-in-domain"

	// GPOUnread: the GPO itself could not be read. Args: gpo-id, home, source, why.
	GPOUnread Code = "gpo-unread"
	// ComputerHalfOff: the computer settings of the GPO are disabled. Args: gpo, home, flags;
	// none where the GPO is named beside, as of the three below.
	ComputerHalfOff Code = "computer-half-off"
	// FunctionalityMissing: the GPO does not tell its version of the format. Args: gpo, gpo-id, home, source.
	FunctionalityMissing Code = "functionality-version-missing"
	// FunctionalityOther: Windows takes no GPO of that version of the format. Args: gpo, home, version.
	FunctionalityOther Code = "functionality-version-other"
	// ExtensionsUnreadable: the list of extensions cannot be read. Args: gpo, gpo-id, home, source, why.
	ExtensionsUnreadable Code = "extensions-unreadable"
	// ExtensionMissing: Windows does not carry out the settings. Args: gpo, home, why.
	ExtensionMissing Code = "extension-missing"
	// VersionsZero: Windows takes the GPO for empty. Args: gpo, home.
	VersionsZero Code = "gpo-versions-zero"
	// NoFirewallSettings: the GPO has settings, and none of these. Args: gpo, home.
	NoFirewallSettings Code = "no-firewall-settings"
	// GPOEmpty: the GPO has no settings. Args: gpo, home.
	GPOEmpty Code = "gpo-empty"
	// SettingsUnread: the settings could not be read. Args: gpo, gpo-id, home, source, why.
	SettingsUnread Code = "gpo-settings-unread"
	// SettingsDamaged: the settings are not there, or no Windows can read them. Args: gpo, home, why.
	SettingsDamaged Code = "gpo-settings-damaged"

	// LinkedNowhere: no link leads to the GPO. Args: gpo, gpo-id, name, home, dn.
	LinkedNowhere Code = "gpo-linked-nowhere"
	// NoEnabledLink: all links to the GPO are disabled. Args: gpo, gpo-id, name, home, dn, links.
	NoEnabledLink Code = "no-enabled-link"
	// HostNotBelowLink: no link comes down to a KMS host. Args: host, account, why, name, home, dn.
	HostNotBelowLink Code = "host-not-below-link"
	// ComputersNotBelowLink: none comes down to a container. Args: count, container, why, name, home, dn.
	ComputersNotBelowLink Code = "computers-not-below-link"
	// MoreContainers: further such containers. Args: count.
	MoreContainers Code = "more-containers"
	// NoLinkAbove: no container above a machine has a link to the GPO.
	NoLinkAbove Code = "no-link-above"
	// UnreadDomain: a domain of the forest is not read. Args: domain, why.
	UnreadDomain Code = "unread-domain"
	// UndeclaredDomain: a domain has clients, and no GPO is declared for it. Args: domain, count.
	UndeclaredDomain Code = "undeclared-domain"
	// StaleLink: a link leads to no GPO that is seen. Args: container, gpo-id, domain.
	StaleLink Code = "stale-link"
)

// The copies of a GPO on the domain controllers, and in several domains.
const (
	// CopiesUnread: a domain controller was asked in vain. Args: server, why.
	CopiesUnread Code = "copies-unread"
	// CopyUnread: its copy of the GPO could not be read. Args: server, gpo, why.
	CopyUnread Code = "copy-unread"
	// CopyMissing: it does not have the GPO. Args: server, gpo.
	CopyMissing Code = "copy-missing"
	// CopyWithoutContainer: it has the files and no object. Args: server, gpo.
	CopyWithoutContainer Code = "copy-without-container"
	// CopyWithoutFile: it has the object and no gpt.ini. Args: server, gpo.
	CopyWithoutFile Code = "copy-without-gpt-ini"
	// HalvesDiffer: directory and SYSVOL have different versions. Args: gpo, directory, sysvol, and
	// server where one was asked.
	HalvesDiffer Code = "directory-and-sysvol-differ"
	// ControllersDiffer: two controllers have different versions. Args: gpo, server, version, other, other-version.
	ControllersDiffer Code = "controllers-differ"
	// SettingsDiffer: two controllers have different settings of one version. Args: gpo, server, other.
	SettingsDiffer Code = "sysvol-settings-differ"
	// NoControllerAsked: no controller was asked for its copy.
	NoControllerAsked Code = "no-controller-asked"
	// CopiesNotAsked: some controllers were not asked. Args: servers, and how many of how
	// many were asked (asked, total), which documents of earlier versions do not have.
	CopiesNotAsked Code = "copies-not-asked"

	// NoCopyInDomain: the domain has no isolation GPO to compare.
	NoCopyInDomain Code = "no-copy-in-domain"
	// NoOtherCopy: no other domain has a copy of the isolation.
	NoOtherCopy Code = "no-other-copy"
	// CopyLacksHost: a copy does not cover an address that another covers. Args: domain, address, other.
	CopyLacksHost Code = "copy-lacks-host"
	// CopyLacksExemption: a copy does not exempt what another does. Args: domain, peer, other.
	CopyLacksExemption Code = "copy-lacks-exemption"
	// CopyMayDiffer: a copy that was not read whole seems to differ. Args: why.
	CopyMayDiffer Code = "copy-may-differ"
)

// Which machines the isolation GPO comes to.
const (
	// NoClientsInDomain: the domain has no computer that the isolation is for.
	NoClientsInDomain Code = "no-clients-in-domain"
	// ComputersMissed: one thing keeps the isolation from computers. Args: names, more, why.
	ComputersMissed Code = "computers-missed"
	// CoverageLow: too few computers get the isolation. Args: covered, total, why.
	CoverageLow Code = "coverage-below-threshold"
	// CoverageUnsure: too few surely get it. Args: covered, total, why.
	CoverageUnsure Code = "coverage-unsure"
	// NotCovered: some computers do not get it. Args: why.
	NotCovered Code = "not-covered"
	// NoWindows: accounts that name no Windows. Args: names, more.
	NoWindows Code = "no-windows"
	// GPOKeptAway: why a GPO does not come to a machine, or may not. Args: gpo, why.
	GPOKeptAway Code = "gpo-kept-away"
	// NoIsolationSeen: no isolation GPO is seen, and not all can be seen. Args: why.
	NoIsolationSeen Code = "no-isolation-seen"
	// NoIsolationForClients: there is no isolation GPO for clients.
	NoIsolationForClients Code = "no-isolation-for-clients"
	// NotLinkedAbove: no link above the machine leads to the GPO. Args: gpo, account.
	NotLinkedAbove Code = "not-linked-above"

	// HostRefused: the GPO's permissions keep it from a KMS host. Args: host, why, gpo, home.
	HostRefused Code = "host-refused-by-permissions"
	// HostMaybeRefused: they may. Args: host, why, gpo, home.
	HostMaybeRefused Code = "host-permissions-unknown"
	// ComputersRefused: they keep it from computers, or may. Args: names, more, why, gpo, home.
	ComputersRefused Code = "computers-refused-by-permissions"
	// SomeRefused: some computers may not read or apply the GPO. Args: why.
	SomeRefused Code = "some-computers-refused"

	// ControllersBound: rules protect what domain controllers send to KMS hosts. Args: why.
	ControllersBound Code = "controllers-bound"
	// ControllerGetsGPO: controllers get the isolation. Args: kind, names, gpo.
	ControllerGetsGPO Code = "controller-gets-gpo"
	// ControllerRequires: some other rule binds controllers. Args: kind, names, rule.
	ControllerRequires Code = "controller-requires-ipsec"
	// ControllerMaybeGetsGPO: whether controllers get the isolation is not known. Args: kind, names, why.
	ControllerMaybeGetsGPO Code = "controller-may-get-gpo"
	// NoControllerAccounts: the directory shows no account of a controller.
	NoControllerAccounts Code = "no-controller-accounts"
	// NoDenyForControllers: the GPO does not deny itself to controllers. Args: gpo, missing.
	NoDenyForControllers Code = "no-deny-for-dcs"
	// ADBA: Active Directory-based activation is set up. Args: objects.
	ADBA Code = "adba"
	// ADBAUnknown: it is declared, and was not read. Args: why.
	ADBAUnknown Code = "adba-unknown"
	// ADBAMissing: it is declared, and not set up.
	ADBAMissing Code = "adba-missing"
	// ControllersNotActivated: nothing says how controllers activate. Args: domain, hosts.
	ControllersNotActivated Code = "controllers-not-activated"

	// LegacyInUse: Windows in use that knows no such rules. Args: machines.
	LegacyInUse Code = "legacy-in-use"
	// LegacyIdle: such Windows that nobody uses. Args: names.
	LegacyIdle Code = "legacy-idle"
)

// Why a GPO comes to a machine, does not, or may not.
const (
	// LinkDisabled: the link to the GPO is disabled, at a container, with the options of the
	// link ([MS-GPOL] 2.2.2).
	LinkDisabled Code = "disabled-link"
	// InheritanceBlocked: a container below the link blocks inheritance
	InheritanceBlocked Code = "blocked-inheritance"
	// SiteUnknown: the GPO is linked to a site, and the machine's is not known
	SiteUnknown Code = "unknown-site"
	// LinkOutOfForest: the link leads to another forest
	LinkOutOfForest Code = "link-out-of-forest"
	// LinkToUnread: the link leads to a domain that was not read
	LinkToUnread Code = "link-to-unread-domain"
	// LinkToLost: the link leads to a GPO that may be one of those that could not be read
	LinkToLost Code = "link-to-unread-gpo"
	// LinkToNothing: the link leads to no GPO that is seen
	LinkToNothing Code = "dangling-link"
	// ObjectUnread: the GPO's own object could not be read
	ObjectUnread Code = "unread-gpo-object"
	// NoExtensions: the GPO lists no extension
	NoExtensions Code = "no-extensions"
	// ExtensionAbsent: the registry extension is not listed
	ExtensionAbsent Code = "absent-extension"
	// ExtensionOutOfOrder: an extension before it is out of order
	ExtensionOutOfOrder Code = "extension-out-of-order"
	// SettingsNotRead: the settings of the GPO could not be read
	SettingsNotRead Code = "unread-settings"
	// WMIReference: the GPO's reference to a WMI filter cannot be read
	WMIReference Code = "unreadable-wmi-reference"
	// WMINotRead: the GPO's WMI filter was not read
	WMINotRead Code = "unread-wmi-filter"
	// WMINotThere: the GPO's WMI filter is not there; a note
	WMINotThere Code = "absent-wmi-filter"
	// WMINoList: what the WMI filter holds is no list of queries
	WMINoList Code = "unreadable-wmi-filter"
	// WMIRefused: WMI cannot evaluate the filter, which ends all processing
	WMIRefused Code = "refused-wmi-filter"
	// WMIOnUnknown: which Windows the machine runs is not known
	WMIOnUnknown Code = "wmi-filter-on-unknown-system"
	// WMIFalse: the WMI filter is false on the machine
	WMIFalse Code = "false-wmi-filter"
	// WMIUnsure: whether the WMI filter is true on the machine is not known
	WMIUnsure Code = "unsure-wmi-filter"
	// SystemAmbiguous: the account may be of one of several Windows
	SystemAmbiguous Code = "ambiguous-system"
)

// Why a machine may not read or apply a GPO.
const (
	// PermissionsUnread: the GPO's security descriptor was not read
	PermissionsUnread Code = "unread-descriptor"
	// DescriptorUnreadable: the GPO's security descriptor cannot be read
	DescriptorUnreadable Code = "unreadable-descriptor"
	// PermissionByGroup: the permission depends on a group, and whether the machine is in it is not known
	PermissionByGroup Code = "permission-by-group"
	// PermissionUnknown: whether the machine has the permission is not known
	PermissionUnknown Code = "unknown-permission"
	// PermissionDenied: the permission is denied to a group of the machine
	PermissionDenied Code = "denied-permission"
	// PermissionNotGranted: nothing grants the machine the permission
	PermissionNotGranted Code = "missing-permission"
	// RootDomainUnread: the root domain of the forest was not read
	RootDomainUnread Code = "unread-root-domain"
	// DomainNotRead: nothing of the domain was read
	DomainNotRead Code = "absent-domain"
	// DACLUnread: the descriptor was read without its DACL
	DACLUnread Code = "unread-dacl"
	// DACLNull: the DACL is NULL
	DACLNull Code = "null-dacl"
	// DACLSilent: no entry grants the right
	DACLSilent Code = "silent-dacl"
	// DACLOwner: the owner is granted the right
	DACLOwner Code = "owner-right"
	// DACLEmpty: the DACL has no entry
	DACLEmpty Code = "empty-dacl"
	// ACEUnknown: an entry of an unknown type leaves the right open
	ACEUnknown Code = "unknown-ace"
	// ACEConditionalGrant: an entry grants the right under a condition
	ACEConditionalGrant Code = "conditional-grant"
	// ACEConditionalDeny: an entry denies the right under a condition
	ACEConditionalDeny Code = "conditional-deny"
	// ACEGrants: an entry grants the right
	ACEGrants Code = "granting-ace"
	// ACEDenies: an entry denies the right
	ACEDenies Code = "denying-ace"
	// ACEOfPart: an entry is about reading a part of the object
	ACEOfPart Code = "partial-ace"
)
