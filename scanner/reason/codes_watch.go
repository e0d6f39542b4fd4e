package reason

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
