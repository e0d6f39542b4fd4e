package ends

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var firewall = []entry.Entry{
	{
		Code:  reason.FirewallBlocks,
		Text:  "{rule|firewall}blocks it",
		Means: "Blocking rules come before allowing ones ([MS-FASP] 2.2.34).",
	},
	{
		Code:  reason.FirewallAllows,
		Text:  "{rule|firewall}allows it",
		Means: "The rule lets the packet in without IPsec.",
	},
	{
		Code:  reason.FirewallSecures,
		Text:  "{rule|firewall}lets through what IPsec has authenticated",
		Means: "The rule is for packets that IPsec has authenticated. In clear it does nothing for them.",
	},
	{
		Code:  reason.FirewallOverrides,
		Text:  "{rule|firewall}lets through what IPsec has authenticated, and comes before rule {other|label}, which blocks",
		Means: "A rule that overrides blocking rules lets authenticated packets through all the same.",
	},
	{
		Code:  reason.FirewallAllowsUnlessOwn,
		Text:  "{rule|firewall}allows it, unless a rule of the machine's own blocks it: {why}",
		Means: "Rules of the machine's own count beside those of Group Policy, and were not read.",
	},
	{
		Code:  reason.FirewallMayBlock,
		Text:  "{rule|firewall}would block it, and {why}",
		Means: "Whether the rule is for the packet is not known, so what becomes of it is not known.",
	},
	{
		Code:  reason.FirewallMayAllow,
		Text:  "{rule|firewall}would allow it, and {why}",
		Means: "Whether the rule is for the packet is not known, so what becomes of it is not known.",
	},
	{
		Code:  reason.FirewallSecuresElse,
		Text:  "{rule|firewall}lets through what IPsec has authenticated, and {why}",
		Means: "In clear the packet is dropped by the default of the profile.",
	},
	{
		Code:  reason.FirewallMaySecure,
		Text:  "{rule|firewall}may let through what IPsec has authenticated; in clear {why}",
		Means: "Whether the rule is for the packet is not known. In clear the packet is dropped in any case.",
	},
	{
		Code:  reason.NoRuleKnown,
		Text:  "no rule known here decides, and {why}",
		Means: "Rules that were not read may decide. Read the machine's own registry to know.",
	},
	{
		Code:  reason.NoRuleDecides,
		Text:  "no rule decides, and {why}",
		Means: "Where no rule is for a packet, the default of the profile decides.",
	},
	{
		Code:  reason.NoRuleAllows,
		Text:  "no rule allows it, and {why}",
		Means: "Where no rule is for a packet, the default of the profile decides.",
	},
	{
		Code:  reason.DefaultAllows,
		Text:  "what is {direction} is allowed by default",
		Means: "The default of the profile is set so, or it is that of Windows.",
	},
	{
		Code:  reason.DefaultBlocks,
		Text:  "what is {direction} is blocked by default",
		Means: "The default of the profile is set so, or it is that of Windows.",
	},
	{
		Code:  reason.DefaultUnknown,
		Text:  "the default for what is {direction} is left to the machine, whose own settings are not known",
		Means: "Group Policy does not set the default. The machine's own settings do, and they were not read.",
	},
	{
		Code:  reason.OwnRulesUnknown,
		Text:  "the machine's own rules count and are not known",
		Means: "Group Policy does not switch off the machine's own rules (AllowLocalPolicyMerge), and they were not read.",
	},
	{
		Code:  reason.FirewallMayBeOff,
		Text:  "whether the firewall is on is left to the machine, whose own settings are not known",
		Means: "Group Policy does not set EnableFirewall. The machine's own settings do, and they were not read.",
	},
	{
		Code:  reason.FirewallOffSomewhere,
		Text:  "the firewall is off on some interfaces, and this one is not known",
		Means: "DisabledInterfaces switches the firewall off on interfaces by their GUIDs. Over which one the packet comes is not known.",
	},
	{
		Code:  reason.FirewallOff,
		Text:  "the firewall is off in profile {profile}{source|by}",
		Means: "Nothing is blocked in this profile.",
	},
	{
		Code:  reason.FirewallOffOnInterface,
		Text:  "the firewall is off on interface {interface}",
		Means: "DisabledInterfaces switches the firewall off on this interface.",
	},
	{
		Code:  reason.FirewallShieldsUp,
		Text:  "the firewall blocks all connections in profile {profile}{source|by} (DoNotAllowExceptions)",
		Means: "With DoNotAllowExceptions no rule lets anything in, not even what IPsec has authenticated.",
	},
	{
		Code:  reason.FirewallDoubt,
		Text:  "{why}, but {doubt}",
		Means: "The firewall drops the packet by what is known. Whether it is on is not known.",
	},
	{
		Code:  reason.FirewallByProfile,
		Text:  "the machine's profile is not known: in profile {profile} it is {verdict}, for {why}; in profile {other-profile} {other-verdict}, for {other-why}",
		Means: "What becomes of the packet hangs on the profile that the machine's network has.",
	},
}
