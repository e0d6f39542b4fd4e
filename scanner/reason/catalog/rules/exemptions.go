package rules

import (
	"cmp"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// onlyDeclared is how a rule comes to exempt what is declared alone.
func onlyDeclared(r reason.Reason) string {
	if len(r.Words("declared")) == 0 {
		return entry.InEditor + "delete the rule; " + entry.Fill("PowerShell: Remove-NetIPsecRule -PolicyStore {store|ps} -DisplayName {rule|ps}", r)
	}
	return entry.InEditor + "the rule's Computers tab: only the addresses declared; " + entry.Fill("PowerShell: "+entry.SetRule+"-RemoteAddress {declared}", r)
}

func renewOrDelete(r reason.Reason) string {
	return entry.InEditor + "delete the rule, and the exemption from the policy; " +
		entry.Fill("PowerShell: Remove-NetIPsecRule -PolicyStore {store|ps} -DisplayName NAME; or have ", r) + cmp.Or(r.Word("owner"), "its owner") + " renew it"
}

const hasExpired = "exemption {exemption} expired on {ended} (owner {owner|nobody}) and is still declared"

var exempting = []entry.Entry{
	{Code: reason.IsolationElsewhere, Text: "the isolation does not come to it: see rule-present",
		Means: "The check is about the exemptions of the isolation, which does not come to the host. The check rule-present says why."},
	{Code: reason.MayNotExempt, Text: "{at} may not exempt {network}, which the policy declares",
		Means: "No rule that is known exempts the network. More rules may come to the host than are known."},
	{Code: reason.DoesNotExempt, Text: "{at} does not exempt {network}: the policy declares it, and no active rule has it",
		Fix: entry.InEditor + "New Rule, Authentication exemption, {missing}; PowerShell: New-NetIPsecRule -PolicyStore {store|ps} -DisplayName NAME -Profile Domain " +
			"-InboundSecurity None -OutboundSecurity None -LocalAddress {hosts} -RemoteAddress {missing}",
		Means: "The policy says that these machines reach the KMS hosts without IPsec. No rule lets them, so they are shut out."},
	{Code: reason.ExemptsKeyword, Text: "{at} exempts {keyword} by {by}: each machine finds out for itself which addresses that is, so nobody can say who gets in", FixBy: onlyDeclared,
		Means: "The rule exempts a keyword in place of addresses. What it stands for depends on where each machine is."},
	{Code: reason.ExemptsEverybody, Text: "{at} exempts everybody: {by} names no peer", FixBy: onlyDeclared,
		Means: "Both endpoints of an exemption are any. Everything goes in clear."},
	{Code: reason.ExemptsAllAtHost, Text: "{at} exempts everybody by {by}: it covers KMS host {host} ({addresses}) itself, which then accepts everybody in clear", FixBy: onlyDeclared,
		Means: "One endpoint of an exemption has the KMS host, and the other is any. The host accepts everybody."},
	{Code: reason.ExemptsHost, Text: "{at} exempts {range} by {by}: it covers KMS host {host} ({address}) itself, which then talks with other KMS hosts in clear", FixBy: onlyDeclared,
		Means: "The exempted addresses take in a KMS host, which is isolated and no peer that needs an exemption."},
	{Code: reason.ExemptsVantage, Text: "{at} exempts {range} by {by}: {role} vantage {vantage} ({address}) is inside", FixBy: onlyDeclared,
		Means: "The exempted addresses take in a machine that is declared to be an outsider, or a member that needs no exemption."},
	{Code: reason.ExemptsUndeclared, Text: "{at} exempts {range} by {by}: the policy declares no exemption for {ranges}", FixBy: onlyDeclared,
		Means: "The rule exempts more than the policy declares. Whoever has such an address gets in without IPsec."},
	{Code: reason.ExemptsExpired, Text: "{at} exempts whom it should no longer: " + hasExpired, FixBy: renewOrDelete,
		Means: "The exemption has ended by its own date, and the basis hardened wants it gone."},
	{Code: reason.RuleExemptsICMP, Text: "{end}: {by} exempts ICMP: ping says nothing about its isolation", Severity: run.Info,
		Means: "An exemption for ICMP is common, and it is no hole in the isolation. Ping is answered whether the host is isolated or not."},
	{Code: reason.ExemptionAny, Text: "{by} has an endpoint that is any: it exempts traffic with every machine, not with the KMS hosts only", Severity: run.Warn,
		Fix:   entry.InEditor + "the rule's Computers tab, Endpoint 1: the KMS hosts",
		Means: "The rule exempts its peers towards every machine that gets the GPO. The paper writes it so; naming the KMS hosts is narrower."},
	{Code: reason.ExemptionExpired, Text: hasExpired, Severity: run.High,
		Means: "The exemption has ended by its own date and still stands in the policy."},
	{Code: reason.ExemptionUnowned, Text: "exemption {exemption} is declared without {lacks}", Severity: run.Info,
		Means: "The declaration of the exemption does not say why it is there, who answers for it, what protects instead, or until when it holds."},
}
