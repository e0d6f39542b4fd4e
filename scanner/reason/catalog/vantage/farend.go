package vantage

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var farEnds = []entry.Entry{
	{
		Code:  reason.CommandUnnamed,
		Text:  "exec: no command is given; name one that runs kmsiso far-end",
		Means: "The way exec starts a command of yours that runs kmsiso far-end in another place, and the policy names none.",
	},
	{
		Code:  reason.CommandNotStarted,
		Text:  "{words}; is the command there, and may it be run",
		Means: "The command of the way exec could not be started on the controller. See its path and its rights.",
	},
	{
		Code: reason.CommandEnded,
		Say: func(r reason.Reason) string {
			text := entry.Text(r.Because("why"))
			if words := r.Word("words"); words != "" {
				text += "; it said: " + words
			}
			return text + " (" + r.Word("state") + ")"
		},
		Means: "The command of the way exec did not bring a far end. What it wrote to its standard error and how it ended often name the cause.",
	},
	{
		Code:  reason.HelloMissing,
		Text:  "the far end did not say hello: {why}",
		Means: "The command started and no kmsiso spoke in the time that it may take. It may wait for a password, or start something else.",
	},
	{
		Code:  reason.FarEndWordless,
		Text:  "the far end ended without a word: is kmsiso there, and does the command start it",
		Means: "The command ended at once and no kmsiso spoke. See that kmsiso is installed there and that the command runs kmsiso far-end.",
	},
	{
		Code:  reason.FarEndVersion,
		Text:  "the far end is kmsiso {there} (protocol {thereProtocol}), this is {here} (protocol {hereProtocol}): install the same version on both",
		Means: "The far end is another version of kmsiso. Both ends must be of the same, so that what one says is what the other understands.",
	},
	{
		Code:  reason.FarEndEnded,
		Text:  "the far end ended",
		Means: "The far end ended while it was in use: it was killed, its machine went down, or the connection below it did.",
	},
	{
		Code:  reason.FarEndMute,
		Text:  "the far end gives no sign of life: nothing came from it for {limit}",
		Means: "The stream is there, and the far end stopped answering on it. Its machine may be gone, asleep or cut off.",
	},
	{
		Code:  reason.FarEndDeaf,
		Text:  "the far end does not answer calls: one that may take {own} was not answered within {limit}",
		Means: "The far end shows signs of life and does not answer what it was asked. Its machine may be out of sockets or memory.",
	},
	{Code: reason.HelloUnread, Text: "read the far end's hello: {words}",
		Means: "The command was started and its first line did not come whole. What the system says stands behind it."},
	{Code: reason.NotAFarEnd, Text: "the other side is no kmsiso far-end: its first line is {words|q}; the command must start \"kmsiso far-end\" and print nothing before it",
		Means: "The command is another program, or a shell greets before it starts kmsiso. See the command of the way, and the profile of the shell there."},
	{Code: reason.CapabilityUnknown, Text: "the far end speaks of {capability|q}, which is no capability",
		Means: "The far end says of itself what no kmsiso of this version says. Install the same version there."},
	{Code: reason.FarEndClosed, Text: "the far end is closed",
		Means: "The far end was left before this was asked, mostly because the run ended."},
	{Code: reason.FarEndUnasked, Text: "ask the far end: {words}",
		Means: "The question could not be written to the far end. The connection to it may be gone."},
	{Code: reason.FarEndUnread, Text: "read from the far end: {words}",
		Means: "What came from the far end is no answer of kmsiso. Something may print into its output. Nothing is concluded from it."},
	{Code: reason.FarEndAnswerOdd, Text: "answer {call} does not fit its call: its {field} is {value|q}",
		Means: "The far end answered what was not asked, or what cannot be. Nothing of it is used."},
	{Code: reason.FarEndNotEnded, Text: "the far end did not end within {limit} of its input",
		Means: "The far end was told to end by the end of its input, and goes on. It was left behind."},
}
