package reason

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
