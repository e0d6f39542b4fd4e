package gpo

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// some is a sentence in which {some} names the first of many and counts the rest.
func some(text string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		names := r.Word("names")
		if n := r.Number("more"); n > 0 {
			names += fmt.Sprintf(" and %d more", n)
		}
		return entry.Fill(text, r.With("some", names))
	}
}

// controllers is a sentence in which {who} names domain controllers.
func controllers(text string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		who := "domain controller "
		if r.Word("kind") == "read-only" {
			who = "read-only domain controller "
		}
		return entry.Fill(text, r.With("who", who+entry.Few(r.Words("names"))))
	}
}

const (
	permit = "GPMC: the GPO's Scope tab, Security Filtering: add Authenticated Users, or the group of the computers; " +
		"PowerShell: Set-GPPermission -Name {gpo|ps} -DomainName {home} -TargetName 'Authenticated Users' -TargetType Group -PermissionLevel GpoApply"
	denyDCs = "GPMC: the GPO's Delegation tab, Advanced: ENTERPRISE DOMAIN CONTROLLERS and Read-only Domain Controllers, Apply group policy: Deny; " +
		"PowerShell has no cmdlet for a deny: dsacls \"DN\" /D \"ENTERPRISE DOMAIN CONTROLLERS:CA;Apply Group Policy\" and the same for \"DOMAIN\\Read-only Domain Controllers\""
)

