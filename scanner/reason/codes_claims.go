package reason

// The claims that a trial is judged by. Each is a short sentence that must be true
// for the trial to pass.
const (
	// ClaimSent: the packets left the vantage.
	ClaimSent Code = "sent"
	// ClaimUnanswered: the host did not answer.
	ClaimUnanswered Code = "unanswered"
	// ClaimOpenBefore: one who may reach the host was answered there before.
	ClaimOpenBefore Code = "open-before"
	// ClaimOpenAfter: one who may reach the host was answered there after.
	ClaimOpenAfter Code = "open-after"
	// ClaimAliveBefore: something beyond the gateway answered the vantage before.
	ClaimAliveBefore Code = "alive-before"
	// ClaimAliveAfter: something beyond the gateway answered the vantage after.
	ClaimAliveAfter Code = "alive-after"
	// ClaimWaited: an answer had the time to come.
	ClaimWaited Code = "waited"
	// ClaimEgress: packets of this protocol and port leave the vantage.
	ClaimEgress Code = "egress"
	// ClaimSameHost: what was silent is the machine that answered the controls.
	ClaimSameHost Code = "same-host"
	// ClaimOutsider: the vantage is neither a domain member nor exempt.
	ClaimOutsider Code = "outsider"
	// ClaimDeniedByHost: the silence is the host's own doing.
	ClaimDeniedByHost Code = "denied-by-host"
)

// What is said of claims.
const (
	// NothingTried: a cell has no trial.
	NothingTried Code = "nothing-tried"
	// ClaimNotShown: no observation shows a claim. Args: claim.
	ClaimNotShown Code = "claim-not-shown"
	// ClosedToEverybody: a port is closed to those who may reach the host as well. Args: at.
	ClosedToEverybody Code = "closed-to-everybody"
	// OutsiderOwnFilter: the outsider's own system stopped the packet, or an own address refused it. Args: vantage, at, words.
	OutsiderOwnFilter Code = "outsider-own-filter"
	// OutsiderAnswerLeft: a watch saw the host answer an outsider. Args: watch, host, vantage, at.
	OutsiderAnswerLeft Code = "outsider-answer-left"
	// SomebodyAnswers: an outsider is answered at the host's address, and the host's own wire did not see it. Args: vantage, watch, host, at.
	SomebodyAnswers Code = "somebody-answers"
	// PathRefuses: a refusal did not leave the host, whose wire saw the packets arrive. Args: at, watch.
	PathRefuses Code = "path-refuses"
	// DenierUnknown: something other than silence ended a try, and who did is not known. Args: at.
	DenierUnknown Code = "denier-unknown"
	// OnlyIKEAlive: nothing but the IKE of the host itself answers the vantage. Args: vantage, host.
	OnlyIKEAlive Code = "only-ike-alive"
	// NotBeyondGateway: what is declared as alive is the vantage itself, its loopback or a KMS host. Args: endpoint, address.
	NotBeyondGateway Code = "not-beyond-gateway"
	// AliveAtOtherTime: what is alive answered, and not at the time that counts. Args: endpoint.
	AliveAtOtherTime Code = "alive-at-other-time"
	// LinkUnmeasured: how long an answer takes to a vantage is not known. Args: vantage.
	LinkUnmeasured Code = "link-unmeasured"
	// LinkTooSlow: answers take too long for any silence to be waited for. Args: vantage, answer.
	LinkTooSlow Code = "link-too-slow"
	// LinkLoses: a link loses packets, and too few were sent. Args: vantage, lost, sent, want, counted.
	LinkLoses Code = "link-loses"
	// SourcePortOnce: a link loses packets, and from a source port one connection alone can be made. Args: vantage, lost, sent.
	SourcePortOnce Code = "source-port-once"
	// SourcePortTranslated: a NAT gives packets another source port. Args: vantage, port.
	SourcePortTranslated Code = "source-port-translated"
	// SourcePortNeverCame: nothing from a source port came to the host. Args: vantage, port.
	SourcePortNeverCame Code = "source-port-never-came"
	// SourcePortUnwatched: no watch can see what comes from a source port. Args: vantage, port.
	SourcePortUnwatched Code = "source-port-unwatched"
	// UDPServiceSilent: a UDP service did not answer an outsider. Args: vantage, from, at.
	UDPServiceSilent Code = "udp-service-silent"
	// UDPServiceUnasked: the system of a vantage sent no question to a UDP service. Args: vantage, words, at.
	UDPServiceUnasked Code = "udp-service-unasked"
	// UDPSourceNotGiven: a vantage could not send from a source port of UDP. Args: vantage, from, at.
	UDPSourceNotGiven Code = "udp-source-not-given"
	// SilenceTooShort: too few packets had the time for an answer. Args: at, for, counted, want.
	SilenceTooShort Code = "silence-too-short"
	// TransmissionsUncounted: the system that tried does not tell how often it sent. Args: vantage.
	TransmissionsUncounted Code = "transmissions-uncounted"
	// AnswerUntold: which transmission was answered is not known, on a slow link. Args: vantage, answer.
	AnswerUntold Code = "answer-untold"
	// ControlUnseen: the watch of the host saw nothing of a connection that was answered there. Args: watch, host, vantage.
	ControlUnseen Code = "control-unseen"
	// ControlLost: what a control came to is not known, which may have shown another machine. Args: vantage, address.
	ControlLost Code = "control-lost"
	// WatchLost: a watch at the host was planned and failed. Args: watch, why.
	WatchLost Code = "watch-lost"
	// WatchBlind: a watch at the host is not shown to see. Args: watch, why.
	WatchBlind Code = "watch-blind"
	// OtherMachine: IKE answers a vantage otherwise than others at the same address. Args: vantage, other, address.
	OtherMachine Code = "other-machine"
	// HostUntold: nothing tells that it is the host which is silent. Args: address, vantage.
	HostUntold Code = "host-untold"
	// OutsiderUnshown: nothing shows that a vantage is an outsider. Args: vantage.
	OutsiderUnshown Code = "outsider-unshown"
	// OutsiderExempt: an outsider has an address that is exempt. Args: vantage, address, exemption.
	OutsiderExempt Code = "outsider-exempt"
	// OutsiderSpeaksESP: an outsider has IPsec with the host. Args: watch, vantage, host.
	OutsiderSpeaksESP Code = "outsider-speaks-esp"
	// OutsiderHasAccount: an outsider has an account in a domain. Args: vantage, name, domain.
	OutsiderHasAccount Code = "outsider-has-account"
)

