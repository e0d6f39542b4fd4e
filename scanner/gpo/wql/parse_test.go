package wql

import (
	"errors"
	"strings"
	"testing"
)

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
	for _, tt := range []struct{ query, want string }{
		{" ", "the end where SELECT should be"},
		{"DELETE FROM Win32_OperatingSystem", `"DELETE" where SELECT should be`},
		{"SELECT FROM Win32_OperatingSystem", `"Win32_OperatingSystem" where FROM should be`},
		{"SELECT *, Version FROM Win32_OperatingSystem", `"," where FROM should be`},
		{"SELECT Versio FROM Win32_OperatingSystem", `"Versio" is no property that Microsoft documents of Win32_OperatingSystem`},
		{"SELECT * FROM Win32_Processor", `the class "Win32_Processor"`},
		{"SELECT * FROM meta_class WHERE __this ISA 'Win32_OperatingSystem'", `the class "meta_class"`},
		{"ASSOCIATORS OF {Win32_OperatingSystem}", `the character '{' (U+007B)`},
		{"SELECT * FROM Win32_OperatingSystem WITHIN 5", `"WITHIN" after the query`},
		{"SELECT * FROM Win32_OperatingSystem;", `the character ';'`},
		{"SELECT * FROM Win32_OperatingSystem WHERE", "the end where a comparison should be"},
		{os + "Version", "the end where a comparison should be"},
		{os + "Version ==", `"=" where a constant should be`},
		{os + "Version = Version", `"Version" where a constant should be`},
		{os + "1 = 1", `"1" where a property should be`},
		{os + "Version NOT LIKE '6.%'", "NOT LIKE: WMI wants NOT before the property"},
		{os + "'6.%' LIKE Version", `"6.%" where a property should be`},
		{os + "Version ISA 'x'", `"ISA" where a comparison should be`},
		{os + "Version IN ('6', '10')", `"IN" where a comparison should be`},
		{os + "Version IS '6'", `"6" where NULL should be`},
		{os + "Version = NULL", `"NULL" where a constant should be`},
		{os + "Versio = '10'", `"Versio" is no property`},
		{os + "(Version = '10'", "the end where ) should be"},
		{os + "Version = '10')", `")" after the query`},
		{os + "Version = '10", "the quote ' is not closed"},
		{os + `Version = 'a\b'`, "a backslash that is not before"},
		{os + `Version LIKE '%\\%'`, "LIKE wants a string constant, without backslashes"},
		{os + "Version LIKE 6", "LIKE wants a string constant"},
		{os + "Version LIKE '6.['", "a [ without its ]"},
		{os + "Version >= 6.2", "not documented"},
		{os + "Version >= 06", "not documented"},
		{os + "Version >= -6", "not documented"},
		{os + "Version < 4294967296", "not documented"},
		{os + "Version = TRUE", "not documented"},
		{os + "ProductType = 1.0", "not documented"},
		{os + "ProductType = 'one'", "not documented"},
		{os + "ProductType LIKE '[13]'", "WBEM_E_INVALID_QUERY"},
		{os + "Primary > FALSE", "a Boolean is compared with = and <> only"},
		{os + "Primary = 'perhaps'", "no Boolean constant"},
		{os + "LastBootUpTime > '20260101'", "comparisons of this property"},
		{os + "Version\u00a0= '10'", `the character '\u00a0' (U+00A0)`},
		{os + "Version = 10.0.1", `a number that begins "10.0."`},
		{os + "Version = 6x", `a number that begins "6x"`},
		{os + "Version = .", `a number that begins "."`},
		{os + strings.Repeat("(", 200), "parentheses deeper than 100"},
		{os + strings.Repeat("NOT ", 200), "NOT deeper than 100"},
	} {
		t.Run(tt.query, func(t *testing.T) {
			f := parsed(t, tt.query)
			err := f.Err()
			if err == nil || !strings.Contains(err.Error(), "not understood here, offset ") || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v", err)
			}
			if gets, misses, _ := f.Coverage(); gets != nil || misses != nil {
				t.Errorf("answered: %v, %v", gets, misses)
			}
		})
	}
}

func TestOtherNamespacesAndLanguages(t *testing.T) {
	for parm2, want := range map[string]string{
		`1;3;8;35;WQL;root\wmi;SELECT * FROM Win32_OperatingSystem;`:    `the namespace "root\\wmi"`,
		`1;3;10;35;CQL;root\CIMv2;SELECT * FROM Win32_OperatingSystem;`: `the query language "CQL"`,
	} {
		f, err := ParseFilter(parm2)
		if err != nil {
			t.Fatal(err)
		}
		if a := f.Evaluate(Table()[0]); a.Truth != Unknown || !strings.Contains(a.Reason, want) {
			t.Errorf("%s: got %v", parm2, a)
		}
	}
	// Neither case nor the slash make another namespace.
	f, err := ParseFilter(`1;3;10;35;wql;ROOT/cimv2;SELECT * FROM Win32_OperatingSystem;`)
	if a := f.Evaluate(Table()[0]); err != nil || a.Truth != Yes {
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
		if !errors.Is(f.Err(), ErrCurlyQuotes) {
			t.Errorf("%s: %v", query, f.Err())
		}
		for _, w := range Table() {
			if a := f.Evaluate(w); a.Truth != No || !strings.Contains(a.Reason, "ends policy application") {
				t.Errorf("%s on %s: %v", query, w, a)
			}
		}
	}
	// Inside a string they are characters like others.
	if err := parsed(t, before+" '\u20186\u2019'").Err(); err != nil {
		t.Error(err)
	}
}
