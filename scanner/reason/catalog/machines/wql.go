package machines

import (
	"fmt"
	"strings"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/entry"
)

// ofRole names versions of Windows in one role: neighbours by the first and the last.
func ofRole(r reason.Reason) string {
	first, last := r.Words("first"), r.Words("last")
	var all []string
	for i := range min(len(first), len(last)) {
		if first[i] == last[i] {
			all = append(all, first[i])
		} else {
			all = append(all, first[i]+" to "+last[i])
		}
	}
	return strings.Join(all, ", ") + entry.Fill(" as {role}", r)
}

// misordered says what an order as text does to whom, and how that is known.
func misordered(property, known string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		var effects []string
		for _, e := range []struct{ name, does string }{{"lost", "it keeps out "}, {"gained", "it lets through "}} {
			if windows := r.Because(e.name); windows != nil {
				effects = append(effects, e.does+entry.Text(windows))
			}
		}
		return entry.Fill("WMI filter {filter|q}: the filter compares ", r) + property + " as if it were a number, but WMI compares text, in which 10 is before 6: " +
			strings.Join(effects, "; ") + ". " + known
	}
}

// fieldOf is the number or the text that a row of msWMI-Parm2 is about.
func fieldOf(r reason.Reason) string {
	if r.Word("field") == "count" {
		return "the count of queries"
	}
	return entry.Fill("the {field} of query {ordinal}", r)
}

// numberOf is a sentence about the number of a field: how many queries there are,
// or how long the field is.
func numberOf(text string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		of := fieldOf(r)
		if r.Word("field") != "count" {
			of = "the length of " + of
		}
		return fmt.Sprintf(entry.Fill("msWMI-Parm2, offset {offset}: %s "+text, r), of)
	}
}

// lengthOf is a sentence about a field that is not as long as is said.
func lengthOf(text string) func(reason.Reason) string {
	return func(r reason.Reason) string {
		return fmt.Sprintf(entry.Fill("msWMI-Parm2, offset {offset}: %s should have {length} characters "+text, r), fieldOf(r))
	}
}

const editFilter = "GPMC, WMI Filters, Edit: {right-query}"

