package gpo

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var reach = []entry.Entry{
	{
		Code:  reason.LinkDisabled,
		Text:  "its link at {container} is disabled",
		Means: "A disabled link brings the GPO to no machine below it. Enable it, or see that another link does.",
	},
	{
		Code:  reason.InheritanceBlocked,
		Text:  "it is linked at {container} and not enforced, and {by} blocks inheritance",
		Means: "Where a container blocks inheritance, only enforced links from above come through.",
	},
	{
		Code:  reason.SiteUnknown,
		Text:  "it is linked to site {site}, and the machine's site is not known",
		Means: "A machine gets the GPOs of the site that its address belongs to. The address, or its subnet, is not known.",
	},
	{
		Code:  reason.LinkOutOfForest,
		Text:  "the link at {container} leads to another forest ({domain}), which Windows does not provide for",
		Means: "What Windows makes of such a link is not documented.",
	},
	{
		Code:  reason.LinkToUnread,
		Text:  "the link at {container} leads to domain {domain}, which was not read",
		Means: "Declare a domain controller of that domain, and what the GPO says is known.",
	},
	{
		Code:  reason.LinkToLost,
		Text:  "the link at {container} leads to {gpo}, and the GPOs of {domain} could not all be read: {why}",
		Means: "Read the directory with an account that may see all GPOs.",
	},
	{
		Code:  reason.LinkToNothing,
		Text:  "the link at {container} leads to {gpo}, and there is no such GPO that the reader may see",
		Means: "The GPO was deleted and its link was left, or the reader may not see it.",
	},
	{
		Code:  reason.ObjectUnread,
		Text:  "what it is could not be read: {why}",
		Means: "Whether the GPO has a say is not known. Read the directory with an account that may see it.",
	},
	{
		Code:  reason.NoExtensions,
		Text:  "no extension is listed",
		Means: "Windows carries out what the listed extensions are for, so nothing of this GPO.",
	},
	{
		Code:  reason.ExtensionAbsent,
		Text:  "{extension} is not listed",
		Means: "Windows does not read Registry.pol of this GPO. Edit the GPO with its own tools, which list the extension.",
	},
	{
		Code:  reason.ExtensionOutOfOrder,
		Text:  "{extension} is listed behind {before}, out of order, and Windows stops there",
		Means: "Windows expects the extensions in ascending order and stops at the first that is not ([MS-GPOL] 2.2.4).",
	},
	{
		Code:  reason.SettingsNotRead,
		Text:  "it applies, but its settings could not be read: {why}",
		Means: "What the GPO says is not known. Give the reader access to SYSVOL.",
	},
	{
		Code:  reason.WMIReference,
		Text:  "its reference to a WMI filter cannot be read: {why}",
		Means: "Which filter the GPO has is not known, so neither is to whom it comes.",
	},
	{
		Code:  reason.WMINotRead,
		Text:  "it has a WMI filter, which is not known: {why}",
		Means: "What the filter asks is not known, so neither is to whom the GPO comes.",
	},
	{
		Code:  reason.WMINotThere,
		Text:  "its WMI filter {filter-id} is not there or not readable: Windows skips the evaluation and applies the GPO",
		Means: "The GPO comes to machines that the filter was to keep out ([MS-GPOL] 3.2.5.1.7).",
	},
	{
		Code:  reason.WMINoList,
		Text:  "its WMI filter {filter|q} cannot be read: {why}",
		Means: "The layout is not documented. Save the filter anew in GPMC.",
	},
	{
		Code:  reason.WMIRefused,
		Text:  "WMI cannot evaluate its filter {filter|q}: {why}",
		Means: "An error of the evaluation ends the processing of Group Policy ([MS-GPOL] 3.2.5.1.7): no later GPO comes to the machine either.",
	},
	{
		Code:  reason.WMIOnUnknown,
		Text:  "it has the WMI filter {filter|q}, and what Windows the machine runs is not known ({os} {version})",
		Means: "The account does not say clearly what the machine runs, so what the filter answers is not known.",
	},
	{
		Code:  reason.WMIFalse,
		Text:  "its WMI filter {filter|q} is false on {windows}",
		Means: "The GPO does not come to machines with this Windows. Look whether the filter says what was meant.",
	},
	{
		Code:  reason.WMIUnsure,
		Text:  "whether its WMI filter {filter|q} is true there is not known: {why}",
		Means: "The filter asks for something that a directory does not tell.",
	},
	{
		Code:  reason.SystemAmbiguous,
		Text:  "the account's operating system may be one of several",
		Means: "The filter is true on some of them, and the account does not say which it is.",
	},
	{
		Code:  reason.PermissionsUnread,
		Text:  "its security descriptor was not read",
		Means: "Who may apply the GPO is not known. Read the directory with an account that may read permissions.",
	},
	{
		Code:  reason.DescriptorUnreadable,
		Text:  "its security descriptor cannot be read: {why}",
		Means: "Who may apply the GPO is not known.",
	},
	{
		Code:  reason.PermissionByGroup,
		Text:  "whether it may {right} is not known: that depends on whether it is in {group}, and {why}",
		Means: "The machine may be a member of the group. Read what is missing to know.",
	},
	{
		Code:  reason.PermissionUnknown,
		Text:  "whether it may {right} is not known: {why}",
		Means: "An entry of the permissions has a condition, or a type that is not known here.",
	},
	{
		Code:  reason.PermissionDenied,
		Text:  "{right} is denied to {group}",
		Means: "A Deny comes before every Allow. Look whether the machines were meant.",
	},
	{
		Code:  reason.PermissionNotGranted,
		Text:  "nothing grants it {right}",
		Means: "A machine needs Read and Apply Group Policy. Add its group in the GPO's Scope tab.",
	},
	{
		Code:  reason.RootDomainUnread,
		Text:  "the root domain of the forest was not read",
		Means: "Some groups are of the root domain, and their identifiers are not known without it.",
	},
	{
		Code:  reason.DomainNotRead,
		Text:  "domain {domain} was not read",
		Means: "No declared directory has this domain.",
	},
	{
		Code:  reason.DACLUnread,
		Text:  "the security descriptor was read without its DACL",
		Means: "Every object of a directory has a DACL, so it was not read.",
	},
	{
		Code:  reason.DACLNull,
		Text:  "the DACL is NULL, which grants everything to everybody",
		Means: "Anybody may change such a GPO. Give it permissions.",
	},
	{
		Code:  reason.DACLSilent,
		Text:  "no entry of the DACL grants {right}",
		Means: "What no entry grants is denied.",
	},
	{
		Code:  reason.DACLOwner,
		Text:  "the owner is granted {right}",
		Means: "An owner may read the permissions and change them.",
	},
	{
		Code:  reason.DACLEmpty,
		Text:  "the DACL has no entry, which grants nothing to anybody",
		Means: "Nobody may apply such a GPO.",
	},
	{
		Code:  reason.ACEUnknown,
		Text:  "entry {entry} of the DACL, {ace}, is of an unknown type, which leaves {right} open",
		Means: "What Windows makes of the entry is not known here.",
	},
	{
		Code:  reason.ACEConditionalGrant,
		Text:  "entry {entry} of the DACL, {ace}, grants {right} to {trustee} under a condition that is not evaluated",
		Means: "Whether the condition holds for the machine is not known.",
	},
	{
		Code:  reason.ACEConditionalDeny,
		Text:  "entry {entry} of the DACL, {ace}, denies {right} to {trustee} under a condition that is not evaluated",
		Means: "Whether the condition holds for the machine is not known.",
	},
	{
		Code:  reason.ACEGrants,
		Text:  "entry {entry} of the DACL, {ace}, grants {right} to {trustee}",
		Means: "The first entry that is about the right decides.",
	},
	{
		Code:  reason.ACEDenies,
		Text:  "entry {entry} of the DACL, {ace}, denies {right} to {trustee}",
		Means: "The first entry that is about the right decides.",
	},
	{
		Code:  reason.ACEOfPart,
		Text:  "entry {entry} of the DACL, {ace}, is about reading a part of the object, for {trustee}",
		Means: "Whether that is a part that Windows reads is not looked at.",
	},
}
