package services

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

var watches = []entry.Entry{
	{
		Code:  reason.SendingSeen,
		Text:  "saw {count} packets of {host} go out on {interface}",
		Means: "The watch on the wire of the host saw what the host sends, on this interface: it works there. Packets of kmsiso count, for they are known to have been sent.",
	},
	{
		Code: reason.SendingUnseen,
		Text: "saw no packet of {host} go out on {interface}",
		Fix:  "see that a vantage that may reach {host} uses the address on {interface}, and that packets leave there",
		Means: "The watch saw nothing of the host's own go out on an interface with a declared address, though the run had it answer. " +
			"So that it saw nothing else there proves nothing: packets may leave by another interface, or the watch does not see this one.",
	},
	{
		Code:  reason.AddressUnwatched,
		Text:  "no watched interface of {host} has the address {address}",
		Fix:   "correct the addresses of {host}, or see that {address} is on an Ethernet interface that is up",
		Means: "Ethernet interfaces that are up are watched. The host has none with this declared address, so what passes to it and from it is not seen.",
	},
	{
		Code:  reason.MirrorShows,
		Text:  "{watch} saw packets between {vantage} and {host}",
		Means: "The vantage watches the segment of the host (sees:), and saw a vantage that may reach the host, and the host's packets back: the mirror works, both ways.",
	},
	{
		Code: reason.MirrorSilent,
		Text: "{watch} saw no packet of an allowed vantage to {host}",
		Fix:  "see that the mirror port of {watch} shows what {host} gets, or take {host} off its sees:",
		Means: "The vantage is said to see the segment of the host (sees:), and saw nothing of the vantages that may reach the host, though they spoke to it. " +
			"That it saw nothing else proves nothing. What the watching machine itself sends and gets does not count.",
	},
	{
		Code:  reason.MirrorOneWay,
		Text:  "{watch} saw packets of {vantage} to {host} and none of {host}",
		Fix:   "have the mirror port of {watch} show both directions",
		Means: "The mirror shows what the host gets, and not what it sends, so an answer of the host would not be seen either.",
	},
	{
		Code:  reason.WatchOverflow,
		Text:  "{watch} saw more flows than a watch keeps",
		Fix:   "run at a quieter time, or have a scan of the host's network wait",
		Means: "A watch keeps 100,000 flows, and of those with addresses that are not declared 10,000. There were more, so what was not kept is not known, and nothing is concluded from its absence.",
	},
}
