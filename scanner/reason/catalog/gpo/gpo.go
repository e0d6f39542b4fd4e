package gpo

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// ofGPO is a sentence about a GPO that it names, or one where it is named beside.
func ofGPO(named, beside string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		if r.Word("gpo") == "" {
			return entry.Fill(beside, r)
		}
		return entry.Fill(named, r)
	}
}

// fixOfGPO is the fix of a GPO that a reason names.
func fixOfGPO(fix func(reason.Reason) string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		if r.Word("gpo") == "" {
			return ""
		}
		return fix(r)
	}
}

// toTakeEffect is what to do about a GPO that Windows does not carry out.
func toTakeEffect(r reason.Reason) string { return entry.Fill(takeEffect, r) }

// linkEnforced is the bit of an enforced link in its options ([MS-GPOL] 2.2.2).
const linkEnforced = 2

// bare is an id without its braces, as cmdlets take it.
func bare(id string) string { return strings.Trim(id, "{}") }

// readable is how the reader of a directory gets to see a GPO.
func readable(id, domain string) string {
	return fmt.Sprintf("GPMC: the GPO's Delegation tab, Add: the reader, Read; PowerShell: Set-GPPermission -Guid %s -DomainName %s -TargetName READER -TargetType User -PermissionLevel GpoRead", bare(id), domain)
}

// readAgain is what to do where a source did not tell all of a GPO.
func readAgain(r reason.Reason) string {
	if r.Word("source") == "backup" {
		return entry.Fill("make the backup anew; GPMC: right-click the GPO, Back Up; PowerShell: Backup-GPO -Name {gpo|ps} -Domain {home} -Path FOLDER", r)
	}
	return "see that TCP 445 of the domain controller answers this machine, and give the reader Read on the GPO and its folder in SYSVOL; " +
		readable(r.Word("gpo-id"), r.Word("home"))
}

// makeGPO is how a GPO for the isolation is made.
func makeGPO(r reason.Reason) string {
	return entry.Fill("GPMC: right-click the domain, Create a GPO in this domain, and Link it here; PowerShell: New-GPO -Name {gpo|ps} -Domain {domain}",
		r.With("gpo", cmp.Or(r.Word("gpo"), "KMS Isolation Policy")))
}

// mostListed is how many GPOs are named where the declared one is not among them.
const mostListed = 8

// others are the names of the GPOs that are there.
func others(r reason.Reason) string {
	var names []string
	for _, name := range r.Words("others") {
		names = append(names, strconv.Quote(name))
	}
	if n := len(names) - mostListed; n > 0 {
		names = append(names[:mostListed], fmt.Sprintf("%d more", n))
	}
	return strings.Join(names, ", ")
}

const (
	takeEffect = "GPMC: the GPO's Details tab, GPO Status: Enabled; where it is empty, restore it from a backup or make the rules in it; open it in the editor and save a rule, so that the extension is listed anew; " +
		"PowerShell: (Get-GPO -Name {gpo|ps} -Domain {home}).GpoStatus = 'AllSettingsEnabled'"
	link        = "GPMC: drag the GPO onto the domain, or right-click the link, Link Enabled; PowerShell: New-GPLink -Name {name|ps} -Domain {home} -Target {dn|ps} -LinkEnabled Yes"
	linkOrForce = link + "; where inheritance is blocked: GPMC: the link's Enforced, or the OU's Block Inheritance off; PowerShell: Set-GPLink -Name {name|ps} -Domain {home} -Target CONTAINER -Enforced Yes"
)

