package vantage

import (
	"fmt"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// tries are tries as a sentence names them.
var tries = map[string]string{"connect": "connect to", "send": "send to", "receive": "wait for an answer of"}

func tryOf(r reason.Reason) string {
	name := tries[r.Word("try")]
	if name == "" {
		name = r.Word("try")
	}
	return name + entry.After(" ", r.Word("to"))
}

var machine = []entry.Entry{
	{Code: reason.AddressesUnread, Text: "read the addresses of this machine: {words}",
		Means: "The system did not tell the addresses of its interfaces, so it is not known where the vantage stands."},
	{Code: reason.ResolversUnread, Text: "read the name servers of this machine: {words}",
		Means: "The system did not tell its resolvers, so what they answer cannot be asked."},
	{Code: reason.EchoSocketMissing,
		Say: func(r reason.Reason) string {
			switch r.Word("system") {
			case "windows":
				return "no echo requests: " + r.Word("words")
			case "linux":
				return "no socket for echo requests: " + r.Word("words") + "; run as root, give the program CAP_NET_RAW (setcap cap_net_raw+ep), or set net.ipv4.ping_group_range"
			}
			return "no socket for echo requests: " + r.Word("words") + "; run as root"
		},
		Means: "This user may not send ICMP echo requests on this machine."},
	{Code: reason.EchoFamilyMissing, Text: "ping {to}: no socket for echo requests of this family{words|+: }",
		Means: "The machine sends echo requests by the other version of IP alone. IPv6 may be switched off."},
	{Code: reason.RawSocketMissing, Text: "no socket for raw datagrams: {words}; run as root or give the program CAP_NET_RAW (setcap cap_net_raw+ep)",
		Means: "This user may not send datagrams of protocol 50 (ESP) on this machine, so the way for ESP cannot be tested from here."},
	{Code: reason.RawUnsupported, Text: "no raw datagrams from {system}: name a Linux vantage for them",
		Means: "Only Linux lets a program send datagrams of any protocol and nothing else."},
	{Code: reason.WatchSocketMissing, Text: "no socket to watch the wire with: {words}; run as root or give the program CAP_NET_RAW (setcap cap_net_raw+ep)",
		Means: "This user may not see packets on this machine."},
	{Code: reason.WatchUnsupported, Text: "no watch on the wire from {system}: name a Linux vantage on the same segment for it",
		Means: "Elsewhere a watch needs a driver, which kmsiso does not install."},
	{Code: reason.RegistryNotWindows, Text: "no registry: not Windows",
		Means: "The vantage is no Windows, so there is nothing to read there. This is no fault."},

	{Code: reason.SourcePortNotGiven, Text: "nothing can be sent from port {port} of this machine: {words}",
		Means: "A program of the machine has this source port, or the account may not have it. What a hole for it would let through is not known from here.",
		Fix:   "run as root, give the program CAP_NET_BIND_SERVICE (setcap cap_net_bind_service+ep), or end what has the port"},
	{Code: reason.SourcePortZero, Text: "a connection from source port 0 was asked for",
		Means: "A part of kmsiso asked for what no machine can send. This is a mistake in kmsiso, or a far end was asked by something else."},

	{Code: reason.TryFailed,
		Say:   func(r reason.Reason) string { return tryOf(r) + ": " + r.Word("words") },
		Means: "The system failed in a way that says nothing of the peer. Its own words stand behind."},
	{Code: reason.RequestUnusable,
		Say: func(r reason.Reason) string {
			return fmt.Sprintf("%s: what is asked for cannot be sent: its %s is %s", tryOf(r), r.Word("field"), nothing(r.Word("value")))
		},
		Means: "A part of kmsiso asked for what no machine can send. This is a mistake in kmsiso, or a far end was asked by something else."},
	{Code: reason.TooManyEchoes, Text: "ping {to}: too many echo requests are under way",
		Means: "More echo requests wait for an answer than have numbers of their own. See whether several runs share the machine."},
	{Code: reason.AnotherAnswered, Text: "ping {to}: {from} answered instead",
		Means: "The reply came from another address than the one that was asked, so it proves nothing of that one."},

	{Code: reason.InterfacesUnread, Text: "watch the wire: list the interfaces: {words}",
		Means: "The system did not list its interfaces, so none can be watched."},
	{Code: reason.NoEthernet, Text: "watch the wire: this machine has no Ethernet interface that is up",
		Means: "A watch looks at Ethernet interfaces, for what loopback and tunnels carry is not what the wire carries."},
	{Code: reason.InterfaceUnwatched, Text: "watch interface {interface}: {words}",
		Means: "The system did not let kmsiso see the packets of the interface."},
	{Code: reason.InterfaceWatchFailed, Text: "the watch on interface {interface} failed, its flows are incomplete: {words}",
		Means: "The watch ended before the run did. The interface may have gone down."},
	{Code: reason.InterfaceWatchLossy, Text: "the watch on interface {interface} lost {count} packets, its flows are incomplete",
		Means: "The machine had more packets than kmsiso could look at, and the system dropped some."},
	{Code: reason.InterfaceWatchUncertain, Text: "whether the watch on interface {interface} is complete is not known: {words}",
		Means: "The system did not say how many packets it dropped. What was not seen may have passed."},
}

func nothing(word string) string {
	if word == "" {
		return "missing"
	}
	return word
}
