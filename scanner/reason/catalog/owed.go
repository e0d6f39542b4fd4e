package catalog

import "github.com/kmsiso/kmsiso/scanner/reason"

var owed = []Entry{
	{Code: reason.DenyOwed, Text: "an outsider is denied the KMS port of {host} at {address}",
		Means: "A GO owes this for every declared address of every KMS host, whatever outsiders there are."},
	{Code: reason.WayInOwed, Text: "a member reaches {host} inside IPsec",
		Means: "A GO owes this for every KMS host. A host that nobody can use is isolated as well, and not as it is meant."},
	{Code: reason.OutsiderWanted, Text: "no outsider looked at {host}", Fix: "add a vantage of role non-domain to kmsiso.yaml",
		Means: "Without a machine that is neither a member nor exempt, isolation is not tested at all."},
	{Code: reason.DenyNotShown, Text: "no outsider shows that {host} denies it at {address}", Fix: "add an outsider with {family} to kmsiso.yaml, or mend the one that there is",
		Means: "Each address of a host can stand open by itself. No vantage of role non-domain has a proved deny of this one."},
	{Code: reason.MemberWanted, Text: "no domain member looked at {host}", Fix: "add a vantage of role domain to kmsiso.yaml",
		Means: "Without a member nobody knows whether those who may use the host can."},
	{Code: reason.WayInNotShown, Text: "no member shows a protected connection to {host}", Fix: "see why the cells of domain-protected do not pass",
		Means: "Members are declared, and none has a connection that is shown to be protected."},
	{Code: reason.AliveWanted, Text: "nothing is declared that answers {vantage} over {family}", Fix: "declare under alive: of {vantage} a machine that answers everybody over {family}",
		Means: "A silence proves nothing as long as nothing shows that the network of the outsider works."},
	{Code: reason.ControlWanted, Text: "nobody is declared who may reach {host} and is not behind NAT", Fix: "add a vantage of role domain that is not behind NAT, or of role exempt",
		Means: "A silence proves nothing as long as nobody is answered in its place."},
	{Code: reason.WatchWanted, Text: "nobody can see the wire at {host}", Fix: "add a vantage at a mirror port with sees: [{host}]",
		Means: "Without the wire, denies and protection are known by what is configured. Windows cannot watch for kmsiso: a mirror port of the switch can, seen from a Linux machine."},
	{Code: reason.PrivilegeWanted, Text: "root, or CAP_NET_RAW, at {vantages}", Means: "A system lets its administrator alone look at the wire."},
}
