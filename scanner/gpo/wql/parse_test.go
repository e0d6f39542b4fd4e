package wql

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kmsiso/kmsiso/scanner/reason"
	"github.com/kmsiso/kmsiso/scanner/reason/catalog/catalogtest"
	"github.com/kmsiso/kmsiso/scanner/tri"
)

// says reports whether a list has a reason of a code, or rests on one, that has a
// word among its arguments; "" is any.
func says(l reason.List, code reason.Code, word string) bool {
	return slices.ContainsFunc(slices.Collect(l.All), func(r reason.Reason) bool {
		return r.Is(code) && (word == "" || slices.ContainsFunc(r.Args, func(a reason.Arg) bool {
			return fmt.Sprint(a.Value) == word || slices.Contains(r.Words(a.Name), word)
		}))
	})
}

// parsed reads one query in root\CIMv2.
func parsed(t *testing.T, query string) Filter {
	t.Helper()
	f, err := ParseFilter(Encode(query))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What is not understood, or refused by WMI, must be so as a whole: an
// alternative that could be answered would make a yes of a query that fails.
func TestNotUnderstood(t *testing.T) {
	const os = "SELECT * FROM Win32_OperatingSystem WHERE Version LIKE '10.%' OR "
	for _, tt := range []struct {
		query string
		code  reason.Code
		word  string // of its arguments
	}{
		{" ", reason.WQLKeyword, ""},
		{"DELETE FROM Win32_OperatingSystem", reason.WQLKeyword, "DELETE"},
		{"SELECT FROM Win32_OperatingSystem", reason.WQLKeyword, "Win32_OperatingSystem"},
		{"SELECT *, Version FROM Win32_OperatingSystem", reason.WQLKeyword, ","},
		{"SELECT Versio FROM Win32_OperatingSystem", reason.WQLProperty, "Versio"},
		{"SELECT * FROM Win32_Processor", reason.WQLClass, "Win32_Processor"},
		{"SELECT * FROM meta_class WHERE __this ISA 'Win32_OperatingSystem'", reason.WQLClass, "meta_class"},
		{"ASSOCIATORS OF {Win32_OperatingSystem}", reason.WQLCharacter, "U+007B"},
		{"SELECT * FROM Win32_OperatingSystem WITHIN 5", reason.WQLTrailing, "WITHIN"},
		{"SELECT * FROM Win32_OperatingSystem;", reason.WQLCharacter, "';'"},
		{"SELECT * FROM Win32_OperatingSystem WHERE", reason.WQLNoComparison, ""},
		{os + "Version", reason.WQLNoComparison, ""},
		{os + "Version ==", reason.WQLNoConstant, "="},
		{os + "Version = Version", reason.WQLNoConstant, "Version"},
		{os + "1 = 1", reason.WQLNoProperty, "1"},
		{os + "Version NOT LIKE '6.%'", reason.WQLNotLike, ""},
		{os + "'6.%' LIKE Version", reason.WQLNoProperty, "6.%"},
		{os + "Version ISA 'x'", reason.WQLNoComparison, "ISA"},
		{os + "Version IN ('6', '10')", reason.WQLNoComparison, "IN"},
		{os + "Version IS '6'", reason.WQLKeyword, "6"},
		{os + "Version = NULL", reason.WQLNoConstant, "NULL"},
		{os + "Versio = '10'", reason.WQLProperty, "Versio"},
		{os + "(Version = '10'", reason.WQLKeyword, ")"},
		{os + "Version = '10')", reason.WQLTrailing, ")"},
		{os + "Version = '10", reason.WQLOpenQuote, "'"},
		{os + `Version = 'a\b'`, reason.WQLBackslash, ""},
		{os + `Version LIKE '%\\%'`, reason.WQLLike, ""},
		{os + "Version LIKE 6", reason.WQLLike, ""},
		{os + "Version LIKE '6.['", reason.WQLPattern, "["},
		{os + "Version >= 6.2", reason.WQLConstant, "string"},
		{os + "Version >= 06", reason.WQLConstant, "string"},
		{os + "Version >= -6", reason.WQLConstant, "string"},
		{os + "Version < 4294967296", reason.WQLConstant, "string"},
		{os + "Version = TRUE", reason.WQLConstant, "string"},
		{os + "ProductType = 1.0", reason.WQLConstant, "number"},
		{os + "ProductType = 'one'", reason.WQLConstant, "number"},
		{os + "ProductType LIKE '[13]'", reason.WQLNumberPattern, ""},
		{os + "Primary > FALSE", reason.WQLBooleanOrder, ""},
		{os + "Primary = 'perhaps'", reason.WQLBoolean, ""},
		{os + "LastBootUpTime > '20260101'", reason.WQLType, ""},
		{os + "Version\u00a0= '10'", reason.WQLCharacter, "U+00A0"},
		{os + "Version = 10.0.1", reason.WQLNumber, "10.0."},
		{os + "Version = 6x", reason.WQLNumber, "6x"},
		{os + "Version = .", reason.WQLNumber, "."},
		{os + strings.Repeat("(", 200), reason.WQLDeep, "100"},
		{os + strings.Repeat("NOT ", 200), reason.WQLDeep, "100"},
	} {
		t.Run(tt.query, func(t *testing.T) {
			f := parsed(t, tt.query)
			why := reason.Of(f.Err())
			if !says(why, reason.QueryNotUnderstood, "") || !says(why, tt.code, tt.word) {
				t.Fatalf("got %s", why.Key())
			}
			catalogtest.Complete(t, why)
			if gets, misses, _ := f.Coverage(); gets != nil || misses != nil {
				t.Errorf("answered: %v, %v", gets, misses)
			}
		})
	}
}

func TestOtherNamespacesAndLanguages(t *testing.T) {
	for parm2, want := range map[string]reason.Code{
		`1;3;8;35;WQL;root\wmi;SELECT * FROM Win32_OperatingSystem;`:    reason.WQLNamespace,
		`1;3;10;35;CQL;root\CIMv2;SELECT * FROM Win32_OperatingSystem;`: reason.WQLLanguage,
	} {
		f, err := ParseFilter(parm2)
		if err != nil {
			t.Fatal(err)
		}
		if a := f.Evaluate(Table()[0]); a.Truth != tri.Unknown || !says(a.Why, want, "") {
			t.Errorf("%s: got %v", parm2, a)
		}
	}
	// Neither case nor the slash make another namespace.
	f, err := ParseFilter(`1;3;10;35;wql;ROOT/cimv2;SELECT * FROM Win32_OperatingSystem;`)
	if a := f.Evaluate(Table()[0]); err != nil || a.Truth != tri.Yes {
		t.Errorf("got %v, %v", a, err)
	}
}

func TestCurlyQuotes(t *testing.T) {
	const before = "SELECT * FROM Win32_OperatingSystem WHERE Version >="
	for _, query := range []string{
		"Select * from Win32_OperatingSystem where Version >=\u20186\u2019", // the paper's
		before + " \u201c6\u201d", before + " \u201e6\u201c", before + " \u20186'", before + " '6\u2019",
	} {
		f := parsed(t, query)
		if !errors.Is(f.Err(), ErrCurlyQuotes) || !says(reason.Of(f.Err()), reason.CurlyQuotes, "") {
			t.Errorf("%s: %v", query, f.Err())
		}
		for _, w := range Table() {
			if a := f.Evaluate(w); a.Truth != tri.No {
				t.Errorf("%s on %s: %v", query, w, a)
			}
		}
	}
	// Inside a string they are characters like others.
	if err := parsed(t, before+" '\u20186\u2019'").Err(); err != nil {
		t.Error(err)
	}
}
