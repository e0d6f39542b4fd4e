package reason

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
