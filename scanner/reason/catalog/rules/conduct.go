package rules

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// What is configured.
var conduct = []entry.Entry{
	{Code: reason.ClientsPermitted, Text: "{count} of {total} clients may read and apply it",
		Means: "Counted are the computers that the GPO is for, by the permissions on the GPO."},
	{Code: reason.GPOsThere, Text: "there: {gpos}",
		Means: "The GPOs of this domain that carry the isolation, each with its id."},
	{Code: reason.RulesAsTold, Text: "the rules are those that the directory tells today",
		Means: "The rules in the machine's registry are the same as those that Group Policy gives it now."},
	{Code: reason.LinkedAt, Text: "linked at {links|nothing}",
		Means: "The containers that the GPO is linked at. A link may be disabled or enforced."},
	{Code: reason.LegacyCounted, Text: "{used} in use and not exempt, {idle} idle",
		Means: "Computers whose Windows is too old for such rules. An idle one has not logged on for a long time."},
	{Code: reason.ComputersCovered, Text: "{count} of {total} computers get it; {left} are left out: domain controllers, Windows older than such rules, and what is no Windows",
		Means: "How many of the enabled computers of the domain get the isolation by Group Policy."},
	{Code: reason.AppliedBy, Text: "by rule {rules}",
		Means: "The rules in the machine's registry that decide for the packets that were asked about."},
	{Code: reason.StoreNotShown, Text: "the machine's own rules are not known: {why|unshown}",
		Means: "Beside the rules of Group Policy a machine may have rules of its own. These were not read."},
	{Code: reason.ICMPLikeTheRest, Text: "ICMP is treated like everything else",
		Means: "No setting and no rule lets ping pass without IPsec."},
	{Code: reason.CopyCovers, Text: "covers {hosts|nobody}; exempts {exempt|nobody}",
		Means: "What the isolation GPOs of this domain say. Each domain has a copy of its own."},
	{Code: reason.NoTrust, Text: "no trust",
		Means: "The forest of the KMS hosts has no trust for the forest of the clients."},
	{Code: reason.TrustThere, Text: "{forest}: direction {direction}, attributes {attributes}",
		Means: "A trust as the directory has it ([MS-ADTS] 6.1.6.7.12 and 6.1.6.7.9)."},
	{Code: reason.TrustThereSelective, Text: "{forest}: direction {direction}, attributes {attributes}, selective authentication with the right on the hosts",
		Means: "The trust is selective, and the clients have the right to authenticate to the hosts."},
	{Code: reason.ControllersAsked, Text: "asked {servers|controllers}",
		Means: "The domain controllers whose copies of the GPO were read."},
	{Code: reason.ControllersNotBelow, Text: "{names|few}: not linked above {container}",
		Means: "The GPO is not linked at any container that these domain controllers are in."},
	{Code: reason.ControllersSpared, Text: "{names|few}: {why}",
		Means: "These domain controllers are below a link of the GPO, and do not get it for the reason that is shown."},
	{Code: reason.ControllersUnbound, Text: "{names|few}: none of its rules is for them and a KMS host",
		Means: "These domain controllers get the GPO, and no rule in it is for what they say to KMS hosts."},
	{Code: reason.ActivationDeclared, Text: "declared: {words}",
		Means: "The policy file says how the domain controllers activate (dc_activation)."},
	{Code: reason.ControllersExempt, Text: "the domain controllers are in a declared exemption",
		Means: "The hosts answer the domain controllers without IPsec, by an exemption of the policy file."},
	{Code: reason.ActivationByDirectory, Text: "Active Directory-based activation: {objects}",
		Means: "The forest has activation objects, so domain controllers activate without a KMS host."},
	{Code: reason.AccountTypes, Text: "{account}, encryption types {types}",
		Means: "The computer account of the host, and the Kerberos encryption types that it says it has."},
	{Code: reason.GPOUnfiltered, Text: "GPO {gpo|q} has no WMI filter",
		Means: "The GPO is for every machine below its links, whatever its Windows."},
	{Code: reason.GPOFiltered, Say: func(r reason.Reason) string {
		if r.Word("filter") == "" {
			return entry.Fill("GPO {gpo|q} has a WMI filter", r)
		}
		return entry.Fill("GPO {gpo|q} has the WMI filter {filter|q}", r)
	}, Means: "The GPO is only for machines on which the filter is true."},
	{Code: reason.IsolatedFromController, Text: "isolated from the controller, as it should be: {why}",
		Means: "The machine that kmsiso runs on is neither a member nor exempt, so the host does not let it in. That is how it should be, and so these checks do not run there."},
	{Code: reason.CheckUnlisted, Text: "{part} broke: what it needs could not be listed, and was not observed",
		Means: "This is a mistake in kmsiso. Please report it."},
	{Code: reason.StoppedBefore, Text: "the run was stopped before this was decided",
		Means: "Somebody or something ended the run early. What was observed until then was not enough to decide this."},
}
