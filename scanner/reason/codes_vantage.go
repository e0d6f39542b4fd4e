package reason

// Why nothing can be observed from a vantage, or not everything.
const (
	// NoWayIn is of a vantage into which no way worked.
	NoWayIn Code = "no-way-in"
	// WayNotOpened is of one way in: which one, and why.
	WayNotOpened Code = "way-not-opened"
	// CapabilityLost is of what a way may have offered that did not open.
	CapabilityLost Code = "capability-lost"
	// CapabilityNotOffered is of what no way into a vantage offers.
	CapabilityNotOffered Code = "capability-not-offered"
	// VantageUndeclared is of a name that is no vantage of the policy.
	VantageUndeclared Code = "vantage-undeclared"
	// ConnectLimit is of a way that was not open when limits: {connect: ...} ended.
	ConnectLimit Code = "connect-limit"
	// CommandTier is of what Windows cannot do by the commands that it has.
	CommandTier Code = "command-tier"
	// FarEndLacks is of a capability that a far end does not offer, without a reason.
	FarEndLacks Code = "far-end-lacks"
	// SecondEndTrouble is of a probe whose second end, at Peer, cannot take part.
	SecondEndTrouble Code = "second-end-trouble"
)

// How an observation failed, or why it was not made.
const (
	// ProbeFailed is of a probe from a vantage that came to no outcome.
	ProbeFailed Code = "probe-failed"
	// ForestUnread is of a forest whose directory could not be read.
	ForestUnread Code = "forest-unread"
	// ControlNotRepeated is of a control that is not asked again after the window.
	ControlNotRepeated Code = "control-not-repeated"
	// VantageNotConnected is of a declared vantage that the run did not connect.
	VantageNotConnected Code = "vantage-not-connected"
	// NotBegun is of what a run that was stopped never began.
	NotBegun Code = "not-begun"
	// SilenceCutShort is of a wait that the end of the run cut short.
	SilenceCutShort Code = "silence-cut-short"
	// RunStopped is of what the end of a run kept from being observed.
	RunStopped Code = "run-stopped"
	// NeedsUnlisted is of a cell whose needs could not be listed.
	NeedsUnlisted Code = "needs-unlisted"
	// SecondEndMissing is of a probe with two ends that has one.
	SecondEndMissing Code = "second-end-missing"
	// ResolverMissing is of a vantage whose system names no resolver.
	ResolverMissing Code = "resolver-missing"
	// RegistryEmpty is of an answer without any key, which is not that there is none.
	RegistryEmpty Code = "registry-answer-empty"
)

// How a part of kmsiso itself failed.
const (
	// OwnMistake is of a part of kmsiso that broke.
	OwnMistake Code = "own-mistake"
	// CallOverdue is of a call that did not end in its time.
	CallOverdue Code = "call-overdue"
	// CallLeft is of a call that did not return even when it was told to end.
	CallLeft Code = "call-left"
)

