package claims

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// seenAnswer is a sentence in which {did} says what a host did, and {some} names the
// first few machines to which it did that.
func seenAnswer(text string) func(reason.Reason) string {
	did := map[run.FlowKind]string{
		run.FlowSYNACK: "accept connections of", run.FlowRefusal: "refuse connections of", run.FlowEchoReply: "answer pings of", run.FlowUDP: "answer datagrams of", run.FlowTCP: "speak to",
	}
	return func(r reason.Reason) string {
		names := r.Word("peers")
		if n := r.Number("more"); n > 0 {
			names += fmt.Sprintf(" and %d more", n)
		}
		return entry.Fill(text, r.With("some", names).With("did", did[run.FlowKind(r.Word("kind"))]))
	}
}

var unexpectedAnswers = []entry.Entry{
	{Code: reason.ClaimWatchHeld, Text: "the watch at the host saw all that it is to see",
		Means: "A watch that was lost, or that is not shown to see, may have missed an answer of the host."},
	{Code: reason.ClaimNothingSeen, Text: "the host was seen to answer nobody whom it must not answer",
		Means: "Each packet by which the host accepts or refuses something was looked at, whoever asked."},
	{Code: reason.UnexpectedAnswer, Say: seenAnswer("{watch} saw {host} {did} {some} in clear at {where}"),
		Fix:   "find out who that is: declare what is meant (exemptions: or isolation: inbound:), else mend what lets it in",
		Means: "The host's wire shows its answer to a machine that is neither exempt nor declared, and the answer was not protected by IPsec. Who asked did so while the run watched: another machine, or a vantage of kmsiso whose own check does not look at that."},
	{Code: reason.AnswerWithoutRequest, Say: seenAnswer("{watch} saw {host} {did} {some} in clear at {where}, and nobody ask for it"), Severity: run.Warn,
		Fix:   "find out who that is, and run again: the request may have come before the watch",
		Means: "Such packets answer a request, and none was seen. It came before the run, or another way, or the host sends them by itself. A connection that was open before the run is such."},
	{Code: reason.IntendedNoAnswer, Text: "{host} answers nobody in clear but whom the policy names",
		Means: "This is what server isolation is for: what is neither a member nor exempt gets no answer."},
}
