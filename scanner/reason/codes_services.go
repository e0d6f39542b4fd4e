package reason

// Of IKE, ESP, DNS, the watched wire, and what a host says of itself.
const (
	// SeenIKE: what a host's IKE port answered. Args: to, protocol, answer, and
	// notify where it is one.
	SeenIKE Code = "seen-ike"
	// IKERefuses: the host says that nothing listens on the IKE port. Args: to.
	IKERefuses Code = "ike-refuses"
	// IKENotAsked: the vantage's own system did not send the datagram. Args:
	// vantage, to, words.
	IKENotAsked Code = "ike-not-asked"
	// IKESilentKMSAnswers: IKE is silent to all and the KMS port answers. Args: to.
	IKESilentKMSAnswers Code = "ike-silent-kms-answers"
	// IKEDoesNotPass: IKE answers another vantage and not this one. Args: to,
	// vantage, witness, host.
	IKEDoesNotPass Code = "ike-does-not-pass"
	// IKESilentToAll: IKE and the KMS port are silent, IKE to every vantage. Args:
	// to.
	IKESilentToAll Code = "ike-silent-to-all"
	// LargeIKEDoesNotPass: the host answers small messages here, and large ones to another
	// member only. Args: to, vantage, witness, host, octets, count.
	LargeIKEDoesNotPass Code = "large-ike-does-not-pass"
	// LargeIKEUnseen: the host answers small messages, and large ones do not come to its
	// wire. Args: to, host, watch, octets, count.
	LargeIKEUnseen Code = "large-ike-never-arrives"
	// LargeIKESilent: the host answers small messages, and large ones to nobody. Args: to,
	// octets, count.
	LargeIKESilent Code = "large-ike-silent-to-all"
	// LargeIKESilentSince: the host answered a message, and then none of whatever size.
	// Args: to.
	LargeIKESilentSince Code = "large-ike-silent-since"
	// LargeIKENotSent: the vantage's own system did not send large messages. Args: vantage,
	// to, words.
	LargeIKENotSent Code = "large-ike-not-sent"
	// LargeIKEWithoutSmall: a message of usual size had no answer, so no larger one was sent.
	LargeIKEWithoutSmall Code = "large-ike-without-small"
	// SlowIKE: one IKE answer took more than a second. Args: to, in.
	SlowIKE Code = "slow-ike"
	// ESPBehindNAT: ESP as such does not pass an address translation.
	ESPBehindNAT Code = "esp-behind-nat"
	// NoSecondEnd: no vantage sees the host's wire. Args: host.
	NoSecondEnd Code = "no-second-end"
	// SecondEndIsolated: the vantage that would watch is a host that shuts out the
	// controller. Args: vantage.
	SecondEndIsolated Code = "second-end-isolated"
	// ESPNotSent: the vantage's own system did not send the datagrams. Args: from,
	// to, words.
	ESPNotSent Code = "esp-not-sent"
	// ESPUnknown: the way into a vantage does not tell what became of them. Args:
	// from, to, words.
	ESPUnknown Code = "esp-outcome-unknown"
	// ESPNotCounted: the observation has no counts. Args: from, to.
	ESPNotCounted Code = "esp-not-counted"
	// ESPLost: no datagram arrived. Args: from, to, sent.
	ESPLost Code = "esp-lost"
	// LargeESPLost: no large datagram arrived. Args: from, to, octets.
	LargeESPLost Code = "large-esp-lost"
	// SmallESPLost: large datagrams arrived and small ones did not. Args: from, to.
	SmallESPLost Code = "small-esp-lost"
	// ESPArrived: datagrams of both sizes arrived. Args: from, to, seen, sent.
	ESPArrived Code = "esp-arrived"
	// PeerWithoutAddress: what a host must reach has no address. Args: peer, why.
	PeerWithoutAddress Code = "peer-without-address"
	// PeerUndeclared: its name stands for nothing in the policy.
	PeerUndeclared Code = "peer-undeclared"
	// OutboundRefused: what a host must reach refuses it. Args: to.
	OutboundRefused Code = "outbound-refused"
	// NoConnectionToWatch: the connection that would be watched did not come about.
	// Args: seen.
	NoConnectionToWatch Code = "no-connection-to-watch"
	// ClearSegments: TCP segments of a member were seen without IPsec. Args: count,
	// vantage, to.
	ClearSegments Code = "clear-segments"
	// SeenClear: what a watch saw where segments were in clear. Args: watch, esp.
	SeenClear Code = "seen-clear"
	// SeenProtected: what a watch saw where all was inside IPsec. Args: watch, esp.
	SeenProtected Code = "seen-protected"
	// SeenAsUndeclared: the addresses that a translation gives a vantage are not
	// declared. Args: vantage.
	SeenAsUndeclared Code = "seen-as-undeclared"
	// WireNotWatched: nobody sees the wire at a host. Args: host.
	WireNotWatched Code = "wire-not-watched"
	// HostRequires: the host's own registry requires IPsec from an address. Args:
	// host, from, rule.
	HostRequires Code = "host-requires"
	// NoResolver: a vantage has no resolver. Args: vantage.
	NoResolver Code = "no-resolver"
	// ResolverNotAsked: the vantage's own system did not send the question. Args:
	// vantage, resolver, words.
	ResolverNotAsked Code = "resolver-not-asked"
	// ResolverSilent: a resolver did not answer. Args: resolver, class, words.
	ResolverSilent Code = "resolver-silent"
	// ResolverError: a resolver answered with an error. Args: resolver, rcode.
	ResolverError Code = "resolver-error"
	// ResolverNoAddresses: a resolver names a host without its addresses. Args:
	// resolver, name.
	ResolverNoAddresses Code = "resolver-gives-no-addresses"
	// ResolverUnknownName: a resolver names what may be an alias of a host. Args:
	// resolver, name.
	ResolverUnknownName Code = "resolver-names-unknown"
	// StrangerInDNS: a resolver names what is no declared host. Args: resolver,
	// name.
	StrangerInDNS Code = "stranger-in-dns"
	// WrongPortInDNS: a resolver gives a port that is not declared. Args: resolver,
	// name, port, declared.
	WrongPortInDNS Code = "wrong-port-in-dns"
	// StrangerAddressInDNS: a resolver gives an address of a host that is not
	// declared. Args: resolver, name, address.
	StrangerAddressInDNS Code = "stranger-address-in-dns"
	// HostNotInDNS: a member's resolver does not name a host. Args: resolver, host.
	HostNotInDNS Code = "host-not-in-dns"
	// SeenSRV: what a resolver answered. Args: resolver, and class, rcode or
	// records, which is a list of reasons.
	SeenSRV Code = "seen-srv"
	// NoServiceInDNS: a record whose target is "." (RFC 2782).
	NoServiceInDNS Code = "no-service-in-dns"
	// AliasInDNS: a record whose target is an alias. Args: name, port, alias.
	AliasInDNS Code = "alias-in-dns"
	// RecordInDNS: a record. Args: name, port.
	RecordInDNS Code = "record-in-dns"
	// ICMPExempt: a host's own registry exempts ICMP. Args: host, by, which is empty
	// for Group Policy, port.
	ICMPExempt Code = "icmp-without-ipsec"
	// ICMPExemptByGPO: the resultant policy exempts ICMP. Args: host, why, port,
	// store.
	ICMPExemptByGPO Code = "icmp-without-ipsec-by-gpo"
	// ExemptUnset: IPsecExempt is not set.
	ExemptUnset Code = "ipsec-exempt-unset"
	// ExemptSet: IPsecExempt is set ([MS-GPFAS] 2.2.1.1). Args: bits, by, which is
	// empty for Group Policy.
	ExemptSet Code = "ipsec-exempt-set"
	// ResultantUnknown: the resultant policy of a host is not known.
	ResultantUnknown Code = "resultant-policy-unknown"
	// ResultantUnsure: something may change the resultant policy. Args: why.
	ResultantUnsure Code = "resultant-policy-unsure"
	// PingExempt: ping is no test, by the host's own registry. Args: host, bits, by,
	// port.
	PingExempt Code = "ping-exempt"
	// PingExemptByGPO: ping is no test, by the resultant policy. Args: host, why,
	// port.
	PingExemptByGPO Code = "ping-exempt-by-gpo"
	// NoInterfaces: the registry lists no interface.
	NoInterfaces Code = "no-interfaces"
	// SeenInterfaces: how many interfaces are static. Args: static, dhcp.
	SeenInterfaces Code = "seen-interfaces"
	// AddressByDHCP: interfaces have their addresses by DHCP. Args: interfaces.
	AddressByDHCP Code = "address-by-dhcp"
	// DHCPReservation: they have, by a reservation as declared.
	DHCPReservation Code = "dhcp-reservation"
	// DHCPPlatform: they have, of the platform as declared.
	DHCPPlatform Code = "dhcp-platform"
	// RuleOfGPO: the rule that decides, and its GPO. Args: rule, gpo.
	RuleOfGPO Code = "rule-of-gpo"
	// LocalRule: the rule that decides, where no GPO is known to hold it. Args:
	// rule.
	LocalRule Code = "local-rule"
)

