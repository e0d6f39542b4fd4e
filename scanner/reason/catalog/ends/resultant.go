package ends

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var resultant = []entry.Entry{
	{
		Code:  reason.GPODoubtful,
		Text:  "GPO {gpo|label}: {why}",
		Means: "The GPO may add rules that are not known here, or take rules away.",
	},
	{
		Code:  reason.RegistryDoubtful,
		Text:  "registry export {problem}",
		Fix:   entry.ExportAnew,
		Means: "The machine may have more rules than the export of its registry has.",
	},
	{
		Code:  reason.GPOEndsAll,
		Text:  "GPO {gpo|label}: {why}, which ends the processing of all of them",
		Means: "Windows stops at the error, so the other GPOs may not come to the machine.",
	},
	{
		Code:  reason.LinksNotRead,
		Text:  "what is linked where could not all be read: {why}",
		Means: "A GPO may come to the machine that is not seen here.",
	},
	{
		Code:  reason.NotReadInRun,
		Text:  "not read in this run",
		Means: "The run was made without reading this directory.",
	},
	{
		Code:  reason.NoDirectoryOfDomain,
		Text:  "domain {domain} was not read: none of the declared directories holds it",
		Means: "Declare the forest of the domain, or correct the name of the host.",
	},
	{
		Code:  reason.HostNoAddress,
		Text:  "{host} has no address",
		Means: "Declare its addresses, or see that its name resolves.",
	},
	{
		Code:  reason.NameUnclear,
		Text:  "{host}: {why}",
		Means: "Give the name in full.",
	},
	{
		Code:  reason.AccountsAlike,
		Text:  "the name is not clear: there is {accounts}{more|more}; name one in full",
		Means: "Two computers of different domains have the same first label.",
	},
	{
		Code:  reason.HostWithoutRules,
		Text:  "{why}",
		Fix:   "install the KMS host on a Windows that has connection security rules, or correct what the account of {host} says of its system",
		Means: "Group Policy cannot protect a system that has no connection security rules.",
	},
	{
		Code:  reason.SystemLegacy,
		Text:  "{os} is older than connection security rules: no Group Policy of this kind comes to it",
		Means: "Connection security rules came with Vista and Server 2008.",
	},
	{
		Code:  reason.SystemOther,
		Text:  "its account says that it runs {os}: the settings of Windows' firewall mean nothing to it",
		Means: "Only Windows carries out these settings.",
	},
	{
		Code:  reason.ExportOfOthers,
		Text:  "{source} has no file {host}.reg, so none that is known to be of {host}",
		Means: "Name the export of a host by the name that the policy gives it.",
	},
	{
		Code:  reason.NoGPOForHosts,
		Text:  "{domain} has no isolation GPO for hosts: see gpo-exists",
		Means: "Nothing tells the hosts of the domain to ask for IPsec.",
	},
	{
		Code:  reason.NoGPOForClients,
		Text:  "{domain} has no GPO that is declared for clients: see gpo-exists",
		Means: "Nothing tells the clients of the domain to ask for IPsec.",
	},
	{
		Code:  reason.HostInUnread,
		Text:  "{host} has no computer account in what was read, and {why}",
		Means: "The account may be in the domain that was not read.",
	},
	{
		Code:  reason.HostOutside,
		Text:  "{host} has no computer account in what was read, and no declared directory is of {domain}",
		Means: "Declare the directory of the host's domain, or correct its fqdn.",
	},
	{
		Code:  reason.HostWithoutAccount,
		Text:  "{host} has no computer account in {domain}: no GPO reaches it",
		Fix:   "join the host to the domain, or correct its fqdn in the policy",
		Means: "All accounts of the domain were read, and none is the host's.",
	},
	{
		Code:  reason.ExportSilentOnClients,
		Text:  "the export of a host's registry says nothing of the clients",
		Means: "Read the directory, or a backup of its GPOs, to know of the clients.",
	},
	{
		Code:  reason.NoIsolatedClients,
		Text:  "no client of {domain} gets the isolation: see gpo-coverage",
		Means: "What the rules do to clients cannot be judged where no client has them.",
	},
	{
		Code:  reason.TrustMissing,
		Text:  "{forest} has no trust with {trusted}: Kerberos gives its computers no ticket",
		Fix:   entry.MakeTrust,
		Means: "Without a trust, the computers of one forest cannot authenticate in the other.",
	},
	{
		Code:  reason.TrustDisabled,
		Text:  "the trust between {forest} and {trusted} is disabled (its direction is 0)",
		Fix:   entry.MakeTrust,
		Means: "A trust without a direction does nothing.",
	},
	{
		Code:  reason.TrustReversed,
		Text:  "the trust between {forest} and {trusted} is one-way the wrong way: {forest} is trusted by {trusted} and does not trust it",
		Means: "Kerberos goes from the trusted forest to the trusting one.",
	},
	{
		Code:  reason.TrustNotTransitive,
		Text:  "the trust of {forest} in {trusted} is not forest-transitive: it takes in one domain only, and gives no Kerberos tickets across forests",
		Fix:   entry.MakeTrust,
		Means: "An external trust works by NTLM. Make a forest trust.",
	},
	{
		Code:  reason.TrustOneSided,
		Text:  "{forest} says it trusts {trusted}, and {trusted} knows of no such trust: one side was deleted",
		Fix:   entry.MakeTrust,
		Means: "Delete what is left of the trust and make it anew.",
	},
	{
		Code:  reason.TrustSidesDiffer,
		Text:  "{forest} says it trusts {trusted}, and in {trusted} the trust has the other direction ({direction}): the two sides differ",
		Fix:   entry.MakeTrust,
		Means: "Make the trust anew, from both sides at once.",
	},
}
