package reason

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
