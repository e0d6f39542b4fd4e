package reason

// What should be, by the declared isolation: the first of the three answers of a
// cell.
const (
	// IntendedGPO: the GPO that carries the isolation. Args: gpo or gpo-id, domain.
	IntendedGPO Code = "intended-gpo"
	// IntendedLink: where it is linked. Args: domain.
	IntendedLink Code = "intended-link"
	// IntendedPermission: who may read and apply it.
	IntendedPermission Code = "intended-permission"
	// IntendedVersion: its version. Args: gpo or gpo-id.
	IntendedVersion Code = "intended-version"
	// IntendedFilter: its WMI filter.
	IntendedFilter Code = "intended-wmi-filter"
	// IntendedNoControllers: the domain controllers, which do not get it. Args: gpo or gpo-id.
	IntendedNoControllers Code = "intended-no-controllers"
	// IntendedActivation: how they activate.
	IntendedActivation Code = "intended-activation"
	// IntendedCopies: the copies of several domains.
	IntendedCopies Code = "intended-copies"
	// IntendedCoverage: how many computers get the isolation. Args: threshold, domain.
	IntendedCoverage Code = "intended-coverage"
	// IntendedNoLegacy: what is too old for such rules.
	IntendedNoLegacy Code = "intended-no-legacy"
	// IntendedAccount: the account of a KMS host.
	IntendedAccount Code = "intended-account"
	// IntendedTrust: the trust of forests. Args: forest.
	IntendedTrust Code = "intended-trust"
	// IntendedInbound: what a KMS host is told. Args: addresses.
	IntendedInbound Code = "intended-inbound-rule"
	// IntendedOutbound: what a client is told.
	IntendedOutbound Code = "intended-outbound-rule"
	// IntendedRequirement: what the rule of a host asks for.
	IntendedRequirement Code = "intended-requirement"
	// IntendedClientRequirement: what the rule of a client asks for.
	IntendedClientRequirement Code = "intended-client-requirement"
	// IntendedKerberos: how the ends authenticate.
	IntendedKerberos Code = "intended-kerberos"
	// IntendedCrypto: the quick mode.
	IntendedCrypto Code = "intended-crypto"
	// IntendedOnePolicy: who decides.
	IntendedOnePolicy Code = "intended-one-policy"
	// IntendedProfile: the profile of the rule.
	IntendedProfile Code = "intended-profile"
	// IntendedClosed: the other profiles.
	IntendedClosed Code = "intended-closed"
	// IntendedExemptions: whom a host exempts. Args: host, exempt.
	IntendedExemptions Code = "intended-exemptions"
	// IntendedNAT: clients behind NAT.
	IntendedNAT Code = "intended-nat"
	// IntendedInformation: a check that only informs.
	IntendedInformation Code = "intended-information"
	// IntendedHostRules: what a host has applied.
	IntendedHostRules Code = "intended-host-rules"
	// IntendedHostRequests: what a host has applied at the stage request.
	IntendedHostRequests Code = "intended-host-requests"
	// IntendedClientRules: what a client has applied.
	IntendedClientRules Code = "intended-client-rules"
	// IntendedStatic: the addresses of a host. Args: dhcp.
	IntendedStatic Code = "intended-static-address"
	// IntendedSilence: an outsider. Args: vantage.
	IntendedSilence Code = "intended-silence"
	// IntendedBind: a member at the KMS port.
	IntendedBind Code = "intended-bind"
	// IntendedESP: what the wire shows of a member.
	IntendedESP Code = "intended-esp"
	// IntendedPing: ping of a member.
	IntendedPing Code = "intended-ping"
	// IntendedExempt: an exempt vantage. Args: exemption.
	IntendedExempt Code = "intended-exempt-answer"
	// IntendedNATAnswer: a member behind NAT.
	IntendedNATAnswer Code = "intended-nat-answer"
	// IntendedInboundAnswer: a declared way in. Args: vantage, host.
	IntendedInboundAnswer Code = "intended-inbound-answer"
	// IntendedOutboundAnswer: what a host reaches.
	IntendedOutboundAnswer Code = "intended-outbound-answer"
	// IntendedIKE: IKE.
	IntendedIKE Code = "intended-ike"
	// IntendedDatagrams: ESP.
	IntendedDatagrams Code = "intended-datagrams"
	// IntendedRecords: the SRV records of a domain. Args: domain, hosts.
	IntendedRecords Code = "intended-records"
)

// What proves an observation.
const (
	// ControlsAnswered: the controls of a deny. Args: before, earlier, after, later.
	ControlsAnswered Code = "controls-answered"
)
