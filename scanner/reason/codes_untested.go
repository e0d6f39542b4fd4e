package reason

// What a run does not speak of.
const (
	// NetworkNotObserved: an audit sends nothing to hosts. No arguments.
	NetworkNotObserved Code = "network-not-observed"
	// DirectoryNotDeclared: no directory is declared, so none is read. Args: instead, the
	// check that reads what arrived on the vantages, of a run that lists what it leaves
	// out.
	DirectoryNotDeclared Code = "directory-not-declared"
	// NameWithoutAddress: a declared name has no address. Args: name, why.
	NameWithoutAddress Code = "name-without-address"
	// NoOutsiderVantage: the policy has no non-domain vantage.
	NoOutsiderVantage Code = "no-outsider-vantage"
	// NoMemberVantage: the policy has no domain vantage.
	NoMemberVantage Code = "no-member-vantage"
	// NoOutsiderInSegment: no non-domain vantage shares a subnet with a host. Args: host.
	NoOutsiderInSegment Code = "no-outsider-in-segment"
	// NoIPv6Address: no IPv6 address of a host is declared. Args: host.
	NoIPv6Address Code = "no-ipv6-address"
	// HostNotAVantage: nothing is looked at from a host itself. Args: host.
	HostNotAVantage Code = "host-not-a-vantage"
	// NoVantageBehindNAT: no vantage has the path nat.
	NoVantageBehindNAT Code = "no-vantage-behind-nat"
	// NoExemptVantage: there are exemptions and no exempt vantage.
	NoExemptVantage Code = "no-exempt-vantage"
	// FlowUntried: a declared flow was not tried from the vantage where it begins. Args: flow, why.
	FlowUntried Code = "flow-untried"
	// FlowSourceNotAVantage: a declared flow comes from what is no vantage. Args: from.
	FlowSourceNotAVantage Code = "flow-source-not-a-vantage"
	// PortsNotProbed: of a host that is isolated whole, these ports alone are probed
	// beside the KMS port. Args: probed.
	PortsNotProbed Code = "ports-not-probed"
	// BackupReachUnknown: a backup does not tell which machines get its GPOs. Args: source.
	BackupReachUnknown Code = "backup-reach-unknown"
	// ExportReachUnknown: a registry export is of one machine at one time. Args:
	// forest, source, which is the same source again as it is named.
	ExportReachUnknown Code = "export-reach-unknown"
	// DirectoryUnread: a thing of a directory could not be read, and no cell says
	// so. Args: gpo where it is of one, problem.
	DirectoryUnread Code = "directory-unread"
	// MoreUnread: further such things. Args: count, forest.
	MoreUnread Code = "more-unread"
	// DocumentDoesNotKnow: an older run document has no such check, or claim of a check.
	// Args: what.
	DocumentDoesNotKnow Code = "document-does-not-know"
	// DocumentTriedLess: an older run did not try all that these checks try. Args: what.
	DocumentTriedLess Code = "document-tried-less"
	// UntestedUnknown: kmsiso itself broke while it listed what was not tested. Args: words.
	UntestedUnknown Code = "untested-unknown"
)
