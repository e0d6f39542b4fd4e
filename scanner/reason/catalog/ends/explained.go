package ends

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var explained = []entry.Entry{
	{Code: reason.SenderClear, Text: "{end} sends it in clear ({by})",
		Means: "No rule of the sender asks for IPsec for this packet. A receiver that requires IPsec drops it."},
	{Code: reason.SenderTrying, Text: "{end} asks for IPsec, and sends in clear where that fails ({by})",
		Means: "The sender negotiates first. Where the other end does not answer or does not agree, the packet leaves in clear."},
	{Code: reason.SenderSecured, Text: "{end} sends it inside IPsec only ({by})",
		Means: "The sender requires IPsec for this packet. Where the other end does not agree, the packet is not sent."},
	{Code: reason.SenderSilent, Text: "{end} does not send it ({by})",
		Means: "The firewall of the sender keeps the packet in."},
	{Code: reason.ReceiverSecured, Text: "{end} takes it inside IPsec only ({by})",
		Means: "The receiver requires IPsec for this packet. What comes in clear is dropped."},
	{Code: reason.ReceiverBoth, Text: "{end} takes it inside IPsec and in clear ({by})",
		Means: "The receiver asks for IPsec and does not require it. Who sends in clear gets in."},
	{Code: reason.ReceiverClear, Text: "{end} takes it in clear ({by})",
		Means: "No rule of the receiver asks for IPsec for this packet, so it answers no negotiation for it and takes the packet in clear."},
	{Code: reason.ReceiverClosed, Text: "{end} takes it neither in clear nor inside IPsec ({by})",
		Means: "The firewall of the receiver drops the packet in any case."},
	{Code: reason.EndUndecided, Text: "what {end} does is not known ({by})",
		Means: "What was read does not tell what the end does with the packet. The reason stands behind it."},
	{Code: reason.EndDoubtful, Text: "it may have been told something else than is known: {why}",
		Means: "Something that could not be read, or not be decided, may change what the machine was told. So what it does is not known."},
	{Code: reason.DecidedByRule, Text: "rule {rule}{source|ofq}",
		Means: "One rule decides at this end. The name in quotation marks is that of the GPO or the store that has the rule."},
	{Code: reason.MoreReasons, Text: "and more",
		Means: "There are more rules that leave the packet out. kmsiso explain --from --to names each of them above."},

	{Code: reason.EndsDisagree, Text: "they do not agree: {why}",
		Means: "Both ends want IPsec, and there is no method of authentication or no proposal that both accept. The negotiation fails."},
	{Code: reason.AgreementUnknown, Text: "whether they agree is not known: {why}",
		Means: "Both ends want IPsec. Whether their negotiation succeeds hangs on something that is in no rule."},
	{Code: reason.FirewallMayDrop, Text: "the firewall of {end} may still drop it: {why}",
		Means: "What IPsec does with the packet is known, and what the firewall of the receiver does is not."},
	{Code: reason.OrderUndocumented, Text: "Microsoft does not document which rule of {end} comes first, so this is the looser reading",
		Means: "Two rules are for the packet and want different things. kmsiso takes the one that lets more in."},

	{Code: reason.PartUnreadable, Text: "cannot be read: {why}",
		Means: "A rule, a set or a setting of the machine has a form that is not understood. It may change what the machine does."},
	{Code: reason.BehindNAT, Text: "it is behind NAT, which IPsec passes only inside UDP 4500 and where both ends allow that (IPsecThroughNAT): see nat-client",
		Means: "The sender's address is translated on the way. Whether IPsec works there is what the check nat-client tests."},
	{Code: reason.GPONotAbove, Text: "it is linked neither at {container} nor above it",
		Means: "The policy declares the GPO for this machine, and no link brings it there. Link it at the container, or at the domain."},
	{Code: reason.GPONotDeclaredFor, Text: "the policy does not declare it for {role}",
		Means: "The source does not tell to which machines a GPO applies, so the policy decides. It declares this GPO for others."},
	{Code: reason.RuleForOtherHost, Text: "covers {host} and not {address}",
		Means: "The rule names another KMS host, or another address of this one. Perhaps this address was forgotten in it."},
	{Code: reason.RuleIsFor, Say: isFor,
		Means: "The rule is not for the packet. These are the addresses of its two endpoints."},

	{Code: reason.EndLeftOut, Text: "{name} is left out: {why}",
		Means: "Nothing is known of the machine in either state, so whether its answers change is not known."},
	{Code: reason.HostLeftOut, Text: "{name} has no address and is left out",
		Means: "Declare the addresses of the KMS host, or see that its name resolves."},
	{Code: reason.StateUnread, Text: "in the {state} state {forest} was not read: {why}",
		Means: "The directory of this forest could not be read in one of the states, so answers about its machines are not known there."},
	{Code: reason.StatesUnlike, Text: "the two states are not of one kind: {old} is the old one and {new} the new one, so what is taken for granted in one is known in the other",
		Means: "A backup or an export does not tell to which machines a GPO applies, and a directory does. Some differences come from that alone."},
	{Code: reason.ComputersInOneState, Text: "{n} computers are in the {state} state only and are left out",
		Means: "Computers that were made or deleted between the two states have no answer in one of them."},
	{Code: reason.AddressesUnasked, Text: "a changed rule is cut by so many others that only {most} of the addresses where they begin or end were asked about",
		Means: "Differences at other addresses are perhaps not named. Compare the rules themselves."},

	{Code: reason.NoDirectoryRead, Text: "no directory could be read: {why}",
		Means: "What Windows has been told is in the directories, and none of the declared ones could be read."},
	{Code: reason.HostsUnknown, Text: "nothing is known of any KMS host in either state: {why}",
		Means: "There is nothing to compare. The reasons stand behind it, host by host."},
	{Code: reason.NameUnknown, Say: func(r reason.Reason) string {
		return "no host, vantage or exemption of the policy and no computer of the directory has this name; " + hint(r)
	}, Means: "The name after --from or --to is that of nobody. It may be a slip."},
	{Code: reason.NameUndeclared, Say: func(r reason.Reason) string {
		return entry.Fill("no host, vantage or exemption of the policy has this name ({why}); ", r) + hint(r)
	}, Means: "The name after --from or --to is that of nobody in the policy. Whether a computer has it is not known, because the source does not list computers."},
}

// hint says who was perhaps meant.
func hint(r reason.Reason) string {
	if r.Word("near") != "" {
		return entry.Fill("did you mean {near|q}?", r)
	}
	text := entry.Fill("there is {names}", r)
	if r.Number("more") > 0 {
		text += ", ..."
	}
	return text
}

// isFor names the endpoints of a rule.
func isFor(r reason.Reason) string {
	var ends []string
	for _, name := range []string{"one", "two"} {
		words := r.Words(name)
		if len(words) == 0 {
			continue
		}
		text := strings.Join(words, ", ")
		if more := r.Number(name + "-more"); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		ends = append(ends, text)
	}
	return "it is for " + strings.Join(ends, " with ")
}
