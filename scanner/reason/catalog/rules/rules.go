package rules

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Places in the Group Policy editor, and what is done there or by PowerShell.
const (
	inSettings = `GPMC: edit the GPO, Windows Defender Firewall with Advanced Security, Properties, IPsec Settings, Customize, `

	requireInbound = entry.InEditor + "the rule's Authentication tab: Require inbound and request outbound; PowerShell: " + entry.SetRule + "-InboundSecurity Require -OutboundSecurity Request"
	kerberosOnly   = entry.InEditor + "the rule's Authentication tab, Method: Computer (Kerberos V5); " +
		"PowerShell: New-NetIPsecPhase1AuthSet -PolicyStore {store|ps} -Name KMSKerberos -DisplayName 'Computer Kerberos' -Proposal (New-NetIPsecAuthProposal -Machine -Kerberos); " + entry.SetRule + "-Phase1AuthSet KMSKerberos"
	withESP = inSettings + "Data protection: ESP; PowerShell: New-NetIPsecQuickModeCryptoSet -PolicyStore {store|ps} -Name KMSESP -DisplayName 'ESP' -Proposal (New-NetIPsecQuickModeCryptoProposal -Encapsulation ESP -ESPHash SHA1); " +
		entry.SetRule + "-QuickModeCryptoSet KMSESP"
	sameAtBoth = entry.InEditor + "the rule's Authentication tab at both ends, and Windows Defender Firewall with Advanced Security, Properties, IPsec Settings, Customize: the same at both; " +
		"PowerShell: Set-NetIPsecRule with one -QuickModeCryptoSet and -Phase1AuthSet in both GPOs"
)

// addEndpoint is how the addresses of all KMS hosts get into a rule: what PowerShell
// sets takes the place of what was there.
func addEndpoint(r reason.Reason) string {
	gui := "Endpoint 2"
	if r.Word("side") == "LocalAddress" {
		gui = "Endpoint 1"
	}
	return entry.InEditor + "the rule's Computers tab, " + gui + entry.Fill(": {hosts|csv}; PowerShell: "+entry.SetRule+"-{side} {hosts}", r)
}

// closePort is how a port is closed in a profile: in the rule that opens it, or else
// in the profile.
func closePort(r reason.Reason) string {
	if r.Word("rule") != "" {
		return "GPMC: the firewall rule's Advanced tab, Profiles: Domain, or its Action: Allow the connection if it is secure; " +
			entry.Fill("PowerShell: Set-NetFirewallRule -PolicyStore {store|ps} -DisplayName {rule|ps} -Profile Domain", r)
	}
	return "GPMC: Windows Defender Firewall with Advanced Security, Properties, the profile's tab: Firewall state On, Inbound connections Block; " +
		entry.Fill("PowerShell: Set-NetFirewallProfile -PolicyStore {store|ps} -Profile {profile} -Enabled True -DefaultInboundAction Block", r)
}

const (
	opens          = "the rule sleeps in profile {profile} and {by} opens TCP {port} there"
	mayMerge       = "the machine's own administrators may add connection security rules, an exemption among them"
	seeOthers      = "nothing protects it: see rule-present and exemptions"
	meansTellsThem = "kmsiso puts the rules of all GPOs of the machine together and works out what they do with the packet. "
)

func localMerge(r reason.Reason) string {
	if r.Word("gpo") == "" {
		return entry.Fill("{end}: "+mayMerge+" (AllowLocalIPsecPolicyMerge is not set)", r)
	}
	return entry.Fill("{end}: by GPO {gpo|q} "+mayMerge+" (AllowLocalIPsecPolicyMerge is {value})", r)
}