// Claims of flows that must pass.
const (
	// ClaimAnswered: the host, or whoever is asked, answered in the protocol that was spoken.
	ClaimAnswered Code = "answered"
	// ClaimUsed: the source address that was used is exempt at neither end.
	ClaimUsed Code = "used"
	// ClaimExemptAddress: the source address that was used is in a declared exemption.
	ClaimExemptAddress Code = "exempt-address"
	// ClaimWindowsRPC: what listens is the RPC service of Windows.
	ClaimWindowsRPC Code = "windows-rpc"
	// ClaimByTheHost: the host itself answered our IKE message.
	ClaimByTheHost Code = "by-the-host"
	// ClaimLargeIKE: IKE messages larger than a packet pass, too.
	ClaimLargeIKE Code = "large-ike"
	// ClaimSmall: small ESP packets pass this way.
	ClaimSmall Code = "small"
	// ClaimLarge: ESP packets of 1,400 octets pass this way.
	ClaimLarge Code = "large"
	// ClaimSeenOnWire: somebody saw the connection on the wire.
	ClaimSeenOnWire Code = "seen-on-wire"
	// ClaimNoClear: nothing of the connection went in clear.
	ClaimNoClear Code = "no-clear"
	// ClaimESPBothWays: the connection went inside ESP, both ways.
	ClaimESPBothWays Code = "esp-both-ways"
	// ClaimIn4500: the connection came as ESP in UDP 4500.
	ClaimIn4500 Code = "in-4500"
	// ClaimWithoutIPsec: the connection came without IPsec.
	ClaimWithoutIPsec Code = "without-ipsec"
)

