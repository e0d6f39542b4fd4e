package ends

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var ends = []entry.Entry{
	{
		Code:  reason.MemberOfNothing,
		Text:  "it is no member of any domain, so no Group Policy comes to it",
		Means: "Such a machine has no rules of the isolation, and sends in clear.",
	},
	{
		Code:  reason.DeclaredStranger,
		Text:  "it is declared to be no member of any domain, so no Group Policy comes to it",
		Means: "Such a machine has no rules of the isolation, and sends in clear.",
	},
	{
		Code:  reason.NoPolicyComes,
		Text:  "no Group Policy comes to it",
		Means: "The exemption is for machines without the isolation.",
	},
	{
		Code:  reason.NoAccountFound,
		Text:  "no account of it was found, so no Group Policy comes to it",
		Means: "A machine without an account is a member of no domain that was read.",
	},
	{
		Code:  reason.MemberWithoutAccount,
		Text:  "it is declared to be a member, and no directory that was read has an account of the name {names}",
		Means: "Correct the names of the machine in the policy, or declare the directory that it is a member of.",
	},
	{
		Code:  reason.NameWithoutAccount,
		Text:  "no directory that was read has an account of the name {names}",
		Means: "Correct the names of the machine in the policy, or declare the directory that it is a member of.",
	},
	{
		Code:  reason.NoClientKnown,
		Text:  "no client is known: {why}",
		Means: "There is no domain with clients that get the isolation.",
	},
	{
		Code:  reason.NoIsolationRead,
		Text:  "the policy declares no isolation in a domain that was read",
		Means: "Declare the GPO of the isolation, and the directory that it is in.",
	},
	{
		Code:  reason.TakenForExport,
		Text:  "taken to be the machine of the export {exports}{more|more}",
		Means: "The export of a registry does not say of which machine it is.",
	},
	{
		Code:  reason.TakenAsDeclared,
		Text:  "taken to get what is declared for {role}, because {why}",
		Means: "The source does not tell to which machines a GPO applies.",
	},
	{
		Code:  reason.TakenForOneSuch,
		Text:  "taken for one such as {name}",
		Means: "A client was asked for, and this is one of those that there are.",
	},
	{
		Code:  reason.TakenForExempt,
		Text:  "taken for a machine in the exemption that gets no Group Policy and sends in clear",
		Means: "A member with rules of its own in the exemption does otherwise.",
	},
	{
		Code:  reason.TakenForExemptVantage,
		Text:  "taken for a machine that gets no Group Policy, because the policy exempts it",
		Means: "A member with rules of its own does otherwise.",
	},
	{
		Code:  reason.IKEv2Certificates,
		Text:  "{end} negotiates by IKEv2 only, which knows certificates alone, and both accept {methods|methods}",
		Means: "Let the rule use the default key modules, or give both ends certificates.",
	},
	{
		Code:  reason.MethodsDisagree,
		Text:  "{from} authenticates by {from-methods|methods} and {to} by {to-methods|methods}",
		Means: "Give both ends one method that they share.",
	},
	{
		Code:  reason.MethodsNotInRules,
		Text:  "whether what both accept, {methods|methods}, comes about is not in their rules",
		Means: "Certificates and keys are not in the rules, so it is not known whether both ends have fitting ones.",
	},
	{
		Code:  reason.UserMethodsDisagree,
		Text:  "of the user {from} wants {from-methods|methods} and {to} {to-methods|methods}",
		Means: "Give both ends the same second authentication, or none.",
	},
	{
		Code:  reason.UserNeeded,
		Text:  "a user has to authenticate as well, by {methods|methods}, and a service such as that of KMS has none",
		Means: "The service of KMS has no user. Take the second authentication away.",
	},
	{
		Code:  reason.ProposalsDisagree,
		Text:  "{from} proposes {from-proposals} and {to} {to-proposals}",
		Means: "Give both ends the same crypto set.",
	},
	{
		Code:  reason.EncryptionDemanded,
		Text:  "firewall rule {rule|label} of {end} lets through only what is encrypted, and both ends also propose IPsec without encryption",
		Means: "Which proposal is taken is for the ends to say. Propose encryption only.",
	},
	{
		Code:  reason.PeersLimited,
		Text:  "{end} communicates only with the peers in {peers}, and who is in there is not looked up",
		Means: "The list is in SDDL. Whether the other end is in it is not known.",
	},
	{
		Code:  reason.NoDirectoryOfTrusts,
		Text:  "no directory was read that could tell which forests trust each other",
		Means: "Whether Kerberos works between the ends is not known.",
	},
	{
		Code:  reason.TrustUnknown,
		Text:  "whether {trusting} trusts {trusted} is not known",
		Means: "One of the two was not read.",
	},
	{
		Code:  reason.TrustUnread,
		Text:  "whether {trusting} trusts {trusted} is not known: {why}",
		Means: "Read the trusts of the forest to know.",
	},
	{
		Code:  reason.TrustSelective,
		Text:  "the trust of {trusting} in {trusted} is selective: see forest-trust for who may authenticate",
		Means: "With selective authentication only those may authenticate who were allowed to, host by host.",
	},
	{
		Code:  reason.AddressOfNobody,
		Text:  "nothing tells whose address it is; say who is there, as in outsider@{address}",
		Means: "The address is no host's, no vantage's and in no exemption.",
	},
	{
		Code:  reason.NameOfNobody,
		Text:  "nothing tells who it is",
		Means: "The name is in the policy of the other state only.",
	},
}
