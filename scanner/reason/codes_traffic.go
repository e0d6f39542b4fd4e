package reason

// What was tried and what was seen, from vantages.
const (
	// Seen: what became of one observation: nothing is concluded from it. Args:
	// class, and where they are known at, words, for, in, bind.
	Seen Code = "seen"
	// NotObserved: the run has no observation of what was planned.
	NotObserved Code = "not-observed"
	// PlaceNotObserved: the tool could not look there. Args: at, why.
	PlaceNotObserved Code = "place-not-observed"
	// NoAddressOfFamily: nothing is declared over which this could be tried.
	NoAddressOfFamily Code = "no-address-of-family"
	// NoIPv4ForNATT: the host has no IPv4 address, and NAT-T is for IPv4 alone.
	NoIPv4ForNATT Code = "no-ipv4-for-nat-t"
	// NoIPv6AtVantage: a vantage cannot send over IPv6. Args: vantage.
	NoIPv6AtVantage Code = "no-ipv6-at-vantage"
	// StageIsRequest: outsiders are not denied yet.
	StageIsRequest Code = "stage-is-request"
	// ScopeIsKMSPort: ping is outside of what is isolated.
	ScopeIsKMSPort Code = "scope-is-kms-port"
)

// Of a deny.
const (
	// OutsiderAnswered: a host answers an outsider. Args: vantage, at.
	OutsiderAnswered Code = "outsider-answered"
	// OutsiderAccepted: a host accepts a connection of an outsider, and its answer
	// is not whole. Args: vantage, at.
	OutsiderAccepted Code = "outsider-accepted"
	// OutsiderRefusedByHost: a refusal has the hop count of the host's own answers.
	// Args: vantage, at, hops.
	OutsiderRefusedByHost Code = "outsider-refused-by-host"
	// RefuserUnknown: hop counts that would tell who refused are not known. Args:
	// at.
	RefuserUnknown Code = "refuser-unknown"
	// OutsiderNotSent: the outsider's own system did not send. Args: vantage, at,
	// words.
	OutsiderNotSent Code = "outsider-not-sent"
	// OutsiderNoRoute: the outsider has no route to the host. Args: vantage, at,
	// words.
	OutsiderNoRoute Code = "outsider-no-route"
	// OutsiderNoName: the host's name has no address for the outsider. Args: host,
	// at.
	OutsiderNoName Code = "outsider-no-name"
	// OutsiderUnreachable: an ICMP error or a dead neighbour, which is no filter
	// that says so. Args: at, words.
	OutsiderUnreachable Code = "outsider-unreachable"
	// OutsiderUnknown: the way into the outsider does not tell what became of it.
	// Args: at, words.
	OutsiderUnknown Code = "outsider-outcome-unknown"
	// UnexpectedClass: an outcome that this version does not know. Args: class, at.
	UnexpectedClass Code = "unexpected-class"
	// NoControlBefore: nobody who may reach the host was answered before the
	// silence. Args: at, why.
	NoControlBefore Code = "no-control-before"
	// NoControlAfter: nobody who may reach the host was answered after the silence.
	// Args: at, why.
	NoControlAfter Code = "no-control-after"
	// NoControlDeclared: there is no domain and no exempt vantage.
	NoControlDeclared Code = "no-control-declared"
	// NoControlOfUse: each domain vantage is behind NAT, and no exempt one is exempt
	// towards the host.
	NoControlOfUse Code = "no-control-of-use"
	// NotAsked: a control was not observed. Args: vantage.
	NotAsked Code = "not-asked"
	// VantageNotAlive: nothing answers the outsider, so its silence may be its own.
	// Args: vantage, at, why.
	VantageNotAlive Code = "vantage-not-alive"
	// NoAliveAddress: what is declared as alive has no address of the family.
	NoAliveAddress Code = "no-alive-address"
	// OwnEgressMayBlock: nothing else answers the outsider on that port. Args:
	// vantage, at, protocol, why.
	OwnEgressMayBlock Code = "own-egress-may-block"
	// NoEgressControl: nothing is declared that answers the vantage on that port.
	// Args: vantage.
	NoEgressControl Code = "no-egress-control"
	// Denied: where a deny was proved. Args: at.
	Denied Code = "denied"
	// DenyUnattributed: nothing shows whose doing the deny is. Args: why.
	DenyUnattributed Code = "deny-unattributed"
	// PathDenies: a device before the host denies. Args: why.
	PathDenies Code = "path-denies"
	// DeniedOnPath: the same as a finding: the isolation of the host is not tested.
	DeniedOnPath Code = "denied-on-path"
	// ArrivedUnanswered: packets were seen at the host, and it said nothing. Args:
	// watch, vantage, at.
	ArrivedUnanswered Code = "arrived-unanswered"
	// PairedAnswered: an exempt neighbour of the outsider is answered. Args: pair,
	// at.
	PairedAnswered Code = "paired-vantage-answered"
	// NeverArrives: packets were not seen at the host, which was watched. Args:
	// vantage, at.
	NeverArrives Code = "never-arrives"
	// ArrivalUnknown: nobody watched, and no configuration explains the deny. Args:
	// vantage, host.
	ArrivalUnknown Code = "arrival-unknown"
	// MiddleboxRefuses: a refusal has another hop count than the host's answers.
	// Args: at, hops, host-hops.
	MiddleboxRefuses Code = "middlebox-refuses"
	// PathSays: a router says that a filter forbids the packet. Args: from, at,
	// words.
	PathSays Code = "path-says"
	// AppliedPolicyRequires: the host's own registry requires IPsec of the outsider.
	// Args: host, vantage, rule, which is a list of reasons.
	AppliedPolicyRequires Code = "applied-policy-requires"
	// DirectoryPolicyRequires: the resultant policy requires IPsec of the outsider.
	// Args: host, vantage, rule, which is a list of reasons.
	DirectoryPolicyRequires Code = "directory-policy-requires"
)