// What is said of flows that must pass.
const (
	// NoIPv4AtVantage: a vantage cannot send over IPv4. Args: vantage.
	NoIPv4AtVantage Code = "no-ipv4-at-vantage"
	// OwnFilter: the vantage's own system refused, or said so itself. Args: vantage, to, words.
	OwnFilter Code = "own-filter"
	// AnsweredByItself: a vantage that was to reach another machine was answered by itself. Args: vantage, to.
	AnsweredByItself Code = "answered-by-itself"
	// NobodyAnsweredThere: no member was answered over a family that is not owed to them. Args: vantage, to.
	NobodyAnsweredThere Code = "nobody-answered-there"
	// UsedExempt: a member was answered at an address that is exempt. Args: vantage, address, by.
	UsedExempt Code = "used-exempt"
	// ExemptByDeclaration: the policy declares an exemption. Args: exemption.
	ExemptByDeclaration Code = "exempt-by-declaration"
	// ExemptByRule: a rule of an end exempts. Args: end, rule.
	ExemptByRule Code = "exempt-by-rule"
	// UsedUnknown: which of its addresses a vantage used is not known. Args: vantage, addresses.
	UsedUnknown Code = "used-unknown"
	// ExemptionsUnread: what an end exempts was not read. Args: host, vantage, why.
	ExemptionsUnread Code = "exemptions-unread"
	// AddressNotExempt: an exempt vantage used an address that no exemption covers. Args: vantage, address.
	AddressNotExempt Code = "address-not-exempt"
	// RandomBindUnanswered: the bind to a random interface has no answer. Args: seen.
	RandomBindUnanswered Code = "random-bind-unanswered"
	// NotBehindNAT: ESP of a vantage behind NAT came as such. Args: watch, vantage.
	NotBehindNAT Code = "not-behind-nat"
	// NothingIn4500: no ESP of a vantage behind NAT came in UDP 4500. Args: watch, vantage.
	NothingIn4500 Code = "nothing-in-4500"
	// ExemptInsideIPsec: the connection of an exempt vantage came inside IPsec. Args: watch, vantage, host.
	ExemptInsideIPsec Code = "exempt-inside-ipsec"
	// PaddedBindRefused: a bind with many contexts is not accepted, and a plain one is. Args: to, bind.
	PaddedBindRefused Code = "padded-bind-refused"
	// ESPUntied: a watch saw ESP in the time of a connection, and not its sizes. Args: watch, vantage.
	ESPUntied Code = "esp-untied"
	// PeerRefuses: a peer refuses, and no hop count tells whether it was the peer itself. Args: peer, at.
	PeerRefuses Code = "peer-refuses"
	// PeerRefusedOnPath: a refusal has another hop count than the peer's other answers. Args: peer, at, hops, peer-hops.
	PeerRefusedOnPath Code = "peer-refused-on-path"
	// PeerHopsLost: what would tell who refused was not observed. Args: peer, at, why.
	PeerHopsLost Code = "peer-hops-lost"
	// PeerAddressDead: one address of a peer does not answer, and another one does. Args: to, seen.
	PeerAddressDead Code = "peer-address-dead"
	// IKEUnreadable: what came on an IKE port cannot be read as an answer. Args: to, words.
	IKEUnreadable Code = "ike-unreadable"
	// ESPOwnFilter: the vantage's own system refused to send ESP. Args: from, to, words.
	ESPOwnFilter Code = "esp-own-filter"
	// ESPInUDP: the ESP of a vantage travels inside UDP 4500. Args: watch, vantage.
	ESPInUDP Code = "esp-in-udp"
	// LargeESPNotTried: whether large ESP packets pass was not tried, or cannot be told. Args: from, to.
	LargeESPNotTried Code = "large-esp-not-tried"
	// ResolverUnheard: there is no answer of one of the vantage's resolvers. Args: resolver.
	ResolverUnheard Code = "resolver-unheard"
)

// Claims of the records in DNS.
const (
	// ClaimAllResolvers: every resolver of the vantage answered.
	ClaimAllResolvers Code = "all-resolvers-asked"
	// ClaimOnlyDeclared: the records name KMS hosts and nobody else.
	ClaimOnlyDeclared Code = "names-only-declared"
	// ClaimNamesAll: the records name every host that is published.
	ClaimNamesAll Code = "names-all"
	// ClaimSRVPort: each record has the KMS port of its host.
	ClaimSRVPort Code = "port"
	// ClaimSRVAddresses: each name has declared addresses of its host and no other.
	ClaimSRVAddresses Code = "addresses"
)

// Claims of what is configured, and of what a host has.
const (
	// ClaimRead: what the cell tells of was read whole.
	ClaimRead Code = "read"
	// ClaimComplete: all was read that the check rests on.
	ClaimComplete Code = "complete"
	// ClaimPresent: what must be there is there.
	ClaimPresent Code = "present"
	// ClaimTakesEffect: Windows will read it.
	ClaimTakesEffect Code = "takes-effect"
	// ClaimReaches: it comes to each machine that it is for.
	ClaimReaches Code = "reaches"
	// ClaimCounted: it comes to as many computers as are wanted.
	ClaimCounted Code = "counted"
	// ClaimNoneLeft: nobody is left who must not be.
	ClaimNoneLeft Code = "none-left"
	// ClaimEqual: what is there is what is declared, or the same everywhere.
	ClaimEqual Code = "equal"
	// ClaimAgree: both ends agree in each thing that they must agree on.
	ClaimAgree Code = "agree"
	// ClaimUnopposed: with all rules together, each packet fares as it must.
	ClaimUnopposed Code = "unopposed"
	// ClaimEvaluates: a filter is true on each Windows in use.
	ClaimEvaluates Code = "evaluates"
	// ClaimAsked: each declared domain controller told.
	ClaimAsked Code = "asked"
	// ClaimInForce: it holds at the time of the run.
	ClaimInForce Code = "in-force"
	// ClaimStatic: no interface has its address by DHCP, but for what is declared.
	ClaimStatic Code = "static"
	// ClaimWatchHeld: each watch that was planned saw all the while what it is to see.
	ClaimWatchHeld Code = "watch-held"
	// ClaimNothingSeen: no watch saw the host answer whom it must not answer.
	ClaimNothingSeen Code = "nothing-seen"
)

