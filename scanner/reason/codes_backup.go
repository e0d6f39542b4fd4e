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
