package reason

// What is wrong with a WMI filter, or worth knowing of it. Args: filter, the name
// of the filter, and right-query, one that is right. "ordinal" is the place of a
// query in the filter, from 1, and "words" the beginning of its text.
const (
	// FilterCurlyQuotes: a query has typographic quotes. Args: filter, ordinal, words, right-query.
	FilterCurlyQuotes Code = "wmi-curly-quotes"
	// FilterNotUnderstood: what a query does is not known. Args: filter, ordinal, words, why, right-query.
	FilterNotUnderstood Code = "wmi-not-understood"
	// FilterVersionOrder: versions are compared as text. Args: filter, lost, gained, right-query.
	FilterVersionOrder Code = "wmi-version-order"
	// FilterBuildOrder: build numbers are compared as text. Args: filter, lost, gained, right-query.
	FilterBuildOrder Code = "wmi-build-order"
	// FilterPrecedence: AND binds tighter than OR. Args: filter, ordinal, words, gained, right-query.
	FilterPrecedence Code = "wmi-precedence"
	// FilterControllers: it lets domain controllers through. Args: filter, gained, right-query.
	FilterControllers Code = "wmi-domain-controllers"
	// FilterExcluded: it keeps out clients or member servers. Args: filter, lost, right-query.
	FilterExcluded Code = "wmi-excluded"
	// WindowsOfRole: some versions of Windows in one role, in ranges. Args: role, first, last.
	WindowsOfRole Code = "windows-of-role"
	// WindowsOfEveryRole: all that have connection security rules. Args: role.
	WindowsOfEveryRole Code = "all-windows-of-role"
)

// Why it is not known whether a WMI filter is true.
const (
	// QueryOfFilter: the query of a filter that something is about. Args: ordinal, why.
	QueryOfFilter Code = "wmi-query"
	// PropertyUnknown: what a property of a Windows is, is not known. Args: property, windows.
	PropertyUnknown Code = "wmi-property-unknown"
	// PropertyAmbiguous: it is one of several. Args: property, windows, values.
	PropertyAmbiguous Code = "wmi-property-ambiguous"
	// NumberAgainstText: a number and a string may be compared in two ways. Args: property, comparison.
	NumberAgainstText Code = "wmi-number-against-text"
	// CaptionUnknown: the caption has more in it than the release. Args: windows, comparison.
	CaptionUnknown Code = "wmi-caption-unknown"
)

// Why the query of a WMI filter is refused, or not understood. Args: offset, in octets.
const (
	// CurlyQuotes: typographic quotes stand where WQL wants straight ones. Args: offset.
	CurlyQuotes Code = "wql-curly-quotes"
	// QueryNotUnderstood: something in a query is not known here. Args: offset, why.
	QueryNotUnderstood Code = "wql-not-understood"
	// WQLKeyword: a keyword or sign is missing. Args: found, want.
	WQLKeyword Code = "wql-keyword-missing"
	// WQLNoProperty: a property is missing. Args: found.
	WQLNoProperty Code = "wql-property-missing"
	// WQLNoComparison: an operator is missing. Args: found.
	WQLNoComparison Code = "wql-comparison-missing"
	// WQLNoConstant: a constant is missing. Args: found.
	WQLNoConstant Code = "wql-constant-missing"
	// WQLTrailing: something stands after the query. Args: found.
	WQLTrailing Code = "wql-trailing"
	// WQLClass: it asks for another class. Args: found.
	WQLClass Code = "wql-class"
	// WQLProperty: the class has no such property. Args: found, class.
	WQLProperty Code = "wql-property"
	// WQLNotLike: NOT stands before LIKE. It has no argument.
	WQLNotLike Code = "wql-not-like"
	// WQLDeep: it is nested too deep. Args: most.
	WQLDeep Code = "wql-too-deep"
	// WQLLanguage: it is in another language. Args: language.
	WQLLanguage Code = "wql-language"
	// WQLNamespace: it is in another namespace. Args: namespace, want.
	WQLNamespace Code = "wql-namespace"
	// WQLCharacter: a character that is in no query. Args: character, point.
	WQLCharacter Code = "wql-character"
	// WQLBackslash: a backslash escapes what it cannot. It has no argument.
	WQLBackslash Code = "wql-backslash"
	// WQLOpenQuote: a quote is not closed. Args: quote.
	WQLOpenQuote Code = "wql-open-quote"
	// WQLNumber: a number is none. Args: found.
	WQLNumber Code = "wql-number"
	// WQLLike: LIKE has no usable constant. Args: comparison.
	WQLLike Code = "wql-like-constant"
	// WQLPattern: a part of a pattern of LIKE is not documented. Args: comparison, part.
	WQLPattern Code = "wql-pattern"
	// WQLNumberPattern: a pattern stands against a number. Args: comparison.
	WQLNumberPattern Code = "wql-pattern-for-number"
	// WQLConstant: what WMI makes of a constant is not documented. Args: comparison, type.
	WQLConstant Code = "wql-constant"
	// WQLBooleanOrder: a Boolean has no order. Args: comparison.
	WQLBooleanOrder Code = "wql-boolean-order"
	// WQLBoolean: a constant is no Boolean. Args: comparison.
	WQLBoolean Code = "wql-boolean"
	// WQLType: comparisons of a property are not known here. Args: comparison.
	WQLType Code = "wql-type"
)

// What is wrong with msWMI-Parm2, which holds the queries of a WMI filter. Args:
// offset, in UTF-16 code units; field, which is count, language, namespace or text,
// and ordinal, of the query that it is of.
const (
	// Parm2Long: it is longer than what is read. Args: octets, most.
	Parm2Long Code = "parm2-too-long"
	// Parm2Encoding: it is not UTF-8. It has no argument.
	Parm2Encoding Code = "parm2-not-utf-8"
	// Parm2Trailing: something follows the last query. Args: offset, found, count.
	Parm2Trailing Code = "parm2-trailing"
	// Parm2Missing: a number is missing. Args: offset, field, ordinal, found.
	Parm2Missing Code = "parm2-number-missing"
	// Parm2Number: a number is none. Args: offset, field, ordinal, found.
	Parm2Number Code = "parm2-not-a-number"
	// Parm2Range: a number is too small or too large. Args: offset, field, ordinal, found, least, most.
	Parm2Range Code = "parm2-number-out-of-range"
	// Parm2Short: a field is shorter than said. Args: offset, field, ordinal, length, left.
	Parm2Short Code = "parm2-field-short"
	// Parm2Length: a field is longer than said. Args: offset, field, ordinal, length, found.
	Parm2Length Code = "parm2-field-long"
)
