package vantage

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

const mendWay = "mend the way in, or name another one (via:)"

var vantages = []entry.Entry{
	{
		Code: reason.NoWayIn,
		Text: "no way into vantage {vantage}: {why}",
		Fix:  mendWay,
		Means: "None of the ways that the policy declares into the vantage (via:) opened, so nothing was observed from there. " +
			"The reason of each way follows. Mend one of them, or declare another.",
	},
	{
		Code: reason.WayNotOpened,
		Text: "{way}: {why}",
		Means: "One way into a vantage did not open. What other ways offer was used all the same; what only this one may have " +
			"offered could not be observed, which is an error and no property of the network.",
	},
	{
		Code: reason.CapabilityLost,
		Text: "{vantage} has no {capability}: {why}",
		Fix:  mendWay,
		Means: "A way into the vantage that may have offered this did not open, and no other way offers it. " +
			"The tool failed: whether the observation would have been good or bad is not known.",
	},
	{
		Code: reason.CapabilityNotOffered,
		Text: "{vantage} has no way in that offers {capability}",
		Means: "Every declared way into the vantage opened, and none of them can do this. What needs it is skipped. " +
			"Declare another way (via:) where it matters.",
	},
	{
		Code:  reason.VantageUndeclared,
		Text:  "no such vantage in the policy",
		Means: "An observation names a vantage that the policy does not declare. This is a mistake of kmsiso, or of a document that was edited.",
	},
	{
		Code: reason.ConnectLimit,
		Say: func(r reason.Reason) string {
			return "not entered within " + r.Word("limit") + " (limits: {connect: ...} allows more)"
		},
		Means: "The way did not open in the time that the policy allows (limits: {connect: ...}), and was given up. " +
			"See whether the machine is up and not overloaded, or allow more time.",
	},
	{
		Code: reason.CommandTier,
		Say: func(r reason.Reason) string {
			what := map[string]string{"tcp": "TCP probe", "udp": "UDP probe", "raw": "raw datagrams", "watch": "watch on the wire"}[r.Word("capability")]
			return "cmd tier: Windows has no " + what + " without PowerShell; give this vantage an ssh or exec way"
		},
		Means: "Over WinRM kmsiso runs the commands that every Windows has, and of PowerShell the one line that tells the clock. They can ping, read the registry and the clock, and nothing else. " +
			"Give the vantage an ssh or exec way where more is wanted.",
	},
	{
		Code:  reason.FarEndLacks,
		Text:  "the far end does not offer it",
		Means: "The kmsiso at the far end said what it can do, and this was not among it. It gave no reason.",
	},
	{
		Code:  reason.SecondEndTrouble,
		Text:  "{vantage}: {why}",
		Means: "The probe has two ends, and the vantage at its second end cannot do its part. The reason follows.",
	},
	{
		Code:  reason.ProbeFailed,
		Text:  "{probe} from {vantage}: {why}",
		Means: "The probe came to no outcome: the tool failed, so nothing is concluded about the host. The reason follows.",
	},
	{
		Code:  reason.ForestUnread,
		Text:  "forest {forest}: {why}",
		Means: "The directory of the forest could not be read, so what is configured there is not known. The reason follows.",
	},
	{
		Code: reason.ControlNotRepeated,
		Text: "not asked again: it gave no answer before",
		Means: "A control is asked before and after the window in which a deny is proved. Where it gave no answer before, " +
			"asking again would prove nothing. See why the first one had no answer.",
	},
	{
		Code:  reason.VantageNotConnected,
		Text:  "vantage was not connected in this run",
		Means: "The policy declares the vantage and the run says nothing of it. Of a document, see whether it is of this policy.",
	},
	{
		Code:  reason.NotBegun,
		Text:  "not begun",
		Means: "The run was stopped before this was tried. Nothing is known of it: run again.",
	},
	{
		Code:  reason.SilenceCutShort,
		Text:  "the silence was cut short",
		Means: "Nothing had answered when the run was stopped, but the wait was not over. Silence that is cut short is none: run again.",
	},
	{
		Code:  reason.RunStopped,
		Text:  "the run was stopped ({words}): {why}",
		Means: "The run was stopped before this was observed to its end. Nothing is concluded from it: run again.",
	},
	{
		Code:  reason.NeedsUnlisted,
		Text:  "what {cell} needs could not be listed",
		Means: "The check broke when it was asked what it has to observe. This is a mistake in kmsiso: please report it.",
	},
	{
		Code:  reason.SecondEndMissing,
		Text:  "no second end to watch from",
		Means: "The probe sends from one vantage and watches at another, and there is no other. Declare a vantage at the host to have it observed.",
	},
	{
		Code:  reason.ResolverMissing,
		Text:  "no resolver is known of {vantage}",
		Means: "The SRV record is asked for at the name servers of the vantage's own system, and it names none. See its network configuration.",
	},
	{
		Code:  reason.RegistryEmpty,
		Text:  "{key}: an empty answer, which is not that there is no such key",
		Means: "The registry was read and gave neither a key nor the answer that there is none. Nothing is concluded from it.",
	},
	{
		Code:  reason.OwnMistake,
		Text:  "{part} broke: {words}; this is a mistake in kmsiso: please report it, with the stack that it logged",
		Means: "A part of kmsiso itself broke. What it was to decide is an error. Please report it, with the stack that was logged.",
	},
	{
		Code:  reason.CallOverdue,
		Text:  "no end within {limit}",
		Means: "What was begun did not end in the time that it may take, and was given up. Nothing is concluded from it.",
	},
	{
		Code: reason.CallLeft,
		Text: "{call}: {why}, and it did not return within {grace} after that: it was left behind",
		Means: "What was begun was told to end, for the reason that is named, and did not. The run went on without it. " +
			"It may hang in a system call, or wait for a machine that answers nothing.",
	},
}
