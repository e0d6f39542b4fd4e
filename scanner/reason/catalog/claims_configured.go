package catalog

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var configuredClaims = []Entry{
	{Code: reason.ClaimRead, Text: "what the cell tells of was read",
		Means: "The settings were read whole, so that nothing that matters is left out."},
	{Code: reason.ClaimComplete, Text: "all was read that the check rests on",
		Means: "What was not read could say something else. So nothing is right as long as something is unread."},
	{Code: reason.ClaimPresent, Text: "what must be there is there",
		Means: "The check looked for it, and found it."},
	{Code: reason.ClaimTakesEffect, Text: "Windows will read it",
		Means: "It is switched on, it has settings, and Windows has the extension that reads them."},
	{Code: reason.ClaimReaches, Text: "it comes to each machine that it is for",
		Means: "Links, permissions and filters let it through to these machines."},
	{Code: reason.ClaimCounted, Text: "it comes to as many computers as are wanted",
		Means: "The computers were counted one by one, and enough of them get it."},
	{Code: reason.ClaimNoneLeft, Text: "nobody is left who must not be",
		Means: "All were looked at, and none is as it must not be."},
	{Code: reason.ClaimEqual, Text: "what is there is what was declared, or the same everywhere",
		Means: "The two were compared, and do not differ."},
	{Code: reason.ClaimAgree, Text: "both ends agree",
		Means: "In each thing that they must agree on, the two ends have something in common."},
	{Code: reason.ClaimUnopposed, Text: "with all rules together each packet fares as it must",
		Means: "All rules that come to the machine were applied to each packet. None of them undoes the isolation."},
	{Code: reason.ClaimEvaluates, Text: "the filter is true on each Windows in use",
		Means: "The query was evaluated for each system that has an account."},
	{Code: reason.ClaimAsked, Text: "each declared domain controller told",
		Means: "One that was not asked may have an older copy."},
	{Code: reason.ClaimInForce, Text: "it holds at the time of the run",
		Means: "What has an end has not ended, and the clocks agree."},
	{Code: reason.ClaimStatic, Text: "the addresses are fixed",
		Means: "No interface has its address by DHCP, but for what the policy declares."},
}

var unexpectedAnswers = []Entry{
	{Code: reason.ClaimWatchHeld, Text: "the watch at the host saw all that it is to see",
		Means: "A watch that was lost, or that is not shown to see, may have missed an answer of the host."},
	{Code: reason.ClaimNothingSeen, Text: "the host was seen to answer nobody whom it must not answer",
		Means: "Each packet by which the host accepts or refuses something was looked at, whoever asked."},
	{Code: reason.UnexpectedAnswer, Text: "{watch} saw {host} answer {peers}{more|more} in clear at {at} ({kind})",
		Fix:   "find out who that is: declare what is meant (exemptions: or isolation: inbound:), else mend what lets it in",
		Means: "The host's wire shows its answer to a machine that is neither exempt nor declared, and the answer was not protected by IPsec. kmsiso did not ask for it: another machine did, while the run watched."},
	{Code: reason.AnswerWithoutRequest, Text: "{watch} saw {host} send what looks like an answer to {peers}{more|more} in clear from {at} ({kind}), and no request", Severity: run.Warn,
		Fix:   "find out who that is, and run again: the request may have come before the watch",
		Means: "Such packets answer a request, and none was seen. It came before the run, or another way, or the host sends them by itself."},
	{Code: reason.IntendedNoAnswer, Text: "{host} answers nobody in clear but whom the policy names",
		Means: "This is what server isolation is for: what is neither a member nor exempt gets no answer."},
}