// What a watch saw a host answer.
const (
	// UnexpectedAnswer: a host answered in clear whom it must not answer. Args: watch, host, where, kind, peers, more.
	UnexpectedAnswer Code = "unexpected-answer"
	// AnswerWithoutRequest: what looks like such an answer, and no request was seen. Args: watch, host, where, kind, peers, more.
	AnswerWithoutRequest Code = "answer-without-request"
	// IntendedNoAnswer: nobody is answered in clear but whom the policy names. Args: host.
	IntendedNoAnswer Code = "intended-no-answer"
)

// What a GO owes, and why that is not paid.
const (
	// DenyOwed: a deny of the KMS port at an address of a host. Args: host, address.
	DenyOwed Code = "deny-owed"
	// WayInOwed: a protected connection of a member to a host. Args: host.
	WayInOwed Code = "way-in-owed"
	// OutsiderWanted: no outsider is declared. Args: host.
	OutsiderWanted Code = "outsider-wanted"
	// DenyNotShown: no outsider shows that it is denied at an address. Args: host, address, family.
	DenyNotShown Code = "deny-not-shown"
	// MemberWanted: no domain member is declared. Args: host.
	MemberWanted Code = "member-wanted"
	// WayInNotShown: no member shows a protected connection. Args: host.
	WayInNotShown Code = "way-in-not-shown"
	// AliveWanted: nothing is declared that answers an outsider over a family. Args: vantage, family.
	AliveWanted Code = "alive-wanted"
	// ControlWanted: nobody is declared who may reach a host and is not behind NAT. Args: host.
	ControlWanted Code = "control-wanted"
	// WatchWanted: nobody can see the wire at a host. Args: host.
	WatchWanted Code = "watch-wanted"
	// MemberFamilyWanted: no domain member is declared with a family that a host has. Args: host, family.
	MemberFamilyWanted Code = "member-family-wanted"
	// InboundOwed: a declared flow to a host works. Args: from, host, port.
	InboundOwed Code = "inbound-owed"
	// OutboundOwed: a declared flow from a host works. Args: host, to.
	OutboundOwed Code = "outbound-owed"
	// NATOwed: a member behind NAT reaches a host. Args: host.
	NATOwed Code = "nat-owed"
	// NATTOwed: IKE of a member behind NAT passes on UDP 4500. Args: host.
	NATTOwed Code = "nat-traversal-owed"
	// ConfiguredOwed: a check of what a directory says. Args: check, forest.
	ConfiguredOwed Code = "configured-owed"
	// FlowNotShown: no vantage shows that a declared flow works. Args: flow.
	FlowNotShown Code = "flow-not-shown"
	// FlowWithoutVantage: a declared flow begins where no vantage is. Args: from.
	FlowWithoutVantage Code = "flow-without-vantage"
	// FlowNotTriable: the vantage where a declared flow begins can never try it. Args: from.
	FlowNotTriable Code = "flow-not-triable"
	// ConfiguredNotShown: a check has nothing to judge by in a directory. Args: check, forest, why.
	ConfiguredNotShown Code = "configured-not-shown"
	// BackupNeverTells: the directory is a backup, which never tells what a check looks at.
	BackupNeverTells Code = "backup-never-tells"
	// ExportNeverTells is the same of the export of a registry.
	ExportNeverTells Code = "export-never-tells"
	// CellUndecided: the cell that would pay fails or does not know, and says why. Args: cell.
	CellUndecided Code = "cell-undecided"
	// WaivedInstead: a waiver stands in the place of an obligation. Args: cell, owner, until.
	WaivedInstead Code = "waived-instead"
	// PrivilegeWanted: vantages need the right to look at the wire. Args: vantages.
	PrivilegeWanted Code = "privilege-wanted"
)
