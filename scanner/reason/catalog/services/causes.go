package services

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// What is behind several verdicts.
var causes = []entry.Entry{
	{
		Code: reason.VantageLost, Text: "nothing could be tested from {vantage}: {why}",
		Fix:   "mend the way in, or name another one (via:)",
		Means: "None of the ways into the vantage worked, so nothing is known of what can be seen from there. The reason of each way stands beside it.",
	},
	{
		Code: reason.VantageUnheard, Text: "{vantage} is cut off: nothing that should answer it does, neither the hosts nor {alive}",
		Fix:   "look at its route, its cable and its own firewall first",
		Means: "Nothing was heard at the vantage, not even from the names that the policy lists under alive. So its silence shows nothing about the hosts.",
	},
	{
		Code: reason.HostDown, Text: "{host} answers nobody, on no port and by no protocol: it is down, cut off, or has another address",
		Fix:   "see whether the host is up and has the declared addresses",
		Means: "Every vantage asked the host and none was answered, members and exempt ones included. Isolation alone does not do that.",
	},
	{
		Code: reason.ServiceStopped, Text: "nothing listens on TCP {port} of {host}: the service is stopped, or listens on another port",
		Fix:   "start the Software Protection service, and compare its port (slmgr /dlv) with the policy and the SRV record",
		Means: "The host is up and refuses the KMS port to those who may use it. A port that nobody listens on also looks closed to outsiders, so their silence proves nothing.",
	},
	{
		Code: reason.OutboundRequired, Text: "{vantage} reaches nobody outside IPsec: outbound is required there, or filtered altogether",
		Fix:   "set the rule to require inbound and request outbound (SecureServer), then look at the host's own outbound filters",
		Means: "All connections from the host to machines without IPsec fail. The white paper has the rule require inbound and request outbound.",
	},
	{
		Code: reason.ResolverUnreached, Text: "it is the resolver of {vantage} too",
		Fix:   "let the KMS host reach its domain controllers: the rule must request outbound, not require it, and routers must pass it",
		Means: "The domain controller that the host does not reach answers its DNS queries. So it resolves no names either.",
	},
	{
		Code: reason.ExemptionMissing, Text: "{host} treats {vantage} like a stranger: the exemption {exemptions} is missing on the host, narrower there than declared, or filtered on the path",
		Fix:   "compare the authentication exemption in the GPO with the declared addresses, and see gpo-applied of the host",
		Means: "The policy exempts the address of the vantage. The host answers others and not this one.",
	},
	{
		Code: reason.IKESilent, Text: "{host} answers no IKE at all, on UDP 500 or 4500: IKEEXT is stopped, or no IPsec policy reached the host",
		Fix:   passIKE,
		Means: "No vantage got an answer to IKE on either port. Without IKE nothing is negotiated, and members are cut off as well.",
	},
	{
		Code: reason.IKEPortSilent, Text: "UDP {port} of {host} answers nobody: a filter drops it for all, or IKE does not run there",
		Fix:   passIKE,
		Means: "No vantage got an answer to IKE on this port. The other port may work.",
	},
	{
		Code: reason.IKEDropped, Text: "UDP {port} does not pass between {vantage} and {host}",
		Fix:   "let UDP {port} pass both ways on the routers between them",
		Means: "Others get an answer to IKE on this port, and this vantage does not. So something on its path drops it.",
	},
	{
		Code: reason.NegotiationFails, Text: "IKE answers {vantage}, and yet no protected connection comes about: the negotiation fails (authentication, no common proposal), or {vantage} does not try",
		Fix:   "look at events 4653, 4654 and 4984 on both ends, at the clock and the secure channel of the client, and at gpo-applied",
		Means: "The path lets IKE through, and the flow stays silent. What is left is the negotiation itself, at either end.",
	},
	{
		Code: reason.KMSPortHidden, Text: "a filter on the path hides TCP {port} of {host}, and the host itself answers {vantages} in clear: it does not require IPsec",
		Fix:   "set the rule's action to require inbound (SecureServer) and see that it is enforced; the filter is no isolation",
		Means: "The KMS port is silent to outsiders, and other ports of the same host answer them. A test of the KMS port alone would call this host isolated.",
	},
	{
		Code: reason.RefusedInClear, Text: "{host} refused {vantages} itself: it takes their packets in clear, if only to say no",
		Fix:   "set the rule to require inbound, and see why the host rejects instead of dropping",
		Means: "The refusal came from the host and not from a router. A host that requires IPsec does not answer in clear at all.",
	},
	{
		Code: reason.OpenByIPv6, Text: "{host} is isolated over IPv4 and answers {vantages} in clear over IPv6",
		Fix:   "add the host's IPv6 addresses to Endpoint 2 of the rule",
		Means: "Outsiders get answers over IPv6 only. The rule names the host's IPv4 addresses and not these.",
	},
	{
		Code: reason.OpenToPing, Text: "{host} answers ping of {vantages} in clear and is isolated otherwise: ICMP is exempt from IPsec there",
		Fix:   "remove the ICMP exemption (IPsec settings, Exempt ICMP from IPsec), or judge by TCP 1688 and say so",
		Means: "Ping is answered and no port is. Windows has one setting that lets ICMP pass without IPsec.",
	},
	{
		Code: reason.SourcePortHole, Text: "{host} answers {vantages} in clear when they come from TCP port {from}: a firewall rule or an exemption lets packets in by their source port",
		Fix:   "take out the rule that names this remote port, or have it require IPsec; see NoDefaultExempt where it is 88",
		Means: "Anybody can choose the source port of a packet. A rule that trusts one lets everybody in who knows it.",
	},
	{
		Code: reason.UDPServiceOpen, Text: "{host} answers {vantages} in clear on UDP {ports}, and is isolated otherwise",
		Fix:   "let the connection security rule cover UDP too, and take out the exemption or firewall rule that lets it in",
		Means: "The rule, or an exemption from it, is for TCP or for some ports only. NetBIOS and SNMP tell anybody what the host is.",
	},
	{
		Code: reason.UDPSourceHole, Text: "{host} answers {vantages} in clear on UDP {ports} when they come from UDP port {from}: a firewall rule or an exemption lets packets in by their source port",
		Fix:   "take out the rule that names this remote port, or have it require IPsec; see NoDefaultExempt where it is 88 or 500",
		Means: "Anybody can choose the source port of a packet. A rule that trusts one lets everybody in who knows it.",
	},
	{
		Code: reason.PortsLeftOut, Text: "{host} answers {vantages} in clear on TCP {ports}: an exemption or a rule for ports leaves them out",
		Fix:   "let the rule cover every port, or declare scope: kms-port",
		Means: "The KMS port is closed to outsiders and other ports are open. The rule, or an exemption from it, is for some ports only.",
	},
	{
		Code: reason.OpenToAll, Text: "{host} answers every outsider in clear: it does not require IPsec of anybody",
		Fix:   "see on the host that the rule is there, names all its addresses, says require inbound, and that its profile is active",
		Means: "Every outsider that tried was answered without IPsec. Anybody who reaches the host can activate by it.",
	},
	{
		Code: reason.ExemptionTooWide, Text: "{host} answers {vantages} in clear: the exemption {exemption} is wider on the host than declared",
		Fix:   "narrow the exemption's addresses to what is declared",
		Means: "Those who are answered stand just outside of the declared addresses of this exemption, within the next wider prefix.",
	},
	{
		Code: reason.OpenToSegment, Text: "{host} answers {vantages}, in its own segment, in clear, and nobody from further away",
		Fix:   "look for an exemption of LocalSubnet or of the segment's addresses",
		Means: "Only outsiders of the host's own segment are answered in clear.",
	},
	{
		Code: reason.OpenToSome, Text: "{host} answers {vantages} in clear and not the other outsiders: something lets its addresses in",
		Fix:   findExemption,
		Means: "Some outsiders are answered without IPsec, and others are not.",
	},
	{
		Code: reason.OpenToOne, Text: "{host} answers {vantages} in clear: something lets its addresses in",
		Fix:   findExemption,
		Means: "The only outsider that tried is answered without IPsec. Whether others are is not known.",
	},
	{
		Code:  reason.ESPBlocked,
		Fix:   "let IP protocol 50 pass both ways, in every size, on the routers between them",
		Means: "IKE passes between the two and ESP does not, so what they agree on never carries anything.",
	},
	{
		Code:  reason.PolicyNotApplied,
		Fix:   "gpupdate /target:computer /force, then gpresult /scope computer: see which filter keeps the GPO away",
		Means: "The machine does not do what the policy tells it, and the checks that follow from that fail as well.",
	},
	{
		Code:  reason.RulesInDoubt,
		Fix:   "look at what is named in the editor; GPMC: the GPO's Settings tab shows what Windows makes of it",
		Means: "One thing that could not be read or decided leaves several checks of the rules in doubt.",
	},
	{
		Code: reason.LikewiseAt, Text: "likewise {at}",
		Means: "The same check says the same of other vantages and hosts. They are shown as one cause.",
	},
}

const (
	passIKE       = "see that IKEEXT runs, that the rule is enforced, and that every router passes UDP 500 and 4500 both ways"
	findExemption = "look for an exemption that covers its address, and see that the rule requires inbound"
)
