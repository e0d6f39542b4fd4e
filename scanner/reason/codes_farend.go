package reason

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
