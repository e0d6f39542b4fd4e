package claims

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var configuredClaims = []entry.Entry{
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
