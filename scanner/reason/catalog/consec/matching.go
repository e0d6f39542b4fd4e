package consec

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var matching = []entry.Entry{
	{
		Code:  reason.RuleInactive,
		Text:  "{rule|rule}is inactive",
		Means: "A rule without Active=TRUE does nothing. Look whether it was switched off on purpose.",
	},
	{
		Code:  reason.RuleOfTunnel,
		Text:  "{rule|rule}is a tunnel rule",
		Means: "kmsiso looks at rules in transport mode, between the two machines themselves. A tunnel rule protects something else.",
	},
	{
		Code:  reason.RuleRejected,
		Text:  "{rule|rule}is not taken by Windows: {why}",
		Means: "The rule breaks one of the conditions of [MS-FASP] 2.2.37 or 2.2.55. Windows ignores such a rule as a whole, whatever else is in it.",
	},
	{
		Code:  reason.RuleOtherProtocol,
		Text:  "{rule|rule}is for protocol {protocol} only",
		Means: "The number is that of the IP protocol: 6 is TCP, 17 UDP, 1 and 58 ICMP.",
	},
	{
		Code:  reason.RuleNeither,
		Text:  "{rule|rule}covers neither {local} nor {remote}",
		Means: "Both endpoints of the rule were compared with both addresses. Compare them with the addresses that the policy declares.",
	},
	{
		Code:  reason.RuleMissesAddress,
		Text:  "{rule|rule}does not cover {address}",
		Means: "The rule names the other end of the packet and not this one. An address that was added to a host and not to the rule looks like this.",
	},
	{
		Code:  reason.RuleMissesPair,
		Text:  "{rule|rule}does not cover traffic between {local} and {remote}",
		Means: "A rule is for traffic between its first and its second endpoint. Here both addresses are in the same one.",
	},
	{
		Code:  reason.RuleMissesPort,
		Text:  "{rule|rule}is not for port {port} there",
		Means: "The ports of a rule belong to one of its endpoints. Look at which side the port is given.",
	},
	{
		Code:  reason.RuleByKeyword,
		Text:  "{rule|rule}may cover the packet by a keyword that each machine resolves for itself ({keywords})",
		Means: "Words such as LocalSubnet or DNS stand for addresses that each machine finds out for itself ([MS-FASP] 2.2.21). Nobody else can say what they cover, so the answer is not known.",
	},
	{
		Code:  reason.RuleByFreePort,
		Text:  "{rule|rule}is for some ports of the side that chooses its port freely",
		Means: "A client sends from a port that its system picks. The rule is for some of these ports, so some connections are covered and others are not.",
	},
	{
		Code:  reason.RuleOfRealm,
		Text:  "{rule|rule}is for programs of a security realm only",
		Means: "SecurityRealmEnabled narrows the rule to programs that nobody can see from outside. Whether it is for the packet is not known.",
	},
	{
		Code:  reason.RuleEndpointAndInterface,
		Text:  "{rule|rule}names its first endpoint and interfaces at once, which [MS-FASP] 2.2.55 forbids",
		Means: "What Windows makes of such a rule is not documented, so the answer is not known.",
	},
	{
		Code:  reason.RuleUnknownProfile,
		Text:  "{rule|rule}is for profile {profiles}, and the machine's is not known",
		Means: "Which profile a network has is decided by each machine. Where it is not known, the rule may be for the packet or not.",
	},
	{
		Code:  reason.RuleNoSuchProfile,
		Text:  "{rule|rule}is for profile {profiles}, and {profile|q} is none",
		Means: "Windows has the profiles domain, private and public. The profile that was given is another word.",
	},
	{
		Code:  reason.RuleOtherProfile,
		Text:  "{rule|rule}sleeps in profile {profile} (it is for {profiles})",
		Means: "A rule works in its own profiles alone. A domain member that cannot reach a domain controller is not in the domain profile.",
	},
	{
		Code:  reason.RuleSkipped,
		Text:  "{rule|rule}is skipped by this Windows: its policy version {version} is not above {skip}",
		Means: "SkipVer tells versions of Windows up to this one to ignore the rule ([MS-GPFAS] 2.2.6.2).",
	},
	{
		Code:  reason.RuleMaybeSkipped,
		Text:  "{rule|rule}is skipped by Windows whose policy version is {skip} or lower",
		Means: "SkipVer tells versions of Windows up to this one to ignore the rule. Which Windows the machine runs is not known.",
	},
	{
		Code:  reason.RuleOtherPlatform,
		Text:  "{rule|rule}is for certain versions of Windows only ({platforms}{later|later}), not for {windows}",
		Means: "The rule names the versions of Windows that it is for ([MS-FASP] 2.2.29). That of this machine is not among them.",
	},
	{
		Code:  reason.RuleUnknownPlatform,
		Text:  "{rule|rule}is for certain versions of Windows only ({platforms}{later|later})",
		Means: "The rule names the versions of Windows that it is for ([MS-FASP] 2.2.29). Which one the machine runs is not known.",
	},
	{
		Code:  reason.RuleOfInterfaces,
		Text:  "{rule|rule}is for the interfaces {interfaces} only",
		Means: "The rule names interfaces by their GUIDs, which differ from machine to machine. A rule for many machines should name none.",
	},
	{
		Code:  reason.RuleOfInterfaceTypes,
		Text:  "{rule|rule}is for interfaces of type {types} only",
		Means: "The rule is for cable, wireless or remote access alone. A packet over another interface is not covered.",
	},
	{
		Code:  reason.OwnRulesInSomeProfiles,
		Text:  "{rule|rule}is the machine's own, and such rules do not count in every profile ({setting})",
		Means: "Group Policy can switch off a machine's own rules for each profile. The machine's profile is not known.",
	},
	{
		Code:  reason.OwnRulesOff,
		Text:  "{rule|rule}is the machine's own, and such rules do not count in profile {profile} ({setting} is 0)",
		Means: "Group Policy has switched off the rules of the machine's own in this profile.",
	},
	{
		Code:  reason.RuleOtherDirection,
		Text:  "{rule|firewall}is for the other direction",
		Means: "A firewall rule is for what comes in or for what goes out.",
	},
	{
		Code:  reason.RuleOtherHost,
		Text:  "{rule|firewall}is not for the address {address} of this machine",
		Means: "The local address of a firewall rule is one of the machine itself.",
	},
	{
		Code:  reason.RuleOtherPeer,
		Text:  "{rule|firewall}is not for the peer {peer}",
		Means: "The remote address of a firewall rule is that of the other end.",
	},
	{
		Code:  reason.RuleOtherPort,
		Text:  "{rule|firewall}is not for port {port}",
		Means: "The packet goes to a port that the rule does not name.",
	},
	{
		Code:  reason.RuleByPortKeyword,
		Text:  "{rule|firewall}may cover the port: by a keyword, or for some ports of the side that chooses its port freely",
		Means: "Words such as RPC stand for ports that each machine chooses, and a client sends from a port that its system picks.",
	},
	{
		Code:  reason.RuleOtherMessage,
		Text:  "{rule|firewall}is for other ICMP messages than echo requests",
		Means: "kmsiso asks about echo requests: type 8 of ICMP, 128 of ICMPv6.",
	},
	{
		Code:  reason.RuleOfProgram,
		Text:  "{rule|firewall}is for {programs} only",
		Means: "The rule is bound to a program, a service or a package. Which program has the port is not known, or it is another one.",
	},
	{
		Code:  reason.RuleConditions,
		Text:  "{rule|firewall}depends on what is not judged here: {conditions}",
		Means: "The rule has parts that narrow it in a way that cannot be told from outside, or that are newer than this kmsiso.",
	},
	{
		Code:  reason.RuleExempts,
		Text:  "{rule|rule}exempts it",
		Means: "A rule with the action DoNotSecure lets the packet pass without IPsec. Where an exemption covers a KMS host by mistake, the host is open to those addresses.",
	},
	{
		Code:  reason.RuleExemptsFirst,
		Text:  "{rule|rule}exempts it (order not documented)",
		Means: "Microsoft does not document which of the two comes first. kmsiso takes the exemption to win, which is the looser reading.",
	},
	{
		Code:  reason.RuleProtects,
		Text:  "{rule|rule}has the action {action}",
		Means: "The rule decides: SecureServer and Secure require IPsec for what comes in, Boundary asks for it.",
	},
	{
		Code:  reason.RuleApplies,
		Text:  "{rule|rule}is for it and has the action {action}",
		Means: "The rule is one of those that decide what becomes of the packet.",
	},
}
