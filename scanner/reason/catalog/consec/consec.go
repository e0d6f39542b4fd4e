package consec

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var consec = []entry.Entry{
	{
		Code:  reason.NotOneFamily,
		Text:  "two addresses of one family are needed",
		Means: "A packet goes between two IPv4 addresses or between two IPv6 addresses. What was asked for has one of each, or none.",
	},
	{
		Code:  reason.NoSecurityRule,
		Text:  "there is no connection security rule",
		Means: "The machine is told of no rule that asks for IPsec. Look which GPOs come to it, and whether they hold the rules.",
	},
	{
		Code:  reason.OtherRules,
		Text:  "{count} other rules are not for it",
		Means: "Only the first rules are named one by one.",
	},
	{
		Code:  reason.MoreUnsureRules,
		Text:  "and more such rules",
		Means: "Only the first rules are named one by one.",
	},
	{
		Code:  reason.RuleOrder,
		Text:  "rules {rule|label} ({verdict}) and {other|label} ({other-verdict}) are both for it, and their order is not documented",
		Means: "Microsoft does not document which of two such rules comes first, so what becomes of the packet is not known. Make the rules say the same, or have only one be for the packet.",
	},
	{
		Code:  reason.RuleOffElsewhere,
		Text:  "{why}, but in profile {profile} the firewall is off{source|by}, and with it the rule; the machine's profile is not known",
		Means: "Connection security rules do nothing where the firewall is off. In which profile the machine is, is not known.",
	},
	{
		Code:  reason.SecurityOff,
		Text:  "the firewall is off in profile {profile}{source|by}, and with it every connection security rule",
		Means: "Windows carries out connection security rules only while its firewall is on. Nothing is protected on this machine.",
	},
	{
		Code:  reason.ESPItself,
		Text:  "ESP is what carries the protection",
		Means: "Packets of protocol 50 are those that IPsec made. No rule is asked about them.",
	},
	{
		Code:  reason.IKEItself,
		Text:  "IKE is never protected by IPsec",
		Means: "UDP 500 and 4500 carry the negotiation, so they are always in clear.",
	},
	{
		Code:  reason.IPsecExempt,
		Text:  "IPsecExempt{source|of} exempts {protocol}",
		Means: "The setting IPsecExempt takes ICMP or DHCP out of all rules ([MS-FASP] 2.2.39).",
	},
	{
		Code:  reason.IPsecExemptMDM,
		Text:  "IPsecExempt{source|of} exempts {protocol}, and that of Group Policy does not; which of the two wins is not documented",
		Means: "Two stores have IPsecExempt. Microsoft does not document which of them wins; kmsiso takes the looser one.",
	},
	{
		Code:  reason.Unauthenticated,
		Text:  "{why}, and nothing authenticates it",
		Means: "The firewall lets through only what IPsec has authenticated. No connection security rule asks for IPsec, so the packet is dropped.",
	},
	{
		Code:  reason.TunnelNamesIt,
		Text:  "rule {rule|label} is a tunnel rule that names these addresses; tunnels are not looked at",
		Means: "kmsiso judges rules in transport mode. A tunnel may protect the packet on part of its way.",
	},
	{
		Code:  reason.ExemptionBeforeProtection,
		Text:  "rule {rule|label} would protect it; the order of the two is not documented, so the exemption is taken to win",
		Means: "An exemption and a protecting rule are for the same packet. Take the addresses out of one of them.",
	},
	{
		Code:  reason.RulePartsUnknown,
		Text:  "rule {rule|label} has parts that are not known here: {parts}",
		Means: "The rule is newer than the grammar that kmsiso knows. The parts may narrow what it is for.",
	},
	{
		Code:  reason.RuleIKEv2Kerberos,
		Text:  "rule {rule|label} allows IKEv2 only, which knows no Kerberos",
		Means: "IKEv2 on Windows authenticates by certificate alone. A rule that also names Kerberos never comes about.",
	},
	{
		Code:  reason.MainModeOwnSets,
		Text:  "main mode rule {rule|label} has sets of its own for these addresses",
		Means: "What the two ends propose to each other may be other than what the sets of the policy say.",
	},
	{
		Code:  reason.MainModeOwnProposals,
		Text:  "main mode rule {rule|label} has proposals of its own for some peers",
		Means: "Which peers the rule is for decides what is proposed. Whether the two ends agree is not known.",
	},
	{
		Code:  reason.MainModeBuiltin,
		Text:  "both ends use the main mode proposals that are built into Windows",
		Means: "Neither end is told of other proposals, and those of Windows agree with each other.",
	},
	{
		Code:  reason.MainModeShared,
		Text:  "both ends propose {shared} in main mode",
		Means: "The negotiation can begin with one of these.",
	},
	{
		Code:  reason.MainModeNone,
		Text:  "one end proposes {one} in main mode ({one-source|builtin}), the other {other} ({other-source|builtin})",
		Means: "Main mode needs one proposal that both ends have: key exchange, encryption and hash. Give both ends the same crypto set.",
	},
	{
		Code:  reason.MainModeEmpty,
		Text:  "the main mode crypto set {set|label} has no proposal",
		Means: "A set without a proposal offers nothing, so no negotiation begins.",
	},
}
