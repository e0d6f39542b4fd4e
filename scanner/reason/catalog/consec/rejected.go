package consec

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var rejected = []entry.Entry{
	{
		Code:  reason.RejectedVersion,
		Text:  "its version is lower than {least}",
		Means: "Rules of a lower version than the first one are not taken.",
	},
	{
		Code:  reason.RejectedAction,
		Text:  "it has no action",
		Means: "A rule has to say what it does.",
	},
	{
		Code:  reason.RejectedExemptionSet,
		Text:  "an exemption must name no authentication or crypto set",
		Means: "An exemption negotiates nothing, so it has no sets.",
	},
	{
		Code:  reason.RejectedNoAuth,
		Text:  "it names no first authentication set",
		Means: "A rule that protects has to say how the peers authenticate.",
	},
	{
		Code:  reason.RejectedNoCrypto,
		Text:  "it names no crypto set",
		Means: "A rule that protects has to say what it proposes.",
	},
	{
		Code:  reason.RejectedSetID,
		Text:  "the id of a set has 1,000 characters or more",
		Means: "Windows takes ids of at most 999 characters.",
	},
	{
		Code:  reason.RejectedPorts,
		Text:  "it has ports but its protocol is neither TCP nor UDP",
		Means: "Only TCP and UDP have ports.",
	},
	{
		Code:  reason.RejectedTunnelAction,
		Text:  "a tunnel rule must have the action Secure",
		Means: "Windows takes tunnel rules with the action Secure only.",
	},
	{
		Code:  reason.RejectedTunnelAuthorization,
		Text:  "a tunnel rule must have no authorisation of its own",
		Means: "Who may use a tunnel is set for all tunnels, not in a rule.",
	},
	{
		Code:  reason.RejectedTunnelToken,
		Text:  "it says {token}, which only a tunnel rule may",
		Means: "The rule is for transport mode and has a part of tunnel rules.",
	},
	{
		Code:  reason.RejectedMulticast,
		Text:  "an endpoint has multicast addresses",
		Means: "IPsec protects packets between two machines, not multicast.",
	},
	{
		Code:  reason.RejectedName,
		Text:  "it has no name",
		Means: "Every rule has to have a name.",
	},
	{
		Code:  reason.RejectedLongName,
		Text:  "its name has 10,000 characters or more",
		Means: "Windows takes names of at most 9,999 characters.",
	},
	{
		Code:  reason.RejectedAll,
		Text:  `it is named "ALL", which stands for every rule`,
		Means: "The name ALL stands for every rule in commands, so no rule may have it.",
	},
	{
		Code:  reason.RejectedLongID,
		Text:  "its id has 1,000 characters or more",
		Means: "Windows takes ids of at most 999 characters.",
	},
	{
		Code:  reason.RejectedBarInID,
		Text:  "its id has a | in it",
		Means: "The bar separates the parts of a rule, so an id must not have it.",
	},
	{
		Code:  reason.RejectedDirection,
		Text:  "it has no direction",
		Means: "A firewall rule is for what comes in or for what goes out.",
	},
	{
		Code:  reason.RejectedBlockSecure,
		Text:  "it blocks, and asks for IPsec all the same",
		Means: "A rule that blocks lets nothing through, so it has nothing to authenticate.",
	},
	{
		Code:  reason.RejectedOverride,
		Text:  "it overrides blocking rules, and is not inbound, authenticated and for named machines",
		Means: "An override has to be inbound, to ask for IPsec, and to name the machines that it is for.",
	},
	{
		Code:  reason.RejectedNamesWithoutIPsec,
		Text:  "it names machines or users, and asks for no IPsec",
		Means: "Only IPsec tells who the other end is.",
	},
	{
		Code:  reason.RejectedOutboundMachines,
		Text:  "it is outbound, and names machines",
		Means: "Only an outbound rule that overrides blocking ones may name machines.",
	},
	{
		Code:  reason.RejectedICMP,
		Text:  "it has ICMP types but its protocol is another",
		Means: "Types of ICMP belong to protocol 1, those of ICMPv6 to protocol 58.",
	},
}