var coverage = []entry.Entry{
	{Code: reason.NoClientsInDomain, Text: "the domain has no computer that the isolation is for",
		Means: "The domain has no enabled account of a Windows that knows connection security rules, beside domain controllers and KMS hosts."},
	{Code: reason.ComputersMissed, Say: some("{some}: {why}"),
		Means: "These computers do not get the isolation GPO, or may not, and for one and the same reason."},
	{Code: reason.CoverageLow, Text: "{why}",
		Fix:   "mend what is named, then gpupdate /target:computer on one of them and look again; GPMC: Group Policy Modeling shows one computer",
		Means: "Fewer computers of the domain get the isolation GPO than isolation: coverage asks for. Once the hosts require IPsec, the others cannot activate."},
	{Code: reason.CoverageUnsure, Text: "{why}",
		Means: "Of so many computers it is not known whether they get the isolation GPO that the number that isolation: coverage asks for is not sure."},
	{Code: reason.NotCovered, Text: "{why}", Severity: "warn",
		Means: "Some computers do not get the isolation GPO. They are fewer than isolation: coverage allows."},
	{Code: reason.NoWindows, Say: some("{some}: the account names no Windows (it was made beforehand, or is of a cluster's name or another system): such machines get no rule"), Severity: "info",
		Means: "Group Policy does not come to what is no Windows. The accounts are not counted in the coverage."},
	{Code: reason.GPOKeptAway, Text: "GPO {gpo|q}: {why}",
		Means: "Something keeps the GPO from a machine, or may. The reason stands behind it."},
	{Code: reason.NoIsolationSeen, Text: "no isolation GPO is seen, but {why}",
		Means: "No GPO that was read is the isolation. Something that could not be read may hold it."},
	{Code: reason.NoIsolationForClients, Text: "there is no isolation GPO for clients",
		Means: "No GPO that was read tells clients of the isolation."},
	{Code: reason.NotLinkedAbove, Say: ofGPO("GPO {gpo|q} is not linked above", "it is not linked above {account|it}"),
		Means: "Neither the domain nor an OU above the account has a link to the GPO, so the machine does not get it."},

	{Code: reason.HostRefused, Text: "KMS host {host}: {why}", Fix: permit,
		Means: "The permissions of the GPO do not give the host Read and Apply Group Policy. It is not told to isolate itself."},
	{Code: reason.HostMaybeRefused, Text: "KMS host {host}: {why}", Fix: permit,
		Means: "Whether the permissions of the GPO give the host Read and Apply Group Policy is not known."},
	{Code: reason.ComputersRefused, Say: some("{some}: {why}"), Fix: permit,
		Means: "The permissions of the GPO do not give these computers Read and Apply Group Policy, or it is not known whether they do."},
	{Code: reason.SomeRefused, Text: "{why}", Severity: "info",
		Means: "Some computers may not read or apply the isolation GPO. They are fewer than isolation: coverage allows."},

	{Code: reason.ControllersBound, Text: "{why}: it would need Kerberos to reach what gives out Kerberos", Fix: denyDCs,
		Means: "A domain controller is told to protect its traffic with KMS hosts. IPsec needs a Kerberos ticket, which the domain controller itself gives out over that traffic."},
	{Code: reason.ControllerGetsGPO, Say: controllers("{who} gets GPO {gpo|q}"),
		Means: "Nothing keeps the isolation GPO from these domain controllers."},
	{Code: reason.ControllerRequires, Say: controllers("{who} requires IPsec of the KMS hosts, by {rule}"),
		Means: "A rule that is not of the isolation requires IPsec between domain controllers and KMS hosts."},
	{Code: reason.ControllerMaybeGetsGPO, Say: controllers("{who}: {why}"), Fix: denyDCs,
		Means: "Whether these domain controllers get the isolation GPO is not known."},
	{Code: reason.NoControllerAccounts, Text: "the directory shows no account of a domain controller", Fix: denyDCs,
		Means: "Every domain has a domain controller. The reader cannot see their accounts, so nothing can be said of them."},
	{Code: reason.NoDenyForControllers, Severity: "info", Fix: denyDCs,
		Say: func(r reason.Reason) string {
			return entry.Fill("GPO {gpo|q} does not deny Apply Group Policy to {missing}; what spares the domain controllers today is something else",
				r.With("missing", strings.Join(r.Words("missing"), " and ")))
		},
		Means: "The domain controllers do not get the GPO today, by its links or its filter. A deny would keep it from them whatever changes there."},
	{Code: reason.ADBA, Text: "Active Directory-based activation is set up ({objects}): members since Windows 8 and Server 2012 ask it before any KMS host, so that a licensed client proves nothing about KMS", Severity: "info",
		Means: "The forest has activation objects. Clients that use them do not ask the KMS hosts."},
	{Code: reason.ADBAUnknown, Text: "Active Directory-based activation is declared, and whether it is set up is not known: {why}",
		Means: "kmsiso.yaml says that machines are activated by the directory. The objects for it could not be read."},
	{Code: reason.ADBAMissing, Text: "Active Directory-based activation is declared, and the forest has no activation object",
		Fix:   "Volume Activation Tools: Active Directory-Based Activation; or exempt the domain controllers",
		Means: "kmsiso.yaml says that machines are activated by the directory, and the forest is not set up for it."},
	{Code: reason.ControllersNotActivated, Text: "the domain controllers get no rule, so the isolated hosts drop them, and neither an exemption nor another way of activation is declared",
		FixBy: func(r reason.Reason) string {
			return entry.Fill("declare how they activate (isolation: dc_activation, or adba: true), or exempt their addresses: "+entry.InEditor+"New Rule, Authentication exemption; "+
				"PowerShell: New-NetIPsecRule -PolicyStore {store|ps} -DisplayName 'Domain controllers' -Profile Domain -InboundSecurity None -OutboundSecurity None -LocalAddress {addresses} -RemoteAddress ADDRESSES",
				r.With("store", r.Word("domain")+`\GPO`).With("addresses", strings.Join(r.Words("hosts"), ",")))
		},
		Means: "Domain controllers are Windows too and must activate. They get no rule, so a KMS host that requires IPsec drops them."},

	{Code: reason.LegacyInUse, Text: "{machines|few}: they know no connection security rules and will be dropped",
		Fix:   "exempt their addresses and declare them under exemptions, or disable the accounts; PowerShell: Disable-ADAccount -Identity 'NAME$'",
		Means: "Windows XP, Server 2003 and older know no connection security rules. A host that requires IPsec drops them unless they are exempt."},
	{Code: reason.LegacyIdle, Text: "{names|few}: older than connection security rules, and not logged on for 90 days", Severity: "info",
		Means: "The accounts are of Windows that knows no connection security rules, and nobody has used them for long."},
}
