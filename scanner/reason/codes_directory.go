package reason

// What of a directory, a backup or an export could not be read, or is wrong.
const (
	// DirectoryProblem: something of a directory could not be read, or is wrong.
	// Args: where, why.
	DirectoryProblem Code = "directory-problem"
	// NotPermitted: the account may not read it.
	NotPermitted Code = "not-permitted"
	// ObjectMissing: an object is not there, or the account does not see it.
	ObjectMissing Code = "object-missing"
	// FileMissing: there is no such file.
	FileMissing Code = "file-missing"
	// FileUnreadable: a file that is there could not be read. Args: why.
	FileUnreadable Code = "file-unreadable"
	// FileIrregular: what has the name of a file is a folder, a pipe or the like.
	FileIrregular Code = "file-irregular"
	// FileTooLarge: a file is larger than what is read of one. Args: most, in octets,
	// and size where it is known.
	FileTooLarge Code = "file-too-large"
	// FilePointer: a pointer of Git LFS stands in the place of a file.
	FilePointer Code = "git-lfs-pointer"
	// FileDamaged: a file is no Registry.pol from some octet on. Args: offset, why.
	FileDamaged Code = "file-damaged"
	// GPOFolderMissing: a GPO of the directory has no folder in SYSVOL.
	GPOFolderMissing Code = "gpo-folder-missing"
	// GPOPathMissing: a GPO does not say where its folder is.
	GPOPathMissing Code = "gpo-path-missing"
	// GPOPathMalformed: what a GPO says of its folder is no path in a SYSVOL. Args: path.
	GPOPathMalformed Code = "gpo-path-malformed"
	// GPOPathElsewhere: the folder of a GPO is in another share. Args: path.
	GPOPathElsewhere Code = "gpo-path-not-in-sysvol"
	// GPOPathForeign: the folder of a GPO is at a server that is not declared. Args:
	// path, server.
	GPOPathForeign Code = "gpo-path-foreign"
	// SYSVOLFolderWrong: the folder named for SYSVOL is another one. Args: domain, why.
	SYSVOLFolderWrong Code = "sysvol-folder-wrong"
	// SYSVOLFolderUnreadable: the folder named for SYSVOL cannot be opened. Args:
	// folder, why.
	SYSVOLFolderUnreadable Code = "sysvol-folder-unreadable"
	// CopiesNotCompared: SYSVOL is a folder, so the copies of controllers are not known.
	CopiesNotCompared Code = "copies-not-compared"
	// DomainUnread: a domain of the forest is not read. Args: domain, why.
	DomainUnread Code = "domain-not-read"
	// ControllerUndeclared: no domain controller of a domain is declared.
	ControllerUndeclared Code = "controller-not-declared"
	// GroupDomainUnread: a group is of a domain that is not read.
	GroupDomainUnread Code = "group-domain-not-read"
	// OtherForest: a declared controller is of another forest than the first one.
	// Args: forest, first.
	OtherForest Code = "other-forest"
	// ForestMisnamed: the forest that was read is not the declared one. Args: forest,
	// declared.
	ForestMisnamed Code = "forest-misnamed"
	// SubnetMalformed: the name of a subnet is none. Args: subnet.
	SubnetMalformed Code = "subnet-malformed"
	// DescriptorUnread: a security descriptor could not be read. Args: why.
	DescriptorUnread Code = "security-descriptor-unread"
	// AttributeUnread: an attribute could not be read. Args: attribute, why.
	AttributeUnread Code = "attribute-unread"
)

// Which part of a directory could not be read. Args: why.
const (
	// UnitsUnread: the OUs that have links.
	UnitsUnread Code = "units-unread"
	// SitesUnread: the sites of the forest.
	SitesUnread Code = "sites-unread"
	// SubnetsUnread: the subnets of the sites.
	SubnetsUnread Code = "subnets-unread"
	// MachinesUnread: the accounts of the declared machines.
	MachinesUnread Code = "declared-accounts-unread"
	// ComputersUnread: the accounts of computers.
	ComputersUnread Code = "computer-accounts-unread"
	// ComputersHidden: some accounts of computers. Args: count, why.
	ComputersHidden Code = "computer-accounts-hidden"
	// SharersUnread: who has the same service principal names. Args: domain, why.
	SharersUnread Code = "service-names-unread"
	// FilteringGroupsUnread: the groups that GPOs are filtered by.
	FilteringGroupsUnread Code = "filtering-groups-unread"
	// NestedGroupsUnread: the groups in a group.
	NestedGroupsUnread Code = "nested-groups-unread"
	// MembersUnread: the members of a group that are in other domains.
	MembersUnread Code = "members-unread"
	// ForeignMembersUnread: those of them that are in one domain. Args: domain, why.
	ForeignMembersUnread Code = "foreign-members-unread"
	// VersionsUnread: the versions of the GPOs at a controller.
	VersionsUnread Code = "versions-unread"
	// PartitionsUnread: the domains of the forest. Args: where, why.
	PartitionsUnread Code = "partitions-unread"
)

// What is wrong in a Registry.pol, at the offset of [FileDamaged].
const (
	// FileEmpty: there is nothing in it.
	FileEmpty Code = "file-empty"
	// PolMark: a byte order mark is before the signature.
	PolMark Code = "pol-byte-order-mark"
	// PolSignature: it does not begin with PReg. Args: signature.
	PolSignature Code = "pol-signature"
	// PolHeader: it ends in its header. Args: octets, want.
	PolHeader Code = "pol-header-cut"
	// PolVersion: its version is another one. Args: version, want.
	PolVersion Code = "pol-version"
	// PolCutIn: a record ends in one of its fields. Args: field.
	PolCutIn Code = "pol-cut-in-field"
	// PolCutAfter: a record ends behind one of its fields. Args: field.
	PolCutAfter Code = "pol-cut-after-field"
	// PolNUL: a NUL is missing at the end of a field. Args: field.
	PolNUL Code = "pol-nul-missing"
	// PolDelimiter: a delimiter is missing behind a field. Args: delimiter, field.
	PolDelimiter Code = "pol-delimiter-missing"
	// PolSize: the data would end behind the end of the file.
	PolSize Code = "pol-data-too-long"
	// PolTrailing: what follows the last record is no record.
	PolTrailing Code = "pol-trailing-octets"
)
