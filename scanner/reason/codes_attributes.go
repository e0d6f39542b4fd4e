package reason

// What is wrong with an attribute or a file of Group Policy. "found" is the text
// that is wrong.
const (
	// AttributePart: part of an attribute cannot be read. Args: in, offset, why.
	AttributePart Code = "attribute-part"
	// AttributeMore: further parts of it. Args: count.
	AttributeMore Code = "more-attribute-parts"
	// OutsideBrackets: text stands outside of the brackets. Args: found.
	OutsideBrackets Code = "outside-brackets"
	// BracketOpen: a bracket is not closed. Args: found.
	BracketOpen Code = "bracket-not-closed"
	// BracketsEmpty: a pair of brackets has nothing in it. It has no argument.
	BracketsEmpty Code = "brackets-empty"
	// LinkWithoutOptions: a link has no options. Args: found.
	LinkWithoutOptions Code = "link-without-options"
	// LinkOptions: the options of a link are no number. Args: gpo-id, found.
	LinkOptions Code = "link-options"
	// LinkScheme: a link is no LDAP path. Args: found, want.
	LinkScheme Code = "link-scheme"
	// LinkWithoutGPO: a link names no GPO. Args: found.
	LinkWithoutGPO Code = "link-without-gpo"
	// DomainNotNamed: no domain is named. Args: found.
	DomainNotNamed Code = "domain-not-named"
	// FilterIncomplete: a reference to a WMI filter names not both domain and filter. Args: found.
	FilterIncomplete Code = "wmi-reference-incomplete"
	// FilterSecond: there is a second reference to a WMI filter. Args: found.
	FilterSecond Code = "wmi-reference-twice"
	// INIWithoutGeneral: gpt.ini has no section [General]. It has no argument.
	INIWithoutGeneral Code = "gpt-ini-without-general"
	// INIWithoutVersion: it has no Version there. It has no argument.
	INIWithoutVersion Code = "gpt-ini-without-version"
	// INIVersion: its Version is no number. Args: line, why.
	INIVersion Code = "gpt-ini-version"
	// INIVersions: it has two. Args: line, found, other-line, other.
	INIVersions Code = "gpt-ini-versions"
)

// Why a security descriptor in SDDL cannot be read. "found" is the text that is
// wrong.
const (
	// SDDLUnreadable: the text is wrong at an offset. Args: offset, why.
	SDDLUnreadable Code = "sddl-unreadable"
	// SDDLTooLong: it is longer than what is read. Args: octets, most.
	SDDLTooLong Code = "sddl-too-long"
	// SDDLPart: a part has no known tag. Args: found.
	SDDLPart Code = "sddl-part"
	// SDDLTwice: a part is there twice. Args: found.
	SDDLTwice Code = "sddl-part-twice"
	// SDDLListFlags: the flags of a list are none. Args: found.
	SDDLListFlags Code = "sddl-list-flags"
	// SDDLNull: a NULL list has entries. Args: found.
	SDDLNull Code = "sddl-null-list"
	// SDDLOpen: a parenthesis is not closed. Args: found.
	SDDLOpen Code = "sddl-parenthesis"
	// SDDLFields: an entry has too few fields. Args: found, count.
	SDDLFields Code = "sddl-fields"
	// SDDLType: the type of an entry is none. Args: found.
	SDDLType Code = "sddl-type"
	// SDDLFlags: its flags are none. Args: found.
	SDDLFlags Code = "sddl-flags"
	// SDDLRights: its rights are none. Args: found.
	SDDLRights Code = "sddl-rights"
	// SDDLUnknownType: an entry of an unknown type has more than bytes. Args: type, found.
	SDDLUnknownType Code = "sddl-unknown-type"
	// SDDLStrayGUID: an entry has a GUID that has none. Args: found.
	SDDLStrayGUID Code = "sddl-stray-guid"
	// SDDLStrayData: an entry has a condition that has none. Args: found.
	SDDLStrayData Code = "sddl-stray-data"
	// SDDLCondition: a condition stands in no parentheses. Args: found.
	SDDLCondition Code = "sddl-condition"
	// GUIDMalformed: a text is no GUID. Args: found.
	GUIDMalformed Code = "guid-malformed"
	// SIDMalformed: a text is no SID. Args: found.
	SIDMalformed Code = "sid-malformed"
	// SIDOfUnknownDomain: letters stand for a group of a domain whose SID is not known. Args: found.
	SIDOfUnknownDomain Code = "sid-of-unknown-domain"
)

// Why bytes are no security descriptor or SID. "field" is what is wrong: owner,
// group, SACL, DACL, list, entry, SID, mask, GUID; "left" is how many bytes there
// are.
const (
	// DescriptorBytes: a security descriptor cannot be read. Args: octets, why.
	DescriptorBytes Code = "security-descriptor-bytes"
	// SIDBytes: a SID cannot be read. Args: octets, why.
	SIDBytes Code = "sid-bytes"
	// FieldAt: something is wrong in a field at an offset. Args: field, offset, why.
	FieldAt Code = "field-at"
	// EntryAt: something is wrong in an entry. Args: entry, type, why.
	EntryAt Code = "entry-at"
	// FieldCut: a field is longer than what is left. Args: field, want, left.
	FieldCut Code = "field-cut"
	// FieldRevision: a field has another revision. Args: field, found.
	FieldRevision Code = "field-revision"
	// FieldSize: a list or an entry has an impossible size. Args: field, found, left.
	FieldSize Code = "field-size"
	// FieldOffset: a field is said to be where it cannot be. Args: field, found.
	FieldOffset Code = "field-offset"
	// NotSelfRelative: the control field does not say self-relative. Args: found.
	NotSelfRelative Code = "not-self-relative"
	// ListCut: a list ends before its last entry. Args: count, found.
	ListCut Code = "list-cut"
	// SIDParts: a SID has too many subauthorities. Args: count, most.
	SIDParts Code = "sid-parts"
	// SIDTrailing: something follows a SID. Args: left.
	SIDTrailing Code = "sid-trailing"
)
