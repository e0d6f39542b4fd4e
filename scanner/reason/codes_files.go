package reason

// What a backup of GPOs lacks, and what is wrong with its files.
const (
	// NotInBackup: no backup can tell an aspect. Args: aspect.
	NotInBackup Code = "not-in-backup"
	// BackupsUnread: a folder of backups could not be read. Args: folder, why.
	BackupsUnread Code = "backups-unread"
	// BackupsMissing: there is no backup in a folder.
	BackupsMissing Code = "backups-missing"
	// BackupsTooMany: there are more backups than are read. Args: count, most.
	BackupsTooMany Code = "backups-too-many"
	// BackupOfSamba: the folder holds what samba-tool gpo backup writes.
	BackupOfSamba Code = "backup-of-samba"
	// BackupUnidentified: no file says of which GPO and domain a backup is.
	BackupUnidentified Code = "backup-unidentified"
	// BackupOfGPOs: the files of one backup name different GPOs. Args: bkupInfo,
	// backup, report.
	BackupOfGPOs Code = "backup-of-several-gpos"
	// BackupOfDomains: the files of one backup name different domains. Args: as before.
	BackupOfDomains Code = "backup-of-several-domains"
	// BackupFlagsDiffer: two files say different flags. Args: backup, report.
	BackupFlagsDiffer Code = "backup-flags-differ"
	// BackupFlagsUnknown: no file says which half of the GPO is off.
	BackupFlagsUnknown Code = "backup-flags-unknown"
	// BackupVersionUnknown: no file says the version of the GPO without doubt.
	BackupVersionUnknown Code = "backup-version-unknown"
	// BackupDescriptorMissing: no file has the security descriptor.
	BackupDescriptorMissing Code = "backup-descriptor-missing"
	// FilterUnidentified: a WMI filter is named, and its id is not. Args: filter.
	FilterUnidentified Code = "wmi-filter-unidentified"
	// FilterMalformed: what refers to a WMI filter names no id and domain. Args: filter.
	FilterMalformed Code = "wmi-filter-malformed"
	// BackupFileLost: a file was backed up, and is not there.
	BackupFileLost Code = "backup-file-lost"
	// BackupSettingsUnknown: there is no Registry.pol, and nothing says whether the GPO
	// had one.
	BackupSettingsUnknown Code = "backup-settings-unknown"
	// SettingsRebuilt: the settings are made of the report. Args: why, of what is lost.
	SettingsRebuilt Code = "settings-rebuilt"
	// ExtensionFailed: the report has an error in place of settings. Args: extension,
	// words.
	ExtensionFailed Code = "extension-failed"
	// NewerBackupUnknown: of two backups of a GPO nothing says which is newer. Args:
	// gpo, other.
	NewerBackupUnknown Code = "newer-backup-unknown"
	// ListedBackupMissing: manifest.xml lists a backup that is not there. Args: backup,
	// gpo.
	ListedBackupMissing Code = "listed-backup-missing"
)

// What of a report could not be turned into settings.
const (
	// ElementUnknown: an element of a form that is not known. Args: element.
	ElementUnknown Code = "element-unknown"
	// RuleVersionMissing: a rule says no version. Args: element, rule.
	RuleVersionMissing Code = "rule-version-missing"
	// RuleFieldNested: a field of a rule has parts. Args: element, rule, field.
	RuleFieldNested Code = "rule-field-nested"
	// RuleFieldBar: a field of a rule holds the separator. Args: element, rule, field.
	RuleFieldBar Code = "rule-field-bar"
	// SetUnidentified: an authentication set has no usable GUID. Args: element.
	SetUnidentified Code = "set-unidentified"
	// MoreLost: further elements.
	MoreLost Code = "more-lost"
)

// What is wrong with an XML file.
const (
	// XMLMalformed: it is not well-formed.
	XMLMalformed Code = "xml-malformed"
	// XMLEmpty: it has no element.
	XMLEmpty Code = "xml-empty"
	// XMLOther: it begins with another element. Args: element, want.
	XMLOther Code = "xml-other-element"
	// XMLStray: text stands outside the elements.
	XMLStray Code = "xml-stray-text"
	// XMLDeep: its elements are nested too deep. Args: most.
	XMLDeep Code = "xml-too-deep"
	// XMLParts: a setting has too many parts. Args: most.
	XMLParts Code = "xml-too-many-parts"
	// XMLEncoding: its encoding is not read. Args: encoding.
	XMLEncoding Code = "xml-encoding"
	// NotAGUID: a field holds no GUID. Args: value.
	NotAGUID Code = "not-a-guid"
	// NotADomain: a field holds no DNS name of a domain. Args: value.
	NotADomain Code = "not-a-domain-name"
	// NotATime: a field holds no time. Args: field, value.
	NotATime Code = "not-a-time"
	// NotANumber: a field holds no number of some bits. Args: field, value, bits.
	NotANumber Code = "not-a-number"
	// NotABoolean: a field is neither true nor false. Args: field, value.
	NotABoolean Code = "not-a-boolean"
	// NotHex: a field is no list of octets in hex. Args: field, words.
	NotHex Code = "not-hex"
)

// What is wrong with an export of a registry.
const (
	// NotInExport: no registry export can tell an aspect. Args: aspect.
	NotInExport Code = "not-in-registry-export"
	// ExportUnread: no registry export could be read. Args: file, why.
	ExportUnread Code = "registry-export-unread"
	// ExportsMissing: a folder holds no file of such a kind. Args: key.
	ExportsMissing Code = "registry-exports-missing"
	// ExportsTooMany: a folder holds more files than are read. Args: count, most.
	ExportsTooMany Code = "registry-exports-too-many"
	// ExportOfOtherKeys: it was not taken from the key of the firewall policy. Args: key.
	ExportOfOtherKeys Code = "export-of-other-keys"
	// ExportShallow: it was printed without what is below the first key.
	ExportShallow Code = "export-shallow"
	// ExportEmpty: the file is empty.
	ExportEmpty Code = "export-empty"
	// ExportUnknown: the file is of no form that is read.
	ExportUnknown Code = "export-unknown-form"
	// ExportValueAlone: a value stands before any key.
	ExportValueAlone Code = "export-value-without-key"
	// ExportNeither: a line is neither a key nor a value.
	ExportNeither Code = "export-stray-line"
	// ExportBracket: a key has no closing bracket.
	ExportBracket Code = "export-open-bracket"
	// ExportEquals: a value has no equals sign.
	ExportEquals Code = "export-no-equals-sign"
	// ExportTrailing: something stands behind a value.
	ExportTrailing Code = "export-trailing-text"
	// ExportValue: the data of a value cannot be read. Args: value, why.
	ExportValue Code = "export-value-unreadable"
	// ExportQuote: a text has no closing quote.
	ExportQuote Code = "export-open-quote"
	// ExportBackslash: a backslash escapes what it cannot.
	ExportBackslash Code = "export-backslash"
	// ExportNumber: what follows dword: is no number.
	ExportNumber Code = "export-number"
	// ExportForm: data is of no known form.
	ExportForm Code = "export-unknown-data"
	// ExportType: what follows hex( is no type.
	ExportType Code = "export-type"
	// ExportColon: hex has no colon.
	ExportColon Code = "export-no-colon"
	// ExportOctets: data is no list of octets in hex.
	ExportOctets Code = "export-octets"
)

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