// Whether a watch is shown to see what it is to see.
const (
	// SendingSeen is of a watch at a host that saw what the host sent. Args: host, interface, count.
	SendingSeen Code = "sending-seen"
	// SendingUnseen is of a watch at a host that saw nothing go out where the host has a declared address. Args: host, interface.
	SendingUnseen Code = "sending-unseen"
	// AddressUnwatched is of a declared address that no watched interface of the host bears. Args: host, address.
	AddressUnwatched Code = "address-unwatched"
	// MirrorShows is of a mirror that showed packets between a host and an allowed vantage. Args: watch, host, vantage.
	MirrorShows Code = "mirror-shows"
	// MirrorSilent is of a mirror that showed no packet of an allowed vantage to a host. Args: watch, host.
	MirrorSilent Code = "mirror-silent"
	// MirrorOneWay is of a mirror that showed packets to a host and none of it. Args: watch, host, vantage.
	MirrorOneWay Code = "mirror-one-way"
	// WatchOverflow is of a watch that saw more than it keeps. Args: watch.
	WatchOverflow Code = "watch-overflow"
)

// What is behind several verdicts of a run: the links of a chain that broke.
const (
	// VantageLost: nobody got into a vantage. Args: vantage, why.
	VantageLost Code = "vantage-lost"
	// VantageUnheard: nothing answers a vantage. Args: vantage, alive.
	VantageUnheard Code = "vantage-unheard"
	// HostDown: a host answers nobody. Args: host.
	HostDown Code = "host-down"
	// ServiceStopped: nothing listens on the KMS port. Args: host, port.
	ServiceStopped Code = "service-stopped"
	// OutboundRequired: a host reaches nobody outside IPsec. Args: vantage.
	OutboundRequired Code = "outbound-required"
	// ResolverUnreached: what a host does not reach resolves its names too. Args:
	// vantage.
	ResolverUnreached Code = "resolver-unreached"
	// ExemptionMissing: a host treats an exempt vantage like a stranger. Args: host,
	// vantage, exemptions.
	ExemptionMissing Code = "exemption-missing"
	// IKESilent: no IKE is answered at all. Args: host.
	IKESilent Code = "ike-silent"
	// IKEPortSilent: IKE is answered to nobody on a port. Args: host, port.
	IKEPortSilent Code = "ike-port-silent"
	// IKEDropped: IKE does not pass between two. Args: vantage, host, port.
	IKEDropped Code = "ike-dropped"
	// NegotiationFails: IKE passes, and no protected connection comes about. Args:
	// vantage.
	NegotiationFails Code = "negotiation-fails"
	// KMSPortHidden: a filter on the path hides the port of a host that is open.
	// Args: host, port, vantages.
	KMSPortHidden Code = "kms-port-hidden"
	// RefusedInClear: a host says no in clear. Args: host, vantages.
	RefusedInClear Code = "refused-in-clear"
	// OpenByIPv6: a host is isolated over IPv4 alone. Args: host, vantages.
	OpenByIPv6 Code = "open-by-ipv6"
	// OpenToPing: a host answers ping in clear, and nothing else. Args: host,
	// vantages.
	OpenToPing Code = "open-to-ping"
	// SourcePortHole: a host answers in clear what comes from some source ports, and nothing
	// else. Args: host, vantages, from.
	SourcePortHole Code = "source-port-hole"
	// UDPServiceOpen: UDP services of a host answer outsiders, and nothing else does. Args: host, vantages, ports.
	UDPServiceOpen Code = "udp-service-open"
	// UDPSourceHole: UDP services of a host answer outsiders that come from trusted ports, and
	// nothing else does. Args: host, vantages, ports, from.
	UDPSourceHole Code = "udp-source-hole"
	// PortsLeftOut: a host answers in clear on other ports than that of KMS. Args:
	// host, vantages, ports.
	PortsLeftOut Code = "ports-left-out"
	// OpenToAll: a host answers every outsider in clear. Args: host.
	OpenToAll Code = "open-to-all"
	// ExemptionTooWide: those who are let in stand just outside of an exemption.
	// Args: host, vantages, exemption.
	ExemptionTooWide Code = "exemption-too-wide"
	// OpenToSegment: a host lets in its own segment. Args: host, vantages.
	OpenToSegment Code = "open-to-segment"
	// OpenToSome: a host lets in some outsiders. Args: host, vantages.
	OpenToSome Code = "open-to-some"
	// OpenToOne: a host lets in the only outsider that there is. Args: host, vantages.
	OpenToOne Code = "open-to-one"
	// ESPBlocked: IKE passes and ESP does not. It has no sentence of its own.
	ESPBlocked Code = "esp-blocked"
	// PolicyNotApplied: a machine has not applied the policy. It has no sentence of its
	// own.
	PolicyNotApplied Code = "policy-not-applied"
	// RulesInDoubt: what a machine is told is not sure. It has no sentence of its own.
	RulesInDoubt Code = "rules-in-doubt"
	// LikewiseAt: the same is so elsewhere. Args: at, pairs of vantage and target.
	LikewiseAt Code = "likewise-at"
)