// What a run does not speak of.
const (
	// NetworkNotObserved: an audit sends nothing to hosts. No arguments.
	NetworkNotObserved Code = "network-not-observed"
	// DirectoryNotDeclared: no directory is declared, so none is read. Args: instead, the
	// check that reads what arrived on the vantages, of a run that lists what it leaves
	// out.
	DirectoryNotDeclared Code = "directory-not-declared"
	// NameWithoutAddress: a declared name has no address. Args: name, why.
	NameWithoutAddress Code = "name-without-address"
	// NoOutsiderVantage: the policy has no non-domain vantage.
	NoOutsiderVantage Code = "no-outsider-vantage"
	// NoMemberVantage: the policy has no domain vantage.
	NoMemberVantage Code = "no-member-vantage"
	// NoOutsiderInSegment: no non-domain vantage shares a subnet with a host. Args: host.
	NoOutsiderInSegment Code = "no-outsider-in-segment"
	// NoIPv6Address: no IPv6 address of a host is declared. Args: host.
	NoIPv6Address Code = "no-ipv6-address"
	// HostNotAVantage: nothing is looked at from a host itself. Args: host.
	HostNotAVantage Code = "host-not-a-vantage"
	// NoVantageBehindNAT: no vantage has the path nat.
	NoVantageBehindNAT Code = "no-vantage-behind-nat"
	// NoExemptVantage: there are exemptions and no exempt vantage.
	NoExemptVantage Code = "no-exempt-vantage"
	// FlowUntried: a declared flow was not tried from the vantage where it begins. Args: flow, why.
	FlowUntried Code = "flow-untried"
	// DenyUntried: a deny that no GO owes could not be tried from a vantage. Args: host, vantage, why.
	DenyUntried Code = "deny-untried"
	// FlowSourceNotAVantage: a declared flow comes from what is no vantage. Args: from.
	FlowSourceNotAVantage Code = "flow-source-not-a-vantage"
	// NoIPv4Address: no IPv4 address of a host is declared. Args: host.
	NoIPv4Address Code = "no-ipv4-address"
	// PortsNotProbed: of hosts that are isolated whole, outsiders try these TCP ports.
	// Args: hosts, probed.
	PortsNotProbed Code = "ports-not-probed"
	// UDPNotProbed: of hosts that are isolated whole, outsiders try these UDP ports, if
	// any. Args: hosts, probed.
	UDPNotProbed Code = "udp-not-probed"
	// SourcePortsNotProbed: outsiders come from these source ports of choice, if any.
	// Args: hosts, probed.
	SourcePortsNotProbed Code = "source-ports-not-probed"
	// ProtocolsNotProbed: of hosts that are isolated whole, outsiders speak these IP
	// protocols, by their numbers. Args: hosts, probed.
	ProtocolsNotProbed Code = "protocols-not-probed"
	// SizesNotProbed: sizes of packets that outsiders do not send. No arguments.
	SizesNotProbed Code = "sizes-not-probed"
	// OtherOutsiders: outsiders stand at the addresses of these vantages alone. Args:
	// vantages.
	OtherOutsiders Code = "other-outsiders"
	// BackupReachUnknown: a backup does not tell which machines get its GPOs. Args: source.
	BackupReachUnknown Code = "backup-reach-unknown"
	// ExportReachUnknown: a registry export is of one machine at one time. Args:
	// forest, source, which is the same source again as it is named.
	ExportReachUnknown Code = "export-reach-unknown"
	// DirectoryUnread: a thing of a directory could not be read, and no cell says
	// so. Args: gpo where it is of one, problem.
	DirectoryUnread Code = "directory-unread"
	// ControllersNotAsked: of a domain some controllers were not asked for their copies of
	// GPOs. Args: domain, asked, total, servers.
	ControllersNotAsked Code = "controllers-not-asked"
	// MoreUnread: further such things. Args: count, forest.
	MoreUnread Code = "more-unread"
	// DocumentDoesNotKnow: an older run document has no such check, or claim of a check.
	// Args: what.
	DocumentDoesNotKnow Code = "document-does-not-know"
	// DocumentTriedLess: an older run did not try all that these checks try. Args: what.
	DocumentTriedLess Code = "document-tried-less"
	// UntestedUnknown: kmsiso itself broke while it listed what was not tested. Args: words.
	UntestedUnknown Code = "untested-unknown"
)

// What the machine that kmsiso runs on cannot do, or this user.
const (
	// AddressesUnread: the addresses of the machine are not known. Args: words.
	AddressesUnread Code = "addresses-unread"
	// ResolversUnread: the name servers of the machine are not known. Args: words.
	ResolversUnread Code = "resolvers-unread"
	// EchoSocketMissing: no echo requests can be sent. Args: words, system.
	EchoSocketMissing Code = "echo-socket-missing"
	// EchoFamilyMissing: none can be sent to this family of addresses. Args: to, words.
	EchoFamilyMissing Code = "echo-family-missing"
	// RawSocketMissing: no datagrams of any protocol can be sent. Args: words.
	RawSocketMissing Code = "raw-socket-missing"
	// RawUnsupported: kmsiso sends such datagrams from Linux alone. Args: system.
	RawUnsupported Code = "raw-unsupported"
	// WatchSocketMissing: the wire cannot be watched. Args: words.
	WatchSocketMissing Code = "watch-socket-missing"
	// WatchUnsupported: kmsiso watches the wire from Linux alone. Args: system.
	WatchUnsupported Code = "watch-unsupported"
	// RegistryNotWindows: only Windows has a registry.
	RegistryNotWindows Code = "registry-not-windows"
	// SourcePortNotGiven: the system does not give a source port. Args: port, words.
	SourcePortNotGiven Code = "source-port-not-given"
	// SourcePortZero: a connection was asked for from no source port.
	SourcePortZero Code = "source-port-zero"
)

