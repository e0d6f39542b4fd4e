package vantage

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// sample says which of so many were tried of hosts, and how much of the whole that is.
func sample(r reason.Reason, what string, of whole) string {
	hosts, probed := entry.Few(r.Words("hosts")), r.Words("probed")
	if len(probed) == 0 {
		return fmt.Sprintf("%s %s: none is tried", what, hosts)
	}
	return fmt.Sprintf("%s %s, other than %s: %d of %s are tried (%.2g %%)", what, hosts, strings.Join(probed, " "),
		len(probed), of.words, 100*float64(len(probed))/of.number)
}

// named names IP protocols by their numbers.
func named(numbers []string) []string {
	names := map[string]string{"1": "ICMP", "6": "TCP", "17": "UDP", "58": "ICMPv6"}
	all := make([]string, len(numbers))
	for i, n := range numbers {
		all[i] = cmp.Or(names[n], n)
	}
	return all
}

// whole is how many of something there are.
type whole struct {
	number float64
	words  string
}

var ports, protocols = whole{65535, "65,535"}, whole{256, "256"} // no port 0

var untested = []entry.Entry{
	{
		Code:  reason.DocumentDoesNotKnow,
		Text:  "this document does not know {what}",
		Means: "The run document was written by an older kmsiso, whose plan had no such check, or asked no such claim of it. Nothing was observed for it, so a replay does not judge it, and is GO with a but at best. Make a new run.",
	},
	{
		Code:  reason.DocumentTriedLess,
		Text:  "this document does not know all that {what} tries",
		Means: "The run document was written by an older kmsiso, which tried less: fewer addresses, or fewer ways. A replay judges what was tried, and is GO with a but at best. Make a new run.",
	},
	{
		Code:  reason.NetworkNotObserved,
		Text:  "what the network and the hosts do: an audit looks at what is configured alone (kmsiso verify looks at both)",
		Means: "An audit reads the configuration and sends nothing to a KMS host. What it says of the configuration may hold while a host does something else. kmsiso verify looks at both.",
	},
	{
		Code: reason.DirectoryNotDeclared,
		Say: func(r reason.Reason) string {
			if r.Word("instead") == "" {
				return "no directory is declared"
			}
			return entry.Fill("what Windows is told by Active Directory: no directory is read; {instead} reads what arrived on the vantages", r)
		},
		Means: "The policy declares no directory, backup or registry export. So nothing is known of what Group Policy tells machines, but for what is read on the vantages themselves.",
	},
	{
		Code:  reason.NameWithoutAddress,
		Text:  "anything at {name}, which has no address: {why}",
		Means: "A declared name had no address when the run began. Nothing was sent there. Look at the name in the policy and at DNS.",
	},
	{
		Code:  reason.NoOutsiderVantage,
		Text:  "that outsiders are denied: the policy has no non-domain vantage",
		Means: "Only a machine outside of the domain shows that outsiders are denied. Declare a vantage with the role non-domain.",
	},
	{
		Code:  reason.NoMemberVantage,
		Text:  "that domain members get in: the policy has no domain vantage",
		Means: "Only a domain member shows that members get in. Declare a vantage with the role domain.",
	},
	{
		Code:  reason.NoOutsiderInSegment,
		Text:  "{host} from an outsider in its own segment: no non-domain vantage stands there",
		Means: "No non-domain vantage shares a /24 or /64 with the host. A filter between the subnets may deny what the host itself would let in. An outsider in the host's own subnet tells them apart.",
	},
	{
		Code:  reason.NoIPv6Address,
		Text:  "{host} over IPv6: no IPv6 address is declared",
		Means: "The policy declares no IPv6 address of the host, so nothing was sent to it over IPv6. Declare one if the host has one.",
	},
	{
		Code:  reason.HostNotAVantage,
		Text:  "connections from {host}, and what it is told: it is no vantage",
		Means: "Nothing is observed from the host itself: neither what it reaches nor what its registry holds. Declare a vantage with the role kms-host for it.",
	},
	{
		Code:  reason.NoVantageBehindNAT,
		Text:  "clients behind NAT: no vantage has path nat",
		Means: "IPsec behaves otherwise for clients behind network address translation. No vantage stands behind one.",
	},
	{
		Code:  reason.NoExemptVantage,
		Text:  "that the exemptions work: the policy has no exempt vantage",
		Means: "The policy declares exemptions. Only an exempt machine shows that they work. Declare a vantage with the role exempt.",
	},
	{
		Code:  reason.FlowUntried,
		Text:  "that {flow}: {why}",
		Means: "The policy declares the flow. A vantage stands where it begins, and its way in can never try it.",
	},
	{
		Code:  reason.DenyUntried,
		Text:  "whether {host} answers {vantage}: {why}",
		Means: "A GO does not rest on this deny: not every vantage can try it. Where none can, a hole there is not found.",
	},
	{
		Code:  reason.FlowSourceNotAVantage,
		Text:  "the declared flow from {from}: it is no vantage",
		Means: "The policy declares that somebody reaches a host. Nothing is observed from there, for it is no vantage.",
	},
	{
		Code:  reason.NoIPv4Address,
		Text:  "{host} over IPv4: no IPv4 address is declared",
		Means: "The policy declares no IPv4 address of the host, so nothing was sent to it over IPv4. Declare one if the host has one.",
	},
	{
		Code:  reason.PortsNotProbed,
		Say:   func(r reason.Reason) string { return sample(r, "TCP ports of", ports) },
		Means: "The whole host is to be isolated. Outsiders tried the TCP ports named. Others may be open: see limits: ports.",
	},
	{
		Code: reason.UDPNotProbed,
		Say: func(r reason.Reason) string {
			text := sample(r, "UDP ports of", ports)
			if len(r.Words("probed")) > 0 {
				text += ", and silence there proves nothing"
			}
			return text
		},
		Means: "The whole host is to be isolated. Outsiders asked the UDP ports named. An answer is found, and is a failure. Silence shows of no UDP port that it is closed, and ports that were not asked may answer: see limits: udp_ports.",
	},
	{
		Code:  reason.SourcePortsNotProbed,
		Say:   func(r reason.Reason) string { return sample(r, "TCP source ports of outsiders towards", ports) },
		Means: "A filter may let through what comes from a certain port. Outsiders came from the ports named, and from those that their systems choose. A hole for another source port is not found.",
	},
	{
		Code: reason.ProtocolsNotProbed,
		Say: func(r reason.Reason) string {
			return sample(r.With("probed", named(r.Words("probed"))), "IP protocols of", protocols)
		},
		Means: "The whole host is to be isolated. Outsiders speak the IP protocols named to it. It may answer over another one, such as SCTP (132), GRE (47) or IP in IP (4).",
	},
	{
		Code:  reason.SizesNotProbed,
		Text:  "packets of other sizes than kmsiso sends as an outsider: pings of one size, and TCP connections without data",
		Means: "A filter may look at the size of a packet, or at fragments. Outsiders send echo requests of one size and make connections that carry no data but an RPC bind.",
	},
	{
		Code:  reason.OtherOutsiders,
		Text:  "outsiders at addresses other than those of {vantages}",
		Means: "A host may let in addresses that no vantage has. What is configured for them is judged where a directory is read. Nothing was sent from them.",
	},
	{
		Code:  reason.BackupReachUnknown,
		Text:  "which machines get the GPOs of {source}, and which GPOs besides: a backup does not tell, so the declared ones are taken for all that a machine gets",
		Means: "A backup of GPOs has no links, groups or accounts. kmsiso takes the declared GPOs for all that a machine gets. A live directory tells it.",
	},
	{
		Code:  reason.ExportReachUnknown,
		Text:  "what Group Policy tells other machines of {forest}, and since the {source} was made: it is what was applied to one machine then",
		Means: "A registry export has what was applied to one machine when it was made. Other machines, and later changes, are not known.",
	},
	{
		Code: reason.DirectoryUnread,
		Say: func(r reason.Reason) string {
			of := ""
			if g := r.Word("gpo"); g != "" {
				of = fmt.Sprintf(" of GPO %q", g)
			}
			return fmt.Sprintf("what could not be read%s: %s", of, entry.Text(r.Because("problem")))
		},
		Means: "Something of a directory could not be read, and no cell depends on it. The run says nothing of it.",
	},
	{
		Code:  reason.ControllersNotAsked,
		Text:  "the GPOs at {servers|few}: {asked} of {total} domain controllers of {domain} were asked",
		Means: "A domain controller that was not asked may have older GPOs, and machines may ask it. Set controllers: all at the forest's directory, or declare them in its urls.",
	},
	{
		Code:  reason.MoreUnread,
		Text:  "{count} more things of {forest} that could not be read; the run document has them all",
		Means: "Many things of a forest could not be read. The first of them are named one by one. The run document has all, among the problems of the forest.",
	},
	{
		Code:  reason.UntestedUnknown,
		Text:  "what is not known: {words}",
		Means: "kmsiso itself broke while it listed what the run does not speak of. The list is missing, and the run is no GO.",
	},
}
