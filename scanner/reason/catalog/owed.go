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
}