// How a try fails before anything is known of the peer.
const (
	// TryFailed: the system did not do what was asked. Args: try, to, words.
	TryFailed Code = "try-failed"
	// RequestUnusable: what is asked for cannot be sent. Args: try, to, field, value.
	RequestUnusable Code = "request-unusable"
	// TooManyEchoes: more echo requests are under way than can be told apart. Args: to.
	TooManyEchoes Code = "too-many-echoes"
	// AnotherAnswered: an echo reply came from another address. Args: to, from.
	AnotherAnswered Code = "another-answered"
)

// How a watch on the wire fails.
const (
	// InterfacesUnread: the interfaces of the machine are not known. Args: words.
	InterfacesUnread Code = "interfaces-unread"
	// NoEthernet: no Ethernet interface is up.
	NoEthernet Code = "no-ethernet"
	// InterfaceUnwatched: an interface cannot be watched. Args: interface, words.
	InterfaceUnwatched Code = "interface-unwatched"
	// InterfaceWatchFailed: the watch on an interface ended. Args: interface, words.
	InterfaceWatchFailed Code = "interface-watch-failed"
	// InterfaceWatchLossy: the system dropped packets. Args: interface, count.
	InterfaceWatchLossy Code = "interface-watch-lossy"
	// InterfaceWatchUncertain: the system does not say whether it dropped packets.
	// Args: interface, words.
	InterfaceWatchUncertain Code = "interface-watch-uncertain"
)

// How a far end fails.
const (
	// CommandUnnamed is of an exec way without a command.
	CommandUnnamed Code = "command-unnamed"
	// CommandNotStarted is of a command that could not be started.
	CommandNotStarted Code = "command-not-started"
	// CommandEnded is of a command that ended, or was ended, before it could be used.
	CommandEnded Code = "command-ended"
	// HelloMissing is of a far end that did not say hello in its time.
	HelloMissing Code = "hello-missing"
	// FarEndWordless is of a far end that ended without a word.
	FarEndWordless Code = "far-end-wordless"
	// FarEndVersion is of a far end of another version.
	FarEndVersion Code = "far-end-version"
	// FarEndEnded is of a far end that ended while it was in use.
	FarEndEnded Code = "far-end-ended"
	// FarEndMute is of a far end that gives no sign of life.
	FarEndMute Code = "far-end-mute"
	// HelloUnread is of a first line of a far end that cannot be read.
	HelloUnread Code = "hello-unread"
	// NotAFarEnd is of a command that is no kmsiso, or prints something before it.
	NotAFarEnd Code = "not-a-far-end"
	// CapabilityUnknown is of a capability that no kmsiso has.
	CapabilityUnknown Code = "capability-unknown"
	// FarEndClosed is of a far end that was left on this side.
	FarEndClosed Code = "far-end-closed"
	// FarEndUnasked is of a question that did not reach a far end.
	FarEndUnasked Code = "far-end-unasked"
	// FarEndUnread is of an answer that cannot be read.
	FarEndUnread Code = "far-end-unread"
	// FarEndAnswerOdd is of an answer that does not fit its call, or itself.
	FarEndAnswerOdd Code = "far-end-answer-odd"
	// FarEndNotEnded is of a far end that goes on when it is left.
	FarEndNotEnded Code = "far-end-not-ended"
	// FarEndDeaf is of a far end that lives and answers no calls.
	FarEndDeaf Code = "far-end-deaf"
)
