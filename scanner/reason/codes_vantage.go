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
