package reason

// Why Windows does not take a rule ([MS-FASP] 2.2.37, 2.2.55).
const (
	// RejectedVersion: the version is lower than any
	RejectedVersion Code = "low-rule-version"
	// RejectedAction: the rule has no action
	RejectedAction Code = "no-action"
	// RejectedExemptionSet: an exemption names a set
	RejectedExemptionSet Code = "exemption-with-set"
	// RejectedNoAuth: the rule names no first authentication set
	RejectedNoAuth Code = "no-authentication-set"
	// RejectedNoCrypto: the rule names no quick mode crypto set
	RejectedNoCrypto Code = "no-crypto-set"
	// RejectedSetID: the id of a set is too long
	RejectedSetID Code = "long-set-id"
	// RejectedPorts: ports beside a protocol that has none
	RejectedPorts Code = "ports-without-transport"
	// RejectedTunnelAction: a tunnel rule has another action than Secure
	RejectedTunnelAction Code = "tunnel-action"
	// RejectedTunnelAuthorization: a tunnel rule has an authorisation of its own
	RejectedTunnelAuthorization Code = "tunnel-authorization"
	// RejectedTunnelToken: a part that only a tunnel rule may have
	RejectedTunnelToken Code = "tunnel-token"
	// RejectedMulticast: an endpoint has multicast addresses
	RejectedMulticast Code = "multicast-endpoint"
	// RejectedName: the rule has no name
	RejectedName Code = "no-rule-name"
	// RejectedLongName: the name is too long
	RejectedLongName Code = "long-rule-name"
	// RejectedAll: the rule is named ALL
	RejectedAll Code = "rule-named-all"
	// RejectedLongID: the id is too long
	RejectedLongID Code = "long-rule-id"
	// RejectedBarInID: the id has a bar in it
	RejectedBarInID Code = "bar-in-rule-id"
	// RejectedDirection: the firewall rule has no direction
	RejectedDirection Code = "no-direction"
	// RejectedBlockSecure: the rule blocks and asks for IPsec
	RejectedBlockSecure Code = "block-with-ipsec"
	// RejectedOverride: the override lacks what it has to have
	RejectedOverride Code = "incomplete-override"
	// RejectedNamesWithoutIPsec: machines or users without IPsec
	RejectedNamesWithoutIPsec Code = "names-without-ipsec"
	// RejectedOutboundMachines: an outbound rule names machines
	RejectedOutboundMachines Code = "outbound-machines"
	// RejectedICMP: ICMP types beside another protocol
	RejectedICMP Code = "icmp-types-without-icmp"
)