var queries = []entry.Entry{
	{Code: reason.FilterCurlyQuotes, Severity: "warn", Fix: editFilter,
		Text: "WMI filter {filter|q}: query {ordinal} has typographic quotes ({words|q}), as the paper's own text has: in WQL a string stands in \" or ', " +
			"so WMI refuses the query (WBEM_E_INVALID_QUERY, [MS-WMI] 2.2.1.1, 3.1.4.3.18). To Group Policy that is a local error " +
			"of the evaluation, which ends policy application ([MS-GPOL] 3.2.5.1.7): no Windows gets the GPO. A filter that is " +
			"missing would be skipped and the GPO allowed",
		Means: "The query was copied from a text with typographic quotes. WMI cannot parse it, and no machine gets the GPO. Write straight quotes."},
	{Code: reason.FilterNotUnderstood, Severity: "warn",
		Text:  "WMI filter {filter|q}: query {ordinal} ({words|q}): {why}, so it is not known which Windows it lets through",
		Fix:   "run it on each Windows with Get-CimInstance -Query, or in its place: " + editFilter,
		Means: "kmsiso knows the two classes that filters for Windows versions ask for, and what Microsoft documents of WQL. The query asks for something else. It need not be wrong."},
	{Code: reason.FilterVersionOrder, Severity: "warn", Fix: editFilter,
		Say: misordered("Version", "[MS-WMI] 2.2.1.1 makes a comparison with a string constant a lexicographic one, and Version is a string; Microsoft states "+
			"the consequence for BuildNumber, numerals without quotes included (KB3119213), for Version it is inferred from both. The "+
			"paper's own text has Version >= '6'"),
		Means: "As text, \"10.0\" comes before \"6\". A filter that wants Windows 6 or later so keeps out Windows 10 and 11. Use LIKE."},
	{Code: reason.FilterBuildOrder, Severity: "warn", Fix: editFilter,
		Say:   misordered("BuildNumber", "BuildNumber is a string, and Microsoft states that 10*** therefore is less than 9600 (KB3119213)"),
		Means: "As text, build 19045 comes before build 9600. A filter that wants builds from some number on so keeps out newer ones. Use Version and LIKE."},
	{Code: reason.FilterPrecedence, Severity: "warn", Fix: "put the alternatives in parentheses: " + editFilter,
		Text: "WMI filter {filter|q}: query {ordinal} has AND and OR without parentheses ({words|q}): AND binds tighter, so one alternative stands without the " +
			"rest, and the query lets through {gained}",
		Means: "Without parentheses A OR B AND C is A OR (B AND C). The query so lets through more Windows than it seems to."},
	{Code: reason.FilterControllers, Severity: "info", Fix: editFilter,
		Text: "WMI filter {filter|q}: the filter lets through {gained}; the paper keeps domain controllers out by a Deny for Enterprise Domain " +
			"Controllers instead, which does not cover read-only ones",
		Means: "The filter alone does not keep the GPO from domain controllers. gpo-not-on-dcs says whether something else does."},
	{Code: reason.FilterExcluded, Severity: "info", Fix: editFilter, Text: "WMI filter {filter|q}: the filter keeps out {lost}",
		Means: "These versions of Windows know connection security rules, and the filter is false on them. If none is in use, nothing is lost."},
	{Code: reason.WindowsOfRole, Say: ofRole,
		Means: "Some versions of Windows in one role. Neighbours are named by the first and the last of them."},
	{Code: reason.WindowsOfEveryRole, Text: "every {role}",
		Means: "All versions of Windows in one role that have connection security rules."},

	{Code: reason.QueryOfFilter, Text: "query {ordinal}: {why}",
		Means: "A filter may have several queries, and each must return a row. This is about one of them."},
	{Code: reason.PropertyUnknown, Text: "{property} of {windows} is not known",
		Means: "The query asks for something that the version of a Windows does not tell. Whether the filter is true depends on the machine."},
	{Code: reason.PropertyAmbiguous, Text: "{property} of {windows} is one of {values}",
		Means: "Machines with this Windows differ in what the query asks for, so the filter is true on some and false on others."},
	{Code: reason.NumberAgainstText, Text: "{property} {comparison} depends on whether WMI compares a number with a string as text",
		Means: "The property is a number and the constant a string. [MS-WMI] 2.2.1.1 does not say in which way they are compared, and here it matters. Write the constant without quotes."},
	{Code: reason.CaptionUnknown, Text: "the caption of {windows} depends on its edition and language; {comparison}",
		Means: "The caption is the display name of the edition in the language of the machine. Ask for Version and ProductType instead."},

	{Code: reason.CurlyQuotes, Text: "offset {offset}: typographic quotes: WMI cannot parse the query (WBEM_E_INVALID_QUERY)",
		Means: "A string in WQL stands in straight quotes, \" or '. A query with others is refused."},
	{Code: reason.QueryNotUnderstood, Text: "not understood here, offset {offset}: {why}",
		Means: "kmsiso does not know what WMI makes of the query at this place. The reason behind it says of what. The query need not be wrong."},
	{Code: reason.WQLKeyword, Text: "{found|end} where {want} should be",
		Means: "A keyword or a sign of WQL is missing at this place."},
	{Code: reason.WQLNoProperty, Text: "{found|end} where a property should be",
		Means: "The name of a property is missing at this place."},
	{Code: reason.WQLNoComparison, Text: "{found|end} where a comparison should be",
		Means: "An operator such as = or LIKE is missing at this place."},
	{Code: reason.WQLNoConstant, Text: "{found|end} where a constant should be",
		Means: "A string, a number, TRUE or FALSE is missing at this place."},
	{Code: reason.WQLTrailing, Text: "{found|end} after the query",
		Means: "The query is whole, and something follows it."},
	{Code: reason.WQLClass, Text: "the class {found|end}: only Win32_OperatingSystem and Win32_ComputerSystem are",
		Means: "The query asks for a class of which kmsiso does not know what a Windows has of it."},
	{Code: reason.WQLProperty, Text: "{found|end} is no property that Microsoft documents of {class}",
		Means: "WMI refuses a query with a property that its class does not have. Look at its spelling."},
	{Code: reason.WQLNotLike, Text: "NOT LIKE: WMI wants NOT before the property",
		Means: "WQL has no NOT LIKE. Write NOT, the property, LIKE."},
	{Code: reason.WQLDeep, Text: "parentheses and NOT deeper than {most}",
		Means: "The query is nested deeper than kmsiso reads."},
	{Code: reason.WQLLanguage, Text: "the query language {language|q}",
		Means: "Filters are in WQL. What Windows makes of another language is not known."},
	{Code: reason.WQLNamespace, Text: "the namespace {namespace|q}: only {want} is",
		Means: "The query asks another namespace, whose classes kmsiso does not know."},
	{Code: reason.WQLCharacter, Text: "the character {character} ({point})",
		Means: "The character has no meaning in WQL outside of a string."},
	{Code: reason.WQLBackslash, Text: "a backslash that is not before a backslash or a quote",
		Means: "A backslash in a string escapes a backslash or a quote. What another one means is not documented."},
	{Code: reason.WQLOpenQuote, Text: "the quote {quote} is not closed",
		Means: "A string has no end."},
	{Code: reason.WQLNumber, Text: "a number that begins {found|q}",
		Means: "What begins like a number is none. A version such as 10.0.1 is a string and wants quotes."},
	{Code: reason.WQLLike, Text: "{comparison}: LIKE wants a string constant, without backslashes",
		Means: "LIKE compares with a pattern in quotes."},
	{Code: reason.WQLPattern, Text: "{comparison}: {part|q} in LIKE",
		Means: "Part of the pattern has no documented meaning: a bracket that is not closed, an empty set, a range that runs backwards."},
	{Code: reason.WQLNumberPattern, Text: "{comparison}: a pattern for a number is WBEM_E_INVALID_QUERY",
		Means: "LIKE with wildcards is for strings. WMI refuses the query."},
	{Code: reason.WQLConstant, Text: "{comparison}: what WMI makes of this constant for a {type} is not documented",
		Means: "The constant is not of the type of the property, and Microsoft does not say how WMI converts it."},
	{Code: reason.WQLBooleanOrder, Text: "{comparison}: a Boolean is compared with = and <> only",
		Means: "TRUE and FALSE have no order. WMI refuses the query."},
	{Code: reason.WQLBoolean, Text: "{comparison}: no Boolean constant",
		Means: "The property is TRUE or FALSE, and the constant is neither."},
	{Code: reason.WQLType, Text: "{comparison}: comparisons of this property are not understood here",
		Means: "The property is a date or a list. kmsiso does not know what it is on a machine."},

	{Code: reason.Parm2Long, Text: "msWMI-Parm2 has {octets} octets: more than {most}",
		Means: "The attribute that holds the queries is longer than kmsiso reads."},
	{Code: reason.Parm2Encoding, Text: "msWMI-Parm2 is not UTF-8",
		Means: "The attribute that holds the queries is no text."},
	{Code: reason.Parm2Trailing, Text: "msWMI-Parm2, offset {offset}: {found|q} after the last of {count} queries",
		Means: "The attribute says how many queries it holds, and has more in it."},
	{Code: reason.Parm2Missing, Say: numberOf("is missing, or the semicolon after it ({found|q})"),
		Means: "A number that the layout wants is not there, or has no semicolon after it."},
	{Code: reason.Parm2Number, Say: numberOf("is {found|q}, no number"),
		Means: "Where the layout wants a number, something else stands."},
	{Code: reason.Parm2Range, Say: numberOf("is {found}, not one of {least} to {most}"),
		Means: "A number is not one that the layout can have."},
	{Code: reason.Parm2Short, Say: lengthOf("and a semicolon, but {left} characters are left"),
		Means: "The attribute says how long a field is, and ends before that."},
	{Code: reason.Parm2Length, Say: lengthOf("and then a semicolon, but there is {found|q}"),
		Means: "The attribute says how long a field is, and the field is not as long. Whoever wrote it counted wrongly."},
}