var gpo = []entry.Entry{
	{Code: reason.GPOMissing, Say: entry.Titled("{title} is not there: see gpo-exists"),
		Means: "There is no isolation GPO that could be looked at. gpo-exists says why, and what to do."},
	{Code: reason.GPOMaybeHidden, Say: entry.Titled("{title} is not among the GPOs of {domain} that the reader may read, and may be one of those it may not: {hidden}"),
		FixBy: func(r reason.Reason) string {
			return readable(append(r.Words("hidden"), "")[0], r.Word("domain"))
		},
		Means: "The declared GPO was not found, and there are GPOs that the reader may not read. It may be one of them. Let the reader read them."},
	{Code: reason.GPONotInBackup, FixBy: makeGPO,
		Say: func(r reason.Reason) string {
			return entry.Titled("{source} has no {title}, but {others}")(r.With("others", cmp.Or(others(r), "none at all")))
		},
		Means: "The backup does not hold the declared GPO. Make a backup of it, or look at the name under isolation: policies."},
	{Code: reason.NoIsolationInBackup, FixBy: makeGPO,
		Say: func(r reason.Reason) string {
			return entry.Fill("{source} has no isolation: none of its GPOs ({others}) names a KMS host in a connection security rule", r.With("others", others(r)))
		},
		Means: "No GPO of the backup has a rule for the declared KMS hosts. Back the isolation GPO up, or look at the addresses of the hosts."},
	{Code: reason.GPONotInDomain, Say: entry.Titled("there is no {title} in {domain} that the reader may see"), FixBy: makeGPO,
		Means: "The declared GPO does not exist in the domain, or is hidden from the reader. Without it no machine is told of the isolation."},
	{Code: reason.NoIsolationInDomain, Text: "no GPO of {domain} names a KMS host in a connection security rule", FixBy: makeGPO,
		Means: "No GPO is declared, and none of the domain has a rule for the KMS hosts. So no machine is told of the isolation."},

	{Code: reason.GPOUnread, Text: "GPO {gpo-id}: {why}", FixBy: readAgain,
		Means: "The object of the GPO in the directory could not be read, so nothing of the GPO is known. The reason stands behind it."},
	{Code: reason.ComputerHalfOff, Say: ofGPO("GPO {gpo|q}: its computer settings are disabled (flags {flags}): no computer gets it", "its computer settings are disabled"), FixBy: fixOfGPO(toTakeEffect),
		Means: "GPO Status is such that computers skip the GPO ([MS-GPOL] 2.2.4). It may be linked and readable, and still no computer is told anything."},
	{Code: reason.FunctionalityMissing, Text: "{gpo|gpo} has no gPCFunctionalityVersion, and Windows takes 2 only", FixBy: fixOfGPO(readAgain),
		Means: "The attribute that says how the GPO is written was not read, or is not there. Windows skips a GPO whose version is not 2."},
	{Code: reason.FunctionalityOther, Text: "{gpo|about}its gPCFunctionalityVersion is {version}, and Windows takes 2 only", FixBy: fixOfGPO(toTakeEffect),
		Means: "Windows skips a GPO whose version is not 2 ([MS-GPOL] 2.2.4). The object in the directory was written by something else, or is damaged."},
	{Code: reason.ExtensionsUnreadable, Text: "GPO {gpo|q}: whether Windows reads its settings is not known: {why}", FixBy: readAgain,
		Means: "The list of extensions of the GPO cannot be read to its end. Whether Windows finds the registry extension in it is not known."},
	{Code: reason.ExtensionMissing, Text: "GPO {gpo|q}: {why}: Windows does not read its settings", Fix: takeEffect,
		Means: "The registry extension is not in the GPO's list of extensions where Windows finds it. So Windows does not read Registry.pol, and machines are told nothing."},
	{Code: reason.VersionsZero, Text: "{gpo|about}the versions of its computer half are 0 in the directory and in SYSVOL: Windows takes it for empty", FixBy: fixOfGPO(toTakeEffect),
		Means: "Windows skips the computer half of a GPO whose two versions are 0 ([MS-GPOL] 3.2.5.1.6)."},
	{Code: reason.NoFirewallSettings, Text: "GPO {gpo|q}: it has no Windows Firewall settings", Fix: takeEffect,
		Means: "The GPO has a Registry.pol, and nothing of Windows Firewall in it. The rules are in another GPO, or were deleted."},
	{Code: reason.GPOEmpty, Text: `GPO {gpo|q}: it is empty: there is no Machine\Registry.pol`, Fix: takeEffect,
		Means: "The GPO has no computer settings at all. Make the rules in it, or restore it from a backup."},
	{Code: reason.SettingsUnread, Text: "GPO {gpo|q}: {why}", FixBy: readAgain,
		Means: "The files of the GPO could not be read. What they tell machines is not known, and may be right."},
	{Code: reason.SettingsDamaged, Text: "GPO {gpo|q}: {why}",
		Fix:   "restore the GPO's folder in SYSVOL from a backup; GPMC: Group Policy Objects, Manage Backups, Restore; PowerShell: Restore-GPO -Name {gpo|ps} -Domain {home} -Path FOLDER",
		Means: "The files of the GPO are missing or damaged. Machines cannot read them either."},

	{Code: reason.LinkedNowhere, Say: entry.Titled("{title} is linked nowhere"), Fix: link,
		Means: "The GPO exists, and no domain, OU or site links to it. So no machine gets it."},
	{Code: reason.NoEnabledLink, Fix: link,
		Say: func(r reason.Reason) string {
			var at []string
			for _, l := range r.Because("links") {
				state := "disabled"
				if l.Number("options")&linkEnforced != 0 {
					state += ", enforced"
				}
				at = append(at, l.Word("container")+" ("+state+")")
			}
			return entry.Titled("{title} has no link that is enabled: {at}")(r.With("at", at))
		},
		Means: "All links to the GPO are disabled. So no machine gets it."},
	{Code: reason.HostNotBelowLink, Text: "KMS host {host} ({account}): {why}", Fix: linkOrForce,
		Means: "No link to the GPO comes down to the account of the host. The host is not told to isolate itself."},
	{Code: reason.ComputersNotBelowLink, Text: "{count} computers in {container}: {why}", Fix: linkOrForce,
		Means: "No link to the GPO comes down to these computers. Once the hosts require IPsec, they cannot reach them."},
	{Code: reason.MoreContainers, Text: "likewise in {count} more containers",
		Means: "Further containers have computers that no link comes down to. The first of them are named one by one."},
	{Code: reason.NoLinkAbove, Text: "no container above has a link to it",
		Means: "Neither the domain nor an OU above the account has a link to the GPO."},
	{Code: reason.UnreadDomain, Text: "whether domain {domain} of the forest has clients, which need the GPO too, is not known: {why}", Severity: "warn",
		Fix:   "declare a domain controller of it (forests: directory: urls)",
		Means: "The forest has a domain that was not read. Its computers need the isolation GPO too, if there are any."},
	{Code: reason.UndeclaredDomain, Text: "domain {domain} has {count} enabled computers, and no isolation GPO is declared for it", Severity: "high",
		Fix:   "declare the domain (isolation: policies: domains) and give it a copy of the GPO; PowerShell: Copy-GPO -SourceName NAME -TargetName NAME -TargetDomain DOMAIN, New-GPLink -Name NAME -Domain DOMAIN -Target DOMAINDN",
		Means: "The domain has computers that are no domain controllers, and kmsiso.yaml names no isolation GPO for it. They cannot reach a host that requires IPsec."},
	{Code: reason.StaleLink, Text: "{container} has a link to {gpo-id}, and the reader sees no such GPO in {domain}: it was deleted, or is hidden from the reader", Severity: "warn",
		FixBy: func(r reason.Reason) string {
			return entry.Fill("GPMC: delete the link; PowerShell: Remove-GPLink -Guid {id} -Target {container|ps}", r.With("id", bare(r.Word("gpo-id"))))
		},
		Means: "A link leads to a GPO that was not found. Windows skips such a link. If the GPO is hidden from the reader, what it tells machines is not known."},
}
