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
	// FarEndDeaf is of a far end that lives and answers no calls.
	FarEndDeaf Code = "far-end-deaf"
)
