package consec

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var unreadable = []entry.Entry{
	{
		Code:  reason.Unreadable,
		Text:  "{kind} {id|q}{source|of}: {why}",
		Means: "Something is there that kmsiso cannot read, so what it does is not known. Windows may ignore it, or read it otherwise.",
	},
	{
		Code:  reason.MoreUnreadable,
		Text:  "{count} more rules, sets and settings",
		Means: "Only the first ones are named one by one.",
	},
	{
		Code:  reason.RuleStringLong,
		Text:  "rule string of {octets} octets: more than {most}",
		Means: "No value of Registry.pol is as long as this.",
	},
	{
		Code:  reason.RuleStringCut,
		Text:  "rule string {text|q}: it does not end in |, so it may be cut",
		Means: "Each part of a rule ends in a bar. Where the last one is missing, so may be other parts.",
	},
	{
		Code:  reason.RuleStringNoVersion,
		Text:  "rule string {text|q}: it does not begin with a version such as v2.10",
		Means: "A rule string begins with the version of its grammar ([MS-GPFAS] 2.2.2.19).",
	},
	{
		Code:  reason.RuleStringVersion,
		Text:  "rule string {text|q}: {why}",
		Means: "A rule string begins with the version of its grammar ([MS-GPFAS] 2.2.2.19).",
	},
	{
		Code:  reason.RuleStringToken,
		Text:  "rule string {text|q}: {token|q} is no name=value",
		Means: "Each part of a rule is a name and a value.",
	},
	{
		Code:  reason.RuleStringValue,
		Text:  "rule string {text|q}: {name|q}={value|q}: {why}",
		Means: "The value is none that the grammar has for this name.",
	},
	{
		Code:  reason.RuleStringTwice,
		Text:  "rule string {text|q}: {name} is given twice",
		Means: "Which of the two would count is not documented.",
	},
	{
		Code:  reason.WantWord,
		Text:  "want {words}",
		Means: "The grammar has these words for this name.",
	},
	{
		Code:  reason.WantNumber,
		Text:  "want a number from 0 to {most}",
		Means: "The value is no number, or it is too large.",
	},
	{
		Code:  reason.WantSeconds,
		Text:  "want a number of seconds",
		Means: "A lifetime is a number of 32 bits.",
	},
	{
		Code:  reason.WantPort,
		Text:  "want a port, or a range of ports such as 5000-5010",
		Means: "Ports go from 0 to 65535, and a range from the lower to the higher one.",
	},
	{
		Code:  reason.WantICMP,
		Text:  "want a type and a code, such as 8:*",
		Means: "Both are numbers up to 255; * is any code.",
	},
	{
		Code:  reason.WantPlatform,
		Text:  "want a platform such as 2:6:1",
		Means: "The three numbers are the kind of system and its version.",
	},
	{
		Code:  reason.WantVersion,
		Text:  "version {version|q}: want one such as 2.10",
		Means: "A version is two numbers up to 255.",
	},
	{
		Code:  reason.WantAddress,
		Text:  "{value|q} is no address, range, subnet or keyword",
		Means: "An endpoint is an address, a range, a subnet or one of the keywords of [MS-GPFAS] 2.2.2.13.",
	},
	{
		Code:  reason.OtherFamily,
		Text:  "the address is of the other family",
		Means: "The name of the part says whether it is for IPv4 or for IPv6.",
	},
	{
		Code:  reason.RangeBackwards,
		Text:  "the range does not go from a lower to a higher address",
		Means: "Both ends have to be of one family, the lower one first.",
	},
	{
		Code:  reason.MaskOfIPv6,
		Text:  "an IPv6 subnet has a length, not a mask",
		Means: "Write the subnet with the number of its bits.",
	},
	{
		Code:  reason.SubnetLength,
		Text:  "the length of the subnet is not from 0 to {most}",
		Means: "An address of this family has no more bits.",
	},
	{
		Code:  reason.SubnetMask,
		Text:  "{mask|q} is neither the length nor the mask of a subnet",
		Means: "A subnet is an address with a length or with a mask.",
	},
	{
		Code:  reason.MaskHole,
		Text:  "mask {mask} has a hole",
		Means: "A mask with a hole stands for no subnet.",
	},
	{
		Code:  reason.NotText,
		Text:  "it has type {type|q}, not REG_SZ",
		Means: "Rules are values of type REG_SZ.",
	},
	{
		Code:  reason.NotNumber,
		Text:  "registry value {name|q}{source|of}: {data|q} of type {type|q} is no REG_DWORD",
		Means: "Settings are values of type REG_DWORD. As long as one cannot be read, what becomes of any packet is not known.",
	},
	{
		Code:  reason.BadSet,
		Text:  "{kind}: {why}",
		Means: "Rules that refer to the set are not known in their effect.",
	},
	{
		Code:  reason.SetIndex,
		Text:  "{key|q} is no index of a suite",
		Means: "Below a set stand keys with numbers, one for each suite.",
	},
	{
		Code:  reason.BadSuite,
		Text:  "suite {suite}: {why}",
		Means: "The suites of a set are numbered from 0000.",
	},
	{
		Code:  reason.NoMethod,
		Text:  "it has no method",
		Means: "A suite of an authentication set has to name its method.",
	},
	{
		Code:  reason.NoAlgorithm,
		Text:  "it lacks an encryption or a hash",
		Means: "A suite of main mode has a key exchange, an encryption and a hash.",
	},
	{
		Code:  reason.BadProtocol,
		Text:  "protocol {protocol|q}: {why}",
		Means: "A suite of quick mode proposes ESP, AH, both, or no encapsulation.",
	},
	{
		Code:  reason.BuiltinSetInGPO,
		Text:  "a GPO holds a {kind} under the id of the built-in one, which [MS-GPFAS] 2.2.4 and 2.2.5 forbid",
		Means: "What Windows makes of it is not documented.",
	},
	{
		Code:  reason.SetIDCircle,
		Text:  "the ids of the built-in {kind} lead in a circle, by way of {id|q}{source|by}",
		Means: "A set may stand for the built-in one under another id. Here the ids lead back to where they began.",
	},
	{
		Code:  reason.BuiltinSetGone,
		Text:  "the built-in {kind} was given the id {id|q}{source|by}, and there is no such set",
		Means: "The GPO that holds the set does not come to the machine, or the set was deleted.",
	},
	{
		Code:  reason.SetMissing,
		Text:  "the {kind} {id|q} is not there",
		Means: "The GPO that holds the set does not come to the machine, or the set was deleted.",
	},
	{
		Code:  reason.SetUnreadable,
		Text:  "the {kind} {set|label} cannot be read: {why}",
		Means: "The set is there, and something in it cannot be read.",
	},
	{
		Code:  reason.RuleSetUnresolved,
		Text:  "rule {rule|label} needs a set that does not resolve: {why}",
		Means: "Without the set it is not known what the rule accepts or proposes, so its effect is not known.",
	},
	{
		Code:  reason.RuleSetWithoutMethod,
		Text:  "rule {rule|label} needs the {kind} {set|label}, which has no method",
		Means: "Every method was skipped for this version of Windows, or there is none.",
	},
	{
		Code:  reason.RuleSetWithoutProposal,
		Text:  "rule {rule|label} needs the {kind} {set|label}, which has no proposal",
		Means: "Every proposal was skipped for this version of Windows, or there is none.",
	},
	{
		Code:  reason.ValueRemoved,
		Text:  "{kind} {name|label} is deleted by {by|policy} ({directive})",
		Means: "A directive in a Registry.pol takes away what an earlier GPO has set. Look whether that is meant.",
	},
	{
		Code:  reason.ValueReplaced,
		Text:  "{kind} {name|label} is replaced by that of {by|policy}",
		Means: "Two GPOs have a value of the same name that says something else. The later one counts.",
	},
}
