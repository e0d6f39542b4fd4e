package directory

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var bounds = []entry.Entry{
	{Code: reason.ReadingTooLarge, Text: "it sent more than {mib} MiB, which is no directory any more",
		Means: "A directory of 100,000 computers sends some 300 MiB. This server sent far more, so it is not read to its end."},
	{Code: reason.TooManyObjects, Text: "it has more objects than can be kept ({mib} MiB)",
		Means: "What kmsiso keeps of a directory is bounded, so that no server can use up the memory of this machine."},
	{Code: reason.ServerTooSlow, Text: "it was too slow: {spent} for {kb} kB",
		Means: "A slow link carries 64 kB in a second. This server sent less for a long time, so it is not asked any more."},
	{Code: reason.AnswerTooLong, Say: func(r reason.Reason) string {
		return "it answered one question with more than " + byUnit(r)
	}, Means: "An answer comes in pages of a known size. This one went on beyond that, so the connection was closed."},
	{Code: reason.MessageTooLarge, Say: func(r reason.Reason) string {
		switch {
		case r.Word("kb") != "":
			return entry.Fill("it sends a message of {kb} kB that is no object", r)
		case r.Word("depth") != "":
			return entry.Fill("it sends a message that is nested more than {depth} deep", r)
		}
		return "it sends a message of more than " + byUnit(r)
	}, Means: "No message of a directory is as large as that. The server is no domain controller, or it is broken."},
	{Code: reason.MessageMalformed, Text: "it sends a message whose parts do not fit into it",
		Means: "The message breaks the rules of LDAP (RFC 4511 5.1). The server is no domain controller, or it is broken."},
	{Code: reason.MessageWithoutLength, Text: "it sends a message without a length",
		Means: "LDAP wants a length of every message (RFC 4511 5.1). The server is no domain controller, or it is broken."},
	{Code: reason.NotLDAP, Text: "what it sends is not LDAP",
		Means: "Something else listens at the port. Look at the url in the policy."},
	{Code: reason.UnaskedAnswer, Text: "it sends what nobody asked for",
		Means: "Answers came while nothing was asked. The connection was closed."},
	{Code: reason.MoreThanThereIs, Text: "it found more than the {most} objects that there can be",
		Means: "The search is for one object, or a few, and more were found. The answer is not trusted."},
	{Code: reason.PageTooLarge, Text: "it sent {sent} objects where it was asked for {asked}",
		Means: "A page has as many objects as were asked for, or fewer. The answer is not trusted."},
	{Code: reason.PagesEmpty, Text: "it sent {pages} pages without an object in them",
		Means: "The server says again and again that there is more, and sends nothing."},
	{Code: reason.PageRepeated, Text: "it sends the same page again",
		Means: "A page began with the same object as one before. The search would never end."},
	{Code: reason.OtherRange, Text: "asked for the members of {group} from {from} on, it sent {words|q}",
		Means: "The members of a large group come in ranges. The server sent another range than the one that was asked for."},
}

// byUnit is a limit with its unit.
func byUnit(r reason.Reason) string {
	switch {
	case r.Word("messages") != "":
		return entry.Fill("{messages} messages", r)
	case r.Word("values") != "":
		return entry.Fill("{values} values", r)
	}
	return entry.Fill("{mib} MiB", r)
}
