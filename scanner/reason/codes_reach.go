package reason

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