var rules = []entry.Entry{
	{Code: reason.EndUnknown, Text: "{why}: see rule-present",
		Means: "What the host is told is not known. The cell of rule-present for the same host says so and fails, and this cell follows from it."},
	{Code: reason.ToldOtherwise, Text: "{ends} may have been told otherwise: {why}",
		FixBy: func(r reason.Reason) string {
			if r.Because("why").Has(reason.RegistryDoubtful) {
				return entry.ExportAnew
			}
			return ""
		},
		Means: "The rules are right as far as they are known. Something that could not be read, or not be decided, may change them, so nothing is passed."},
	{Code: reason.ToldUnreadable, Text: "{ends} has been told what cannot be read: {why}",
		Means: "A rule, a set or a setting of the machine's policy has a form that is not understood. It may change what the rules do, so nothing is passed."},
	{Code: reason.NothingProtects, Text: seeOthers,
		Means: "The check is about the rule that protects, and there is none. The checks rule-present and exemptions say why."},
	{Code: reason.NoRuleForHosts, Text: "no rule covers the KMS hosts there: see rule-present",
		Means: "The check is about the rule of a client that covers the KMS hosts, and there is none. The check rule-present says why."},
	{Code: reason.NoRuleInAnyProfile, Text: "no rule covers it in any profile: see rule-present",
		Means: "The check is about a rule that sleeps, and there is none at all. The check rule-present says why."},
	{Code: reason.PacketUnknown, Text: "{at} cannot be told: {why}",
		Means: meansTellsThem + "The answer depends on something that is not known."},

	{Code: reason.NotProtected, Text: "{at} is not protected: {why}", FixBy: addEndpoint,
		Means: meansTellsThem + "No rule protects it, so it goes in clear. Look at the addresses of the rule and at the GPO that should bring it."},
	{Code: reason.MayGoInClear, Text: "{at} may go in clear: {why}",
		Means: meansTellsThem + "An exemption and a protecting rule are for it, and Microsoft does not document which of them comes first."},
	{Code: reason.GoesInClear, Text: "{at} goes in clear: {why}", FixBy: addEndpoint,
		Means: meansTellsThem + "The client sends it in clear, and a host that requires IPsec drops it."},
	{Code: reason.DroppedByClient, Text: "{at} is dropped by the client's own firewall: {why}", FixBy: addEndpoint,
		Means: meansTellsThem + "The client's own firewall keeps it from being sent, so the client does not reach the host."},
	{Code: reason.NoIsolationGPO, Text: "the isolation does not come to it: there is no GPO that carries it",
		Means: "No domain has a GPO of the declared name, or another GPO with rules for the KMS hosts."},
	{Code: reason.GPOComesToNone, Text: "GPO {gpo|q} comes to no machine: {why}",
		Means: "The GPO is there, and something about it keeps every machine from applying it."},
	{Code: reason.GPODoesNotCome, Text: "GPO {gpo|q} does not come to it: {why}",
		Means: "The GPO is there, and this machine does not apply it. Its links, its permissions and its WMI filter decide that."},

	{Code: reason.OnlyRequested, Text: "{at} is only requested: {by} lets it in in clear", Fix: requireInbound,
		Means: "The rule asks for IPsec and does without it where the other end has none. So strangers get in."},
	{Code: reason.RequiredOutbound, Text: "{at} is required too: by {by} it reaches neither DNS nor domain controllers, which have no IPsec", Fix: requireInbound,
		Means: "The rule requires IPsec of what the host sends, too. The host needs DNS and domain controllers to negotiate IPsec at all, and they do not speak it."},

	{Code: reason.AcceptsAnonymous, Text: "{at} accepts {method}, by {by}: everybody is let in", Fix: kerberosOnly,
		Means: "The authentication set of the rule takes peers that prove nothing. IPsec is negotiated with everybody."},
	{Code: reason.AcceptsPresharedKey, Text: "{at} accepts {method}, by {by}: a preshared key stands in clear in SYSVOL, where every member of the domain reads it", Fix: kerberosOnly,
		Means: "The authentication set of the rule takes a preshared key. The key is part of the GPO, and every user of the domain can read it there."},
	{Code: reason.AcceptsNTLM, Text: "{at} accepts {method}, by {by}: NTLM proves less than Kerberos and can be relayed", Fix: kerberosOnly,
		Means: "The authentication set of the rule takes NTLM, which somebody between two machines can relay."},
	{Code: reason.NoComputerKerberos, Text: "{at} does not accept computer Kerberos: {by} has {methods} only", Fix: kerberosOnly,
		Means: "Domain members prove who they are by the Kerberos ticket of their computer. The rule does not take it, so they cannot get in."},
	{Code: reason.IKEv2Only, Text: "{at} negotiates by IKEv2 only, which knows no Kerberos: {by}", Fix: "PowerShell: " + entry.SetRule + "-KeyModule Default",
		Means: "The rule allows IKEv2 as its only keying module. IKEv2 authenticates by certificates, not by Kerberos."},
	{Code: reason.MainModeOwnMethods, Text: "{at} has a main mode rule {rule|q}, whose own authentication set may take the place of the rule's",
		Means: "A main mode rule has an authentication set of its own. Which of the two sets counts is not known here."},
	{Code: reason.OtherAuthentication, Text: "{by} accepts {method}: whoever has such a certificate gets in", Severity: run.Warn,
		Means: "The rule takes certificates beside Kerberos. Look at who can get a certificate of that authority."},
	{Code: reason.UserAuthentication, Text: "{by} requires a second authentication, of the user ({methods}): the service that activates has no user", Severity: run.High,
		Fix:   entry.InEditor + "the rule's Authentication tab: Computer (Kerberos V5) alone; PowerShell: Remove-NetIPsecRule, then New-NetIPsecRule with the same and without -Phase2AuthSet",
		Means: "The rule asks for a user after it asked for the computer. The service that activates Windows runs without a user and is locked out."},
	{Code: reason.AuthorisedComputers, Text: "{end}: {by} lets in only computers that {sddl} grants it; who they are is not looked at", Severity: run.Info,
		Means: "The rule lets in only some of the computers that authenticate. kmsiso does not look at which ones."},

	{Code: reason.AsleepInDomain, Text: "{at} has no rule that is awake in the Domain profile: {by} is for {profiles} only",
		Fix:   entry.InEditor + "the rule's Advanced tab, Profiles: Domain; PowerShell: " + entry.SetRule + "-Profile Domain",
		Means: "A machine that sees its domain controllers is in the Domain profile. The rule is for other profiles, so it does nothing there."},
	{Code: reason.UnknownInDomain, Text: "{at} cannot be told in the Domain profile: {why}",
		Means: "What the rules do in the Domain profile depends on something that is not known."},
	{Code: reason.OpenWhileAsleep, Text: "{at} is open to everybody when it loses its domain controllers: " + opens, FixBy: closePort,
		Means: "A host that loses its domain controllers leaves the Domain profile. The rule sleeps then, and a firewall rule lets everybody in."},
	{Code: reason.FailsOpen, Text: "{end}: " + opens, FixBy: closePort, Severity: run.Warn,
		Means: "A host that loses its domain controllers leaves the Domain profile. The rule sleeps then, and this port is open to everybody."},
	{Code: reason.OwnRulesDecide, Text: "the rule sleeps in profile {profiles}; whether TCP {port} is open then is for the host's own firewall rules to say, which are in no directory (the built-in SPPSVC-In-TCP may be on in every profile)",
		Means: "In that profile neither the rule nor a firewall rule of a GPO decides. The host's own firewall rules do, and a directory does not have them."},

	{Code: reason.AcceptsNoEncap, Text: "{at} accepts AUTH_NO_ENCAP, by {by}: after the authentication nothing is protected, so whoever stands between can take the connection over", Fix: withESP,
		Means: "The rule takes a proposal that authenticates the peer and then protects no packet."},
	{Code: reason.AcceptsNoESP, Text: "{at} accepts no ESP: {by} has AH only, which passes no NAT and no filter that was opened for ESP", Fix: withESP,
		Means: "The rule has proposals of AH only. The documents open the path for ESP."},
	{Code: reason.WeakCrypto, Text: "{by} accepts {algorithms}", Fix: withESP, Severity: run.Warn,
		Means: "The rule takes algorithms that are no longer held to be safe."},
	{Code: reason.MainModesDiffer, Text: "{at} have no main mode proposal in common: {why}",
		Fix: `GPMC: in the GPO of each end, Windows Defender Firewall with Advanced Security, Properties, IPsec Settings, Customize, Key exchange: the same proposal on both; ` +
			"PowerShell: New-NetIPsecMainModeCryptoSet -PolicyStore {store|ps} -DisplayName 'KMS' -Default -Proposal (New-NetIPsecMainModeCryptoProposal -Encryption AES128 -Hash SHA1 -KeyExchange DH14), and the same in the other GPO",
		Means: "The two ends do not agree on how to exchange keys, so no IPsec comes about between them."},
	{Code: reason.MainModesMayDiffer, Text: "{at} may have no main mode proposal in common: {why}",
		Means: "Whether the two ends agree on how to exchange keys depends on something that is not known."},
	{Code: reason.QuickModesDiffer, Text: "{at} have no quick mode proposal in common: one end has {one} ({by}), the other {other} ({other-by})", Fix: sameAtBoth,
		Means: "The two ends do not agree on how to protect packets, so no IPsec comes about between them."},
	{Code: reason.MethodsDiffer, Text: "{at} have no way to authenticate in common: one end has {one} ({by}), the other {other} ({other-by})", Fix: sameAtBoth,
		Means: "The two ends do not agree on how to prove who they are, so no IPsec comes about between them."},

	{Code: reason.ForeignExemption, Text: "{at} is exempt by {by}, which is not the isolation's own",
		Fix:   "GPMC: take the rule out of GPO {gpo|q}, or the GPO from these machines; PowerShell: Remove-NetIPsecRule -PolicyStore {store|ps} -DisplayName {rule|ps}",
		Means: "Another GPO gives the machine an authentication exemption, which opens what the isolation closes."},
	{Code: reason.BlockedForMembers, Text: "{at} is blocked for members too, in the Domain profile: by firewall {by}",
		Fix:   "GPMC: take the firewall rule out of GPO {gpo|q}; PowerShell: Remove-NetFirewallRule -PolicyStore {store|ps} -DisplayName {rule|ps}",
		Means: "A firewall rule of a GPO blocks the KMS port before IPsec counts. Members do not get in either."},
	{Code: reason.LostRule, Text: "{at} has lost a rule: {why}",
		Fix: "GPMC: edit GPO {by|q}: delete and make anew its connection security rules, which writes the file anew without {directive}, or order the GPOs so that it comes before the isolation; " +
			"PowerShell: Set-GPLink -Name {by|ps} -Domain {domain} -Target CONTAINER -Order N",
		Means: "A rule of the isolation is in the GPO, and a directive that is applied later deletes it."},
	{Code: reason.RuleRemoved, Text: "{end}: {why}", Severity: run.Info,
		Means: "A GPO deletes a rule that another GPO sets. The rule is not the isolation's, so the verdict does not change."},
	{Code: reason.RuleReplaced, Text: "{end}: {why}", Severity: run.Warn,
		Means: "A rule of the isolation is replaced by one of the same id. What counts is the later one, and it was judged."},
	{Code: reason.LocalMerge, Say: localMerge, Severity: run.Warn,
		Fix: "GPMC: Windows Defender Firewall with Advanced Security, Properties, Domain Profile, Settings, Apply local connection security rules: No; " +
			"PowerShell: Set-NetFirewallProfile -PolicyStore {store|ps} -Profile Domain -AllowLocalIPsecRules False",
		Means: "Rules of the machine's own count beside those of GPOs. Windows allows that unless a GPO says no."},
}
