// Package addresses has the rows of the addresses that a host uses and the policy does
// not list.
package addresses

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

// Entries is every row of codes_addresses.go.
var Entries = []entry.Entry{
	{Code: reason.ClaimNoneElsewhere, Text: "the host answered the outsider at no address that the policy does not list",
		Means: "An isolation that names addresses leaves out those that nobody thought of. The host tells which it uses, and the outsider tries those that the policy does not list."},
	{Code: reason.HostElsewhere,
		Say: func(r reason.Reason) string {
			by := "by the vendor IDs of its IKE"
			if r.Word("watch") != "" {
				by = "as its own wire shows"
			}
			return entry.Fill("{host} answers {vantage} at {where}, which the policy does not list: it is {host}, {by}", r.With("by", by))
		},
		Fix:   "have the isolation of {host} cover all its addresses (endpoint 2 of the rule: any), or take the address away; then list it under hosts: {host}: addresses:",
		Means: "The host uses an address that the policy does not list, and answers an outsider there. Whoever finds the address reaches the host past the isolation."},
	{Code: reason.SomebodyElsewhere, Severity: run.Warn,
		Text:  "somebody answers {vantage} at {where}, an address that {host} has and the policy does not list",
		Fix:   "find out who that is: another machine with the address of a network of its own, or {host}; list the address under hosts: {host}: addresses: if it is the host's",
		Means: "The host uses this address, and from the outsider somebody answers there. Nothing shows that it is the host: the address of a network for backups, say, may be that of another machine elsewhere."},
	{Code: reason.SilentElsewhere, Severity: run.Info,
		Text:  "{host} uses {where|few}, which the policy does not list; nobody answered {vantages|few} there, which proves nothing",
		Fix:   "list the address under hosts: {host}: addresses:, and it is tried like all others",
		Means: "Nobody who may reach the host was seen to be answered there, so that silence shows no isolation: the address may not be reached from there at all."},
	{Code: reason.UntriedElsewhere, Severity: run.Info,
		Text:  "{host} uses {where|few}, which the policy does not list, and no outsider could try it: none has a route there",
		Fix:   "list the address under hosts: {host}: addresses:, and declare an outsider that can reach its network",
		Means: "The host uses this address, and no outsider has an address of its family, or a route to it. Whether the host answers strangers there is not known."},
	{Code: reason.ElsewhereUnknown, Text: "what became of what {vantage} sent to {where} is not known: {why}",
		Means: "The outsider tried an address of the host that the policy does not list, and its system, or the way into it, does not say what came of it."},
	{Code: reason.AnswererUntold, Text: "somebody answers {vantage} at {where}, and whether it is {host} is not known: {why}",
		Means: "Somebody answers at an address that the host has and the policy does not list. What would tell whether that is the host was not observed."},
	{Code: reason.TooManyAddresses, Severity: run.Info,
		Text:  "{host} uses {more} more addresses that the policy does not list, and they were not tried",
		Fix:   "list what {host} is reached by under hosts: {host}: addresses:",
		Means: "Of the addresses of a host that the policy does not list eight are tried at most."},
	{Code: reason.OnlyIPv4Told, Severity: run.Info, Text: "the registry of {host} tells its IPv4 addresses alone; which IPv6 addresses it uses is not known",
		Fix:   "enter {host} by a way that runs a far end, such as ssh",
		Means: "The way into the host reads its registry and no more. Windows keeps IPv4 addresses there, and no others."},
	{Code: reason.AddressesUntold, Text: "the way into {vantage} does not tell which addresses it uses",
		Means: "A far end tells the interfaces of its machine, and the registry of Windows some of them. This way has neither."},
	{Code: reason.AddressesOfAnother, Text: "{vantage} has {addresses|few}, and no declared address of {host}",
		Fix:   "see that the way into {vantage} leads to {host}, and that hosts: {host}: addresses: are those of the host itself",
		Means: "What the vantage tells are not the addresses of the host: the way leads to another machine, or something before the host translates its address. Nothing was tried."},
	{Code: reason.IntendedNowhereElse, Text: "{host} answers no outsider at any address that it uses",
		Means: "An isolation that holds at some addresses of a host only is none."},
	{Code: reason.SeenAddresses, Text: "{host} uses {addresses}",
		Means: "These are the addresses that the host itself tells of, without loopback, link-local ones, those of a switch inside it, and those of a cluster."},
	{Code: reason.OwnAddressesOff, Text: "addresses that the hosts use and the policy does not list: limits: scan_own_addresses: false",
		Means: "The policy turns it off that outsiders try such addresses."},
}
