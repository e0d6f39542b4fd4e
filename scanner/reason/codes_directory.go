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

// Why a domain controller, or its SYSVOL, could not be read.
const (
	// ServerUnread: a declared server could not be read. Args: server, why.
	ServerUnread Code = "server-unread"
	// SYSVOLUnread: the SYSVOL of a controller could not be opened. Args: server, why.
	SYSVOLUnread Code = "sysvol-unread"
	// RootUnread: what a server says of itself could not be read. Args: why.
	RootUnread Code = "root-unread"
	// NotAController: the server is no domain controller of Active Directory.
	NotAController Code = "not-a-domain-controller"
	// ClockUnreadable: the time that a server says is none. Args: words.
	ClockUnreadable Code = "clock-unreadable"
	// ServerSaid: a controller answered a search with an error. Args: result, words.
	ServerSaid Code = "server-said"
	// KerberosFailed: no ticket was had, or it was not taken. Args: account, why.
	KerberosFailed Code = "kerberos-failed"
	// WithKerberos: what became of Kerberos, where NTLM failed as well. Args: why.
	WithKerberos Code = "with-kerberos"
	// NTLMForbidden: only NTLM would open it, and the policy forbids that. Args: why.
	NTLMForbidden Code = "ntlm-forbidden"
	// ControllersUnlisted: which controllers a domain has is not known. Args: why.
	ControllersUnlisted Code = "controllers-unlisted"
	// ControllerNameForeign: the directory names a controller outside of what is declared.
	// Args: domains.
	ControllerNameForeign Code = "controller-name-foreign"
	// ControllerAccountMissing: the sites name a controller, and no account of one does.
	ControllerAccountMissing Code = "controller-account-missing"
	// ControllersTooMany: more controllers are named than are asked. Args: most.
	ControllersTooMany Code = "controllers-too-many"
	// AccountDomainUnknown: the account names no domain to ask for a ticket.
	AccountDomainUnknown Code = "account-domain-unknown"
	// ShareMissing: a server has no share of that name.
	ShareMissing Code = "share-missing"
	// LogonRefused: a server refused the log-on of an account. Args: account, why.
	LogonRefused Code = "logon-refused"
	// NoAnswerWithin: a server that took the connection did not answer in time. Args:
	// timeout.
	NoAnswerWithin Code = "no-answer-within"
)

// Why nothing more is asked of a server: what it sends is no good, or too much.
const (
	// ReadingTooLarge: more came than a directory has. Args: mib, the limit.
	ReadingTooLarge Code = "reading-too-large"
	// TooManyObjects: more came than can be kept. Args: mib, the limit.
	TooManyObjects Code = "too-many-objects"
	// ServerTooSlow: a server plays for time. Args: spent, kb, which came in that time.
	ServerTooSlow Code = "server-too-slow"
	// AnswerTooLong: one question has an answer without end. Args: messages, mib or
	// values, of which it is the limit.
	AnswerTooLong Code = "answer-too-long"
	// MessageTooLarge: one message is larger than any can be. Args: mib, values or
	// depth, of which it is the limit, or kb, which it has.
	MessageTooLarge Code = "message-too-large"
	// MessageMalformed: the parts of a message do not fit into it, or its length is none
	MessageMalformed Code = "message-malformed"
	// MessageWithoutLength: a message of indefinite length
	MessageWithoutLength Code = "message-without-length"
	// NotLDAP: something else than LDAP
	NotLDAP Code = "not-ldap"
	// UnaskedAnswer: something that nobody asked for
	UnaskedAnswer Code = "unasked-answer"
	// MoreThanThereIs: a search found more than there can be. Args: most.
	MoreThanThereIs Code = "more-than-there-is"
	// PageTooLarge: a page has more objects than were asked for. Args: sent, asked.
	PageTooLarge Code = "page-too-large"
	// PagesEmpty: pages without an object in them. Args: pages.
	PagesEmpty Code = "empty-pages"
	// PageRepeated: the page that came before came again
	PageRepeated Code = "repeated-page"
	// OtherRange: other members of a group than those that were asked for. Args:
	// group, from, words.
	OtherRange Code = "other-range"
)