// Of an allowed flow.
const (
	// WeakAnswer: only the text of a program tells of an answer. Args: to, words.
	WeakAnswer Code = "weak-answer"
	// BindNotAccepted: the port is open and no KMS service listens. Args: to, bind.
	BindNotAccepted Code = "bind-not-accepted"
	// PortRefuses: the host is reached and nothing listens. Args: to.
	PortRefuses Code = "port-refuses"
	// AnswerCutShort: an answer began and did not end, or is no RPC. Args: to,
	// words.
	AnswerCutShort Code = "answer-cut-short"
	// NotSent: the vantage's own system did not send. Args: vantage, to, words.
	NotSent Code = "not-sent"
	// HostNameUnresolved: the host's name has no address for the vantage. Args:
	// host.
	HostNameUnresolved Code = "host-name-unresolved"
	// NoRoute: a vantage has no route to what it must reach. Args: vantage, to,
	// words.
	NoRoute Code = "no-route"
	// Unreachable: the network says that an address cannot be reached. Args: to,
	// words.
	Unreachable Code = "unreachable"
	// OutcomeUnknown: the way into a vantage does not tell what became of it. Args:
	// to, words.
	OutcomeUnknown Code = "outcome-unknown"
	// VantageCutOff: nothing at all answers a vantage. Args: vantage, to, why.
	VantageCutOff Code = "vantage-cut-off"
	// SilentToMember: a host answers a member neither on the port nor with IKE.
	// Args: to, ike, which is what IKE came to.
	SilentToMember Code = "silent-to-member"
	// SilentButIKE: a host answers a member with IKE alone. Args: to.
	SilentButIKE Code = "silent-but-ike-answers"
	// Silent: a host does not answer a vantage that needs no IPsec. Args: to.
	Silent Code = "silent"
	// NATTSilent: UDP 4500 does not answer either. Args: seen.
	NATTSilent Code = "nat-t-silent"
	// AnyRPCInterface: an interface that nobody has is accepted, which fails a cell.
	// Args: at.
	AnyRPCInterface Code = "any-rpc-interface-accepted"
	// AnyInterface: the same as a finding. Args: at.
	AnyInterface Code = "any-interface"
	// FirstPacketsLost: an answer came after lost packets. Args: to, lost.
	FirstPacketsLost Code = "first-packets-lost"
	// SlowNegotiation: an answer took longer than a user waits. Args: to, in.
	SlowNegotiation Code = "slow-negotiation"
)

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
