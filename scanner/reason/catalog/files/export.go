package files

import (
	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
	"github.com/kmsiso/kmsiso/scanner/run"
)

var export = []entry.Entry{
	{
		Code: reason.NotInExport,
		Say: func(r reason.Reason) string {
			return "a registry export is of one machine, and has " + inExport[run.Aspect(r.Word("aspect"))]
		},
		Means: "A registry export holds what was applied to one machine, and nothing of the directory. What rests on this cannot be decided from it.",
	},
	{
		Code:  reason.ExportOfOtherKeys,
		Text:  `it was not taken from HKLM\{key} or a key above it, so what Group Policy told the machine is not known`,
		Means: "The file does not hold the key of the firewall policy. Export that key, or one above it.",
	},
	{
		Code:  reason.ExportShallow,
		Text:  "the one key below the first has no values, as if reg query had been asked without /s: what is below it is not known",
		Means: "reg query prints one level of keys without /s. Print it again with /s.",
	},
	{
		Code:  reason.ExportEmpty,
		Text:  "it is empty",
		Means: "There is nothing in the file. Export it again.",
	},
	{
		Code:  reason.ExportUnknown,
		Text:  "it is neither what reg export writes nor what reg query /s prints",
		Means: "The file is of another kind. Make it with reg export.",
	},
	{
		Code:  reason.ExportValueAlone,
		Text:  "a value stands before any key",
		Means: "The file is damaged. Export it again.",
	},
	{
		Code:  reason.ExportNeither,
		Text:  "neither a key nor a value",
		Means: "A line of the file is neither a key nor a value. The file is damaged, or was edited.",
	},
	{
		Code:  reason.ExportBracket,
		Text:  "a key without its closing bracket",
		Means: "The file is damaged. Export it again.",
	},
	{
		Code:  reason.ExportEquals,
		Text:  "a value has no =",
		Means: "The file is damaged. Export it again.",
	},
	{
		Code:  reason.ExportTrailing,
		Text:  "what follows the value is not understood",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportValue,
		Text:  "the value {value|q}: {why}",
		Means: "The data of a value cannot be read. The file is damaged, or was edited.",
	},
	{
		Code:  reason.ExportQuote,
		Text:  "a text has no closing quote",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportBackslash,
		Text:  "a backslash stands before neither a quote nor another one",
		Means: "The file was edited by hand. In such a file a backslash is written twice.",
	},
	{
		Code:  reason.ExportNumber,
		Text:  "what follows dword: is no number of 32 bits in hex",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportForm,
		Text:  "its data is of no known form",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportType,
		Text:  "what follows hex( is no type",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportColon,
		Text:  "hex has no colon",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportOctets,
		Text:  "its data is no list of octets in hex",
		Means: "The file is damaged, or was edited. Export it again.",
	},
	{
		Code:  reason.ExportUnread,
		Text:  "read the registry export {file}: {why}",
		Means: "No file of the registry export could be read, so nothing is known of what is configured. Look at the path in the policy.",
	},
	{
		Code:  reason.ExportsMissing,
		Text:  `no file in it ends in .reg or .txt; make one with reg export HKLM\{key} FILE.reg`,
		Means: "The folder is there, and holds no registry export. Make one on the machine with reg export.",
	},
	{
		Code:  reason.ExportsTooMany,
		Text:  "it holds {count} files, more than {most}",
		Means: "The folder holds more files than kmsiso reads. Name a folder with those of the machines that matter.",
	},
}

// inExport is what a registry export has in place of an aspect.
var inExport = map[run.Aspect]string{
	run.AspectGPOs:       "what became of the GPOs, not the GPOs",
	run.AspectLinks:      "no links",
	run.AspectSecurity:   "no permissions of GPOs",
	run.AspectFilters:    "no WMI filters",
	run.AspectComputers:  "no accounts of computers",
	run.AspectTrusts:     "no trusts",
	run.AspectCopies:     "no copies of GPOs",
	run.AspectActivation: "no objects of Active Directory-based activation",
}
